"""Every example question looked up as if it were none itself: is it under the right item, and is the item found?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.knowledge.search import Index

REACHED = 3
"""An item is reachable when one of its examples finds it among this many."""
CHUNK = 500


@dataclass(frozen=True)
class Found:
    """What one wording finds without itself."""

    text: str
    owner: int
    """The row of the item that it belongs to."""
    winner: int
    """The row of the item that comes first."""
    rank: int
    """How many items come before its own."""
    margin: float
    """How much better the winner fits, on the scale of the search."""


def without_self(index: Index, beliefs: np.ndarray | None = None, chosen: np.ndarray | None = None) -> Iterator[Found]:
    """Look up wordings without themselves.

    Args:
        index: What to look in.
        beliefs: A classifier's belief for each wording, of one that has not learnt from it; shape
            (wordings, items). Without it, only the texts are compared.
        chosen: The rows of the wordings to look up; all of them by default.
    """
    texts, owners, _ = index.wordings
    if beliefs is None:
        beliefs = np.zeros((len(owners), len(index.knowledge.items)))
    chosen = np.arange(len(owners)) if chosen is None else chosen
    for start in range(0, len(chosen), CHUNK):
        rows = chosen[start : start + CHUNK]
        for row, scores in zip(rows, index.scores_without_self(rows, beliefs[rows]), strict=True):
            own, winner = scores[owners[row]], int(scores.argmax())
            rank = int((scores > own).sum())
            yield Found(texts[row], int(owners[row]), winner, rank, float(scores[winner] - own))
