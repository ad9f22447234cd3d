"""The plots of the quality report, each as PNG and SVG."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from benchmarks import metrics
from benchmarks.questions import kind_of
from benchmarks.replies import Asked
from benchmarks.side_by_side import CURVE, EXAMPLES, HOUSE, SEEDS, STOCK, TFIDF, Compared, curve

if TYPE_CHECKING:
    from benchmarks.load import Figures

mpl.use("Agg")
mpl.rcParams.update({"svg.hashsalt": "techniekpact", "axes.spines.top": False, "axes.spines.right": False})
SIZE = (5.2, 4.2)
CONFUSIONS = 15


def reliability(asked: Sequence[Asked], folder: Path) -> None:
    """Draw how often answers are right by how sure the assistant is."""
    answered = [each for each in asked if kind_of(each.messages) == "answer" and each.confidence is not None]
    confidence, right = np.array([each.confidence for each in answered]), np.array([each.right for each in answered])
    figure, axes = _figure("confidence", "part that is right")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--")
    points = metrics.reliability(confidence, right)
    axes.plot([said for said, _, _ in points], [was for _, was, _ in points], marker="o")
    for said, was, count in points:
        axes.annotate(str(count), (said, was), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), title="Answers: said and true")
    _save(figure, folder / "reliability")


def risk_coverage(asked: Sequence[Asked], folder: Path) -> None:
    """Draw the part of wrong replies when only the surest part of all questions were answered."""
    sure = [each for each in asked if each.confidence is not None and each.question.kind in ("answer", "fallback")]
    right = np.array([each.question.kind == "answer" and each.question.has_facts_in(each.messages) for each in sure])
    coverage, risk = metrics.risk_coverage(np.array([each.confidence for each in sure]), right)
    figure, axes = _figure("part of the questions that is answered", "part of those answers that is wrong")
    axes.plot(coverage, risk)
    axes.set(xlim=(0, 1), ylim=(0, 0.5), title="Risk and coverage")
    _save(figure, folder / "risk_coverage")


def learning_curve(compared: Compared, folder: Path) -> None:
    """Draw the accuracy by number of examples."""
    figure, axes = _figure("examples an item", "right item")
    for pipeline in (HOUSE, STOCK, TFIDF):
        sizes, right = zip(*curve(compared, pipeline), strict=True)
        axes.plot(sizes, right, marker="o", label=pipeline)
    axes.set_xscale("log", base=2)
    axes.set_xticks(CURVE, [str(size) for size in CURVE])
    axes.set(ylim=(0, 1), title="Learning from few examples")
    axes.legend(frameon=False)
    _save(figure, folder / "learning_curve")


def confusions(compared: Compared, folder: Path) -> None:
    """Draw which items the house pipeline takes for which others most often."""
    result = next(r for r in compared.of(HOUSE, EXAMPLES) if r.seed == SEEDS[0])
    pairs = Counter(
        (min(right), label)
        for label, right in zip(result.outcome.found, compared.sample.right, strict=False)
        if label not in right
    ).most_common(CONFUSIONS)
    figure, axes = _figure("questions", "", (8.5, 5))
    names = [f"{expected} → {found}" for (expected, found), _ in reversed(pairs)]
    axes.barh(names, [count for _, count in reversed(pairs)])
    axes.tick_params(axis="y", labelsize=8)
    axes.set_title("Taken for another item (house pipeline, 8 examples)")
    _save(figure, folder / "confusions")


def load(measured: Sequence["Figures"], folder: Path) -> None:
    """Draw messages a second and waiting by number of clients, latency by turn, and memory over time."""
    for name, key, label in (
        ("load_throughput", "per_second", "messages a second"),
        ("load_p95", "p95_ms", "95th percentile (ms)"),
    ):
        figure, axes = _figure("clients", label)
        for each in measured:
            axes.plot(
                [row["clients"] for row in each.rows], [row[key] for row in each.rows], marker="o", label=each.name
            )
        axes.set_xscale("log", base=2)
        clients = [row["clients"] for row in measured[0].rows]
        axes.set_xticks(clients, [str(number) for number in clients])
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, fontsize=8)
        _save(figure, folder / name)
    for name, part, x, y, labels in (
        ("load_turns", "turns", "turn", "p50_ms", ("turn of a conversation", "median (ms)")),
        ("load_memory", "memory", "seconds", "mb", ("seconds under load", "memory of all processes (MB)")),
    ):
        figure, axes = _figure(*labels)
        for each in measured:
            rows = getattr(each, part)
            axes.plot([row[x] for row in rows], [row[y] for row in rows], marker=".", label=each.name)
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, fontsize=8)
        _save(figure, folder / name)


def _figure(x: str, y: str, size: tuple[float, float] = SIZE) -> tuple[Figure, mpl.axes.Axes]:
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.add_subplot()
    axes.set(xlabel=x, ylabel=y)
    return figure, axes


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path.with_suffix(".png"), dpi=110, metadata={"Software": None})
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
