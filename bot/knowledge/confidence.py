"""How sure it is that an item answers a question: what the search saw of both, as one probability.

Platt, 1999, "Probabilistic Outputs for Support Vector Machines": a logistic regression over a few
figures, fitted on the tuning half of `tests/questions` by `make calibrate`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.knowledge.expects import asks_for_now, can_answer, counts_what_is_asked, is_about_years
from bot.knowledge.schema import Item
from bot.knowledge.stems import stems
from bot.language.text import FUNCTION_WORDS, words

FLOOR = 1e-3
"""How near to nothing, or to certainty, a probability still makes a difference."""
MIN_LETTERS = 3


@dataclass(frozen=True)
class Logistic:
    """A fitted logistic regression; features that it does not know say nothing."""

    bias: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, features: Mapping[str, float]) -> float:
        """Return a probability."""
        total = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


@dataclass(frozen=True)
class Coverage:
    """How much of what a question says an item speaks of too, by weight: rare words weigh more. Parts of 1."""

    covered: float
    unknown: float
    """What no item at all speaks of."""
    count: int
    """The number of words with content."""


class Subjects:
    """The word stems of every item. Immutable; threads may share it."""

    def __init__(self, items: Iterable[Item]) -> None:
        texts = (" ".join([item.vraag, *item.voorbeeldvragen, item.antwoord]) for item in items)
        self._known = [frozenset(_content(text)) for text in texts]
        self._frequency = Counter(stem for known in self._known for stem in known)

    def coverage(self, question: str, row: int) -> Coverage:
        """Return how the item in this row covers a question."""
        said = _content(question)
        weights = [math.log(1 + len(self._known) / (1 + self._frequency[stem])) for stem in said]
        total = sum(weights)
        if not total:
            return Coverage(0.0, 1.0, 0)
        covered = sum(weight for stem, weight in zip(said, weights, strict=True) if stem in self._known[row])
        unknown = sum(weight for stem, weight in zip(said, weights, strict=True) if not self._frequency[stem])
        return Coverage(covered / total, unknown / total, len(said))


def fit_of(question: str, item: Item, coverage: Coverage) -> dict[str, float]:
    """Return the features that lie in the question and the text of one item."""
    return {
        "covered": coverage.covered,
        "unknown": coverage.unknown,
        "words": float(coverage.count),
        "length": math.log1p(len(words(question))),
        "can_answer": float(bool(item.opzoeken) or can_answer(question, [item.antwoord])),
        "years": float(is_about_years(question, item.antwoord)),
        "counted": float(bool(item.opzoeken) or counts_what_is_asked(question, item.antwoord)),
        "too_old": float(bool(item.vindplaats) and asks_for_now(question)),
    }


def log_odds(probability: float) -> float:
    """Return the logarithm of the odds of a probability, bounded."""
    return math.log((probability + FLOOR) / (1 - min(probability, 1.0) + FLOOR))


def _content(text: str) -> Sequence[str]:
    return stems(word for word in words(text) if len(word) >= MIN_LETTERS and word not in FUNCTION_WORDS)
