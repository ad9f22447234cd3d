"""The example questions, each looked up without itself: are they under the right item, and can every item be found?

Leave-one-out over the vectors of all wordings: an example is compared with every other example and
every answer, by the same fusion as a visitor's question but without the classifier and BM25, which
have seen it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.search import Index

FEW_EXAMPLES = 6
REACHED = 3
"""An item is reachable when one of its examples finds it among this many."""
LOST = 10
"""An example that does not find its own item among this many may stand under the wrong one."""
STOLEN = 3
"""Pairs of items are reported from this many examples on that one takes from the other."""
CHUNK = 500


@dataclass(frozen=True)
class Misplaced:
    """An example question that lies far from its own item and near another."""

    text: str
    item: str
    nearer: str


@dataclass(frozen=True)
class ExampleReport:
    """What leave-one-out over the example questions shows."""

    accuracy: float
    """The part of the examples that finds its own item first."""
    unreachable: Sequence[str]
    few: Sequence[str]
    stealing: Sequence[tuple[str, str, int]]
    """Item, the item that takes its examples, and how many."""
    misplaced: Sequence[Misplaced]


def examine(index: Index) -> ExampleReport:
    """Look up every example without itself."""
    items = index.knowledge.items
    texts, owners = index.wordings
    ranks, winners = _leave_one_out(index, owners)
    reached = {items[owner].id for owner, rank in zip(owners, ranks, strict=True) if rank < REACHED}
    taken = Counter(
        (items[owner].id, items[winner].id) for owner, winner in zip(owners, winners, strict=True) if owner != winner
    )
    misplaced = [
        Misplaced(text, items[owner].id, items[winner].id)
        for text, owner, winner, rank in zip(texts, owners, winners, ranks, strict=True)
        if rank >= LOST
    ]
    return ExampleReport(
        accuracy=float((ranks == 0).mean()),
        unreachable=[item.id for item in items if item.id not in reached],
        few=[item.id for item in items if len(item.voorbeeldvragen) < FEW_EXAMPLES],
        stealing=[(item, thief, count) for (item, thief), count in taken.most_common() if count >= STOLEN],
        misplaced=misplaced,
    )


def _leave_one_out(index: Index, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for every example how many items come before its own, and which item comes first."""
    ranks, winners = np.empty(len(owners), dtype=int), np.empty(len(owners), dtype=int)
    for start in range(0, len(owners), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(owners)))
        for row, scores in zip(rows, index.scores_without_self(rows), strict=True):
            ranks[row] = int((scores > scores[owners[row]]).sum())
            winners[row] = int(scores.argmax())
    return ranks, winners
