"""Other people's examples: the house pipeline and Rasa's own on them, with the real Rasa."""

import json
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app

TRAIN = {
    "weer": ["wat voor weer wordt het", "gaat het morgen regenen", "is het koud buiten", "schijnt de zon vandaag"],
    "muziek": ["speel een liedje", "zet de radio aan", "wat is dit voor nummer", "volgende plaat graag"],
    "wekker": ["maak me om zeven uur wakker", "zet de wekker", "hoe laat gaat mijn wekker", "wekker uit"],
}
TEST = {"weer": ["komt er regen"], "muziek": ["speel iets van abba"], "wekker": ["wekker om zes uur"]}


def write(examples: dict[str, list[str]], path: Path) -> Path:
    blocks = "".join(f"- intent: {name}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
                     for name, texts in examples.items())  # fmt: skip
    path.write_text(f'version: "3.1"\nnlu:\n{blocks}', "utf-8")
    return path


def test_both_pipelines_learn_from_any_rasa_file(tmp_path: Path):
    train, test, result = write(TRAIN, tmp_path / "train.yml"), write(TEST, tmp_path / "test.yml"), tmp_path / "r.json"
    done = CliRunner().invoke(app, ["evaluate", "--train", str(train), "--test", str(test), "--json", str(result)])
    assert done.exit_code == 0, done.output
    figures = json.loads(result.read_text("utf-8"))
    assert figures.keys() == {"house", "stock"}
    for each in figures.values():
        assert {"accuracy", "macro_f1", "train_seconds", "p50_ms"} <= each.keys()
        assert 0 <= each["accuracy"] <= 1
        assert each["train_seconds"] > 0 < each["p50_ms"]
    assert figures["house"]["accuracy"] >= 2 / 3


def test_a_missing_file_or_option_is_told(tmp_path: Path):
    there = write(TRAIN, tmp_path / "train.yml")
    done = CliRunner().invoke(app, ["evaluate", "--train", str(there), "--test", str(tmp_path / "weg.yml")])
    assert (done.exit_code, "bestaat niet" in done.output) == (1, True)
    done = CliRunner().invoke(app, ["evaluate", "--train", str(there)])
    assert (done.exit_code, "allebei" in done.output) == (1, True)
