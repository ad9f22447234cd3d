"""Multinomial logistic regression, for the size and the time that this house needs.

For some hundred labels and many thousands of examples, scikit-learn's full-batch solvers take ten to
twenty seconds on two cores where stochastic steps take two. Plain numpy; needs no Rasa.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax
from threadpoolctl import threadpool_limits

SEED = 20261125
STEPS, BATCH, RATE = 300, 512, 0.05
FIRST, SECOND, TINY = 0.9, 0.999, 1e-8
"""Adam's decay of the mean and of the square of the gradient, and what keeps it from dividing by nothing."""


@dataclass(frozen=True)
class SoftmaxRegression:
    """A fitted model; `probabilities` of features of shape (n, dimensions) has shape (n, labels)."""

    weights: np.ndarray
    """Shape (dimensions, labels), float32."""
    bias: np.ndarray
    """Shape (labels,), float32."""
    labels: Sequence[str]

    @classmethod
    def fit(cls, features: np.ndarray, labels: Sequence[str], c: float, steps: int = STEPS) -> "SoftmaxRegression":
        """Minimize the mean cross-entropy plus the squared weights over `2 * c * n`, as scikit-learn's C does.

        Adam (Kingma & Ba, 2015) over random batches, with a rate that falls to nothing. The number
        of steps does not grow with the data: on unseen questions more steps were no better.

        Args:
            features: shape (n, dimensions).
            labels: one for each row.
            c: the inverse strength of the penalty.
            steps: the number of batches.
        """
        names, targets = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
        rows = np.hstack([features, np.ones((len(features), 1))]).astype(np.float32)
        weights = np.zeros((rows.shape[1], len(names)), dtype=np.float32)
        mean, square = np.zeros_like(weights), np.zeros_like(weights)
        with threadpool_limits(2):
            for step, batch in enumerate(_batches(len(rows), steps), start=1):
                gradient = _gradient(rows[batch], targets[batch], weights) + _penalty(weights, c * len(rows))
                mean += (1 - FIRST) * (gradient - mean)
                square += (1 - SECOND) * (gradient**2 - square)
                rate = RATE * (1 - step / steps) * np.sqrt(1 - SECOND**step) / (1 - FIRST**step)
                weights -= rate * mean / (np.sqrt(square) + TINY)
        return cls(weights[:-1], weights[-1], names.tolist())

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return the probability of each label for each row of features."""
        return softmax(features.astype(np.float32) @ self.weights + self.bias, axis=1)


def _batches(size: int, steps: int) -> Iterator[np.ndarray]:
    """Yield so many batches of row numbers; every row comes by once before any comes by again."""
    random, order = np.random.default_rng(SEED), np.empty(0, dtype=int)
    for _ in range(steps):
        if not len(order):
            order = random.permutation(size)
        yield order[:BATCH]
        order = order[BATCH:]


def _gradient(rows: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
    scores = softmax(rows @ weights, axis=1)
    scores[np.arange(len(rows)), targets] -= 1
    return rows.T @ scores / len(rows)


def _penalty(weights: np.ndarray, strength: float) -> np.ndarray:
    penalty = weights / np.float32(strength)
    penalty[-1] = 0  # the bias
    return penalty
