"""The measures of quality. All take arrays with one entry a question."""

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

BINS = 10
KEPT = 0.95


def macro_f1(expected: Sequence[str], found: Sequence[str]) -> float:
    """Return the mean F1 over the labels that occur in `expected`; each label counts alike."""
    labels = sorted(set(expected))
    return float(f1_score(expected, found, labels=labels, average="macro", zero_division=0))


def auroc(inside: np.ndarray, score: np.ndarray) -> float:
    """Return the chance that a question in scope scores above one out of scope; 0.5 is a guess."""
    return float(roc_auc_score(inside, score))


def rejected(inside: np.ndarray, score: np.ndarray, kept: float = KEPT) -> float:
    """Return the part of the questions out of scope below the limit that keeps `kept` of those in scope."""
    limit = np.quantile(score[inside], 1 - kept)
    return float((score[~inside] < limit).mean())


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = BINS) -> list[tuple[float, float, int]]:
    """Return per bin of confidence: the mean confidence, the part that is right, and how many there are."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    filled = [places == n for n in range(bins) if (places == n).any()]
    return [(float(confidence[b].mean()), float(right[b].mean()), int(b.sum())) for b in filled]


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = BINS) -> float:
    """Return the mean distance between confidence and truth over the bins (Naeini et al., 2015)."""
    found = reliability(confidence, right, bins)
    return sum(abs(said - was) * count for said, was, count in found) / len(confidence)


def risk_coverage(confidence: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return coverage and risk when only the surest n are answered, for every n; both of shape (questions,)."""
    order = np.argsort(-confidence, kind="stable")
    counts = np.arange(1, len(order) + 1)
    return counts / len(order), np.cumsum(~right[order]) / counts
