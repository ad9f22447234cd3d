"""The house pipeline beside the stock one on examples that others made: `techniekpact evaluate --train … --test …`."""

import json
from pathlib import Path

from benchmarks.rasa_trial import PIPELINES, Outcome, Trial, TrialFailedError, run_trials

_ROWS = (
    ("Accuracy", "accuracy", ".3f"),
    ("Macro-F1", "macro_f1", ".3f"),
    ("Training (s)", "train_seconds", ".1f"),
    ("One message, median (ms)", "p50_ms", ".1f"),
    ("One message, 95th percentile (ms)", "p95_ms", ".1f"),
    ("Model (MB)", "model_megabytes", ".1f"),
)


def compare(train: Path, test: Path) -> dict[str, dict[str, float]]:
    """Return the figures of both pipelines, trained on one file and tried on the other, in one run.

    Raises:
        TrialFailedError: a file is not there, is no Rasa NLU YAML, or has no examples with an intent.
    """
    for path in (train, test):
        if not path.exists():
            raise TrialFailedError(f"Het bestand {path} bestaat niet.")
    outcomes = run_trials([Trial(name, PIPELINES / f"{file}.yml", train, test)
                           for name, file in (("house", "huis"), ("stock", "stock"))])  # fmt: skip
    return {outcome.name: figures_of(outcome) for outcome in outcomes}


def figures_of(outcome: Outcome) -> dict[str, float]:
    """Return the rounded figures of one pipeline."""
    return {name: round(value, 4) for name, value in outcome.figures().items()}


def table(figures: dict[str, dict[str, float]]) -> str:
    """Return the comparison as a Markdown table."""
    lines = ["| | house | stock |", "|---|---:|---:|"]
    lines += [
        f"| {title} | {figures['house'][key]:{form}} | {figures['stock'][key]:{form}} |" for title, key, form in _ROWS
    ]
    return "\n".join(lines)


def write_json(figures: dict[str, dict[str, float]], path: Path) -> None:
    """Keep the figures as JSON."""
    path.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
