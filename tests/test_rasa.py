"""What only Rasa's own environment can test: its components, its data and its stories."""

import os
import re
import subprocess

import pytest

from bot.knowledge.schema import Knowledge
from bot.training import RASA_PYTHON, is_current, model_path, rasa_environment, train, write_examples
from tests.conftest import ROOT


def run(*arguments: str, **environment: str) -> str:
    done = subprocess.run([str(RASA_PYTHON), "-m", *arguments], cwd=ROOT, env=rasa_environment(**environment),
                          capture_output=True, text=True, check=False)  # fmt: skip
    output = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    assert done.returncode == 0, output[-5000:]
    return output


@pytest.fixture(scope="module")
def model(knowledge: Knowledge) -> str:
    if not is_current(knowledge):
        train(knowledge)
    return str(model_path())


def test_components_inside_rasa():
    for folder in ("tests/nlu", "tests/dialogue"):
        assert " passed" in run("pytest", folder, "--confcutdir", folder, "-c", os.devnull, "-q")


def test_the_data_are_valid(knowledge: Knowledge):
    write_examples(knowledge, ROOT / "var/training/kennis.yml")
    output = run("rasa", "data", "validate", "--data", "data", "var/training", "--domain", "domain.yml")
    assert "No story structure conflicts found" in output
    assert [line for line in output.splitlines() if "labeled with multiple different intents" in line] == []
    assert [line for line in output.splitlines() if "is not listed in the domain" in line] == []


def test_themes_are_intents(knowledge: Knowledge):
    domain = (ROOT / "domain.yml").read_text("utf-8")
    rules = (ROOT / "data/stories/kennis.yml").read_text("utf-8")
    for theme in knowledge.themas:
        assert f"  - {theme.id}\n" in domain
        assert f"- intent: {theme.id}\n" in rules


def test_stories(model: str, tmp_path):
    output = run("rasa", "test", "core", "--model", model, "--stories", "tests/stories", "--out", str(tmp_path),
                 "--fail-on-prediction-errors", "--endpoints", os.devnull)  # fmt: skip
    assert "Correct:          5 / 5" in output
