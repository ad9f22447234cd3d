"""The example questions, each looked up without itself: are they under the right item, and can every item be found?

An example is compared with every other example and every answer, and labelled by a classifier that
has not learnt from it (cross-fitting over five folds), fused as for a visitor's question.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import KFold

from bot.knowledge.leave_one_out import REACHED, without_self
from bot.knowledge.search import Index
from bot.nlu.softmax import SoftmaxRegression

FEW_EXAMPLES = 6
LOST = 10
"""An example that does not find its own item among this many may stand under the wrong one."""
STOLEN = 4
"""Pairs of items are reported from this many examples on that one takes from the other."""
FOLDS, SEED = 5, 20261125
C, SCALE = 10.0, 3.0  # as in config.yml's classifier


@dataclass(frozen=True)
class Misplaced:
    """An example question that lies far from its own item and near another."""

    text: str
    item: str
    nearer: str
    margin: float
    """How much better the other item fits, on the scale of the search."""


@dataclass(frozen=True)
class ExampleReport:
    """What leave-one-out over the example questions shows."""

    accuracy: float
    """The part of the examples that finds its own item first."""
    unreachable: Sequence[str]
    few: Sequence[str]
    stealing: Sequence[tuple[str, str, int]]
    """Item, the item that takes its examples, and how many; the most first."""
    misplaced: Sequence[Misplaced]
    """The clearest first."""


def examine(index: Index) -> ExampleReport:
    """Look up every example without itself."""
    items = index.knowledge.items
    found = list(without_self(index, _cross_fitted(index)))
    reached = {each.owner for each in found if each.rank < REACHED}
    taken = Counter((each.owner, each.winner) for each in found if each.rank)
    misplaced = [
        Misplaced(each.text, items[each.owner].id, items[each.winner].id, each.margin)
        for each in found
        if each.rank >= LOST
    ]
    return ExampleReport(
        accuracy=float(np.mean([each.rank == 0 for each in found])),
        unreachable=[item.id for row, item in enumerate(items) if row not in reached],
        few=[item.id for item in items if len(item.voorbeeldvragen) < FEW_EXAMPLES],
        stealing=[
            (items[owner].id, items[thief].id, count)
            for (owner, thief), count in taken.most_common()
            if count >= STOLEN
        ],
        misplaced=sorted(misplaced, key=lambda each: -each.margin),
    )


def _cross_fitted(index: Index) -> np.ndarray:
    """Return the belief of classifiers that have not learnt from the example itself; shape (wordings, items)."""
    _, owners, vectors = index.wordings
    labels, features = [f"{owner:06d}" for owner in owners], vectors * SCALE
    beliefs = np.zeros((len(owners), len(index.knowledge.items)))
    for learnt, held_out in KFold(FOLDS, shuffle=True, random_state=SEED).split(features):
        model = SoftmaxRegression.fit(features[learnt], [labels[row] for row in learnt], C)
        known = [int(label) for label in model.labels]
        beliefs[np.ix_(held_out, known)] = model.probabilities(features[held_out])
    return beliefs
