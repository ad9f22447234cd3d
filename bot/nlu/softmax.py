"""Multinomial logistic regression, for the size and the time that this house needs.

scikit-learn's version that Rasa pins computes it in double precision, which takes twice as long
for some hundred labels. Plain numpy and scipy; needs no Rasa.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax
from threadpoolctl import threadpool_limits


@dataclass(frozen=True)
class SoftmaxRegression:
    """A fitted model; `probabilities` of features of shape (n, dimensions) has shape (n, labels)."""

    weights: np.ndarray
    """Shape (dimensions, labels), float32."""
    bias: np.ndarray
    """Shape (labels,), float32."""
    labels: Sequence[str]

    @classmethod
    def fit(cls, features: np.ndarray, labels: Sequence[str], c: float, iterations: int) -> "SoftmaxRegression":
        """Minimize `c` times the cross-entropy plus half the squared weights, for so many steps of L-BFGS.

        It starts from zero and stops early, which keeps the weights small as the penalty does: on
        unseen questions some thirty steps were better than convergence.

        Args:
            features: shape (n, dimensions).
            labels: one for each row.
            c: the inverse strength of the penalty, as in scikit-learn.
            iterations: the number of steps (Liu & Nocedal, 1989).
        """
        names, targets = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
        rows = np.hstack([features, np.ones((len(features), 1))]).astype(np.float32)
        picked = np.arange(len(rows)), targets
        shape = (rows.shape[1], len(names))

        def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
            weights = flat.reshape(shape).astype(np.float32)
            scores = rows @ weights
            scores -= scores.max(axis=1, keepdims=True)
            right = scores[picked]
            np.exp(scores, out=scores)
            totals = scores.sum(axis=1)
            scores /= totals[:, None]
            scores[picked] -= 1
            penalized = weights / c
            penalized[-1] = 0  # the bias
            value = (np.log(totals) - right).sum(dtype=np.float64) + float((penalized * weights).sum()) / 2
            return float(value), (rows.T @ scores + penalized).ravel().astype(np.float64)

        with threadpool_limits(2):
            found = minimize(
                loss, np.zeros(np.prod(shape)), jac=True, method="L-BFGS-B", options={"maxiter": iterations}
            )
        fitted = found.x.reshape(shape).astype(np.float32)
        return cls(fitted[:-1], fitted[-1], names.tolist())

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return the probability of each label for each row of features."""
        with threadpool_limits(1):
            return softmax(features.astype(np.float32) @ self.weights + self.bias, axis=1)
