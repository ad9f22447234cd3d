"""Pipelines side by side on the same examples: what `bot.nlu.trial` found, as figures."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.metrics import macro_f1
from bot.training import RASA_PYTHON, plain, rasa_environment

PIPELINES = Path(__file__).with_name("pipelines")


class TrialFailedError(RuntimeError):
    """Rasa could not train or read the examples; the text says why."""


@dataclass(frozen=True)
class Trial:
    """A pipeline to train on one file of examples and to try on another."""

    name: str
    config: Path
    train: Path
    test: Path


@dataclass(frozen=True)
class Outcome:
    """What a pipeline made of the test examples."""

    name: str
    train_seconds: float
    model_megabytes: float
    expected: Sequence[str]
    rankings: Sequence[Sequence[tuple[str, float]]]
    milliseconds: Sequence[float]

    @property
    def found(self) -> list[str]:
        """The likeliest label of every example; "" when there is none."""
        return [ranking[0][0] if ranking else "" for ranking in self.rankings]

    @property
    def confidence(self) -> np.ndarray:
        """The confidence in the likeliest label; shape (examples,)."""
        return np.array([ranking[0][1] if ranking else 0.0 for ranking in self.rankings])

    def figures(self) -> dict[str, float]:
        """Return accuracy, macro-F1, times and size."""
        right = [found == expected for found, expected in zip(self.found, self.expected, strict=True)]
        return {
            "accuracy": float(np.mean(right)),
            "macro_f1": macro_f1(self.expected, self.found),
            "train_seconds": self.train_seconds,
            "p50_ms": float(np.median(self.milliseconds)),
            "p95_ms": float(np.quantile(self.milliseconds, 0.95)),
            "model_megabytes": self.model_megabytes,
        }


def run_trials(trials: Sequence[Trial]) -> list[Outcome]:
    """Train and try the pipelines, one after the other in one process of Rasa.

    Raises:
        TrialFailedError: Rasa ended with an error.
    """
    with tempfile.TemporaryDirectory(prefix="trials") as folder:
        jobs, results = Path(folder) / "jobs.json", Path(folder) / "results.json"
        described = [
            {"name": t.name, "config": str(t.config), "train": str(t.train), "test": str(t.test)} for t in trials
        ]
        jobs.write_text(json.dumps(described), "utf-8")
        command = [str(RASA_PYTHON), "-m", "bot.nlu.trial", str(jobs), str(results)]
        done = subprocess.run(command, env=rasa_environment(VECTOR_CACHE=str(Path(folder) / "vectors.db")),
                              capture_output=True, text=True, check=False)  # fmt: skip
        if done.returncode or not results.exists():
            raise TrialFailedError(done.stderr.strip()[-3000:])
        return [_outcome(result) for result in json.loads(results.read_text("utf-8"))]


def without(config: Path, component: str, folder: Path) -> Path:
    """Write a pipeline with one component taken out, and return where."""
    pipeline = yaml.safe_load(config.read_text("utf-8"))
    pipeline["pipeline"] = [step for step in pipeline["pipeline"] if not step["name"].endswith(component)]
    path = folder / f"{config.stem}-zonder-{component}.yml"
    path.write_text(yaml.safe_dump(pipeline, sort_keys=False), "utf-8")
    return path


def write_examples(examples: Mapping[str, Sequence[str]], path: Path) -> Path:
    """Write examples by label as Rasa NLU YAML, and return where."""
    blocks = [
        {"intent": label, "examples": "".join(f"- {plain(text)}\n" for text in texts)}
        for label, texts in examples.items()
    ]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10_000), "utf-8")
    return path


def _outcome(result: dict[str, Any]) -> Outcome:
    labelled = result["labelled"]
    return Outcome(
        name=result["name"],
        train_seconds=result["train_seconds"],
        model_megabytes=result["model_bytes"] / 1e6,
        expected=[each["expected"] for each in labelled],
        rankings=[[tuple(entry) for entry in each["ranking"]] for each in labelled],
        milliseconds=[each["ms"] for each in labelled],
    )
