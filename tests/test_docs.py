"""The docs name every command, target and setting; none is documented that does not exist."""

import re
from pathlib import Path

from bot.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_every_command_is_in_the_readme():
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    assert set(re.findall(r"`\.venv/bin/techniekpact (\w+)", README)) == commands


def test_every_make_target_is_explained():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)) == targets
    assert {"run", "test", "evaluate", "bench"} <= targets


def test_every_setting_is_documented():
    documented = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "docs/instellingen.md").read_text("utf-8")))
    used: set[str] = set()
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]:
        used.update(
            re.findall(r'(?:environ(?:\.get)?[\[(]|_number\(|_rule\(|_addresses\()"([A-Z_]+)"', path.read_text("utf-8"))
        )
    assert used == documented


def test_links_between_the_docs_lead_somewhere():
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text("utf-8")):
            assert (path.parent / Path(target)).exists(), f"{path.name}: {target}"
