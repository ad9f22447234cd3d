"""The arrows between the parts of the house point one way."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ("bot", "actions", "benchmarks", "tests")
LEAVES = ("bot.processes", "bot.language", "bot.places", "bot.settings", "bot.database", "bot.logs")

ALLOWED = {
    "bot/language": ("bot.language",),
    "bot/places": ("bot.places", "bot.language"),
    "bot/nlu": ("bot.nlu", "bot.places", "bot.language"),
    "bot/dialogue": ("bot.dialogue", "bot.database"),
    "bot/knowledge": ("bot.knowledge", "bot.places", "bot.language", "bot.database"),
    "bot/records": ("bot.records", "bot.database", "bot.settings"),
    "bot/website": ("bot.website", "bot.knowledge", "bot.records", *LEAVES),
    "actions": ("actions", "bot.knowledge", "bot.records", *LEAVES),
    "bot/beheer": ("bot.beheer", "bot.records", "bot.knowledge", "bot.training", *LEAVES),
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("folder", ALLOWED)
def test_arrows(folder: str):
    wrong = [
        f"{path.relative_to(ROOT)} → {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in imports(path)
        if name.split(".")[0] in HOUSE and not name.startswith(ALLOWED[folder])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "folder", ["bot/knowledge", "bot/places", "bot/language", "bot/records", "bot/website", "bot/beheer"]
)
def test_only_the_components_and_actions_know_rasa(folder: str):
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*.py")
        if any(name.split(".")[0] in ("rasa", "rasa_sdk") for name in imports(path))
    ]
    assert wrong == []


def test_this_environment_has_no_rasa():
    assert "rasa" not in sys.modules
    assert not list((Path(sys.prefix) / "lib").rglob("site-packages/rasa/__init__.py"))
