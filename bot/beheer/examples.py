"""Helps with example questions: says of which it rather looks as if they belong to another item."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.beheer.entries import Entries
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Item
from bot.knowledge.search import Index
from bot.language.encoder import default_encoder
from bot.language.text import key

logger = logging.getLogger(__name__)

ALIKE = 0.6
"""From this similarity on, two wordings ask much the same."""
MARGIN = 0.05
"""How much nearer another item must be than the item itself."""


@dataclass(frozen=True)
class Stray:
    """An example question that lies nearer to another item."""

    wording: str
    item: Item
    nearest: str
    """The wording of the other item that it is like."""
    same: bool
    """Whether they are the same but for case and punctuation."""


class ExampleHelper:
    """Compares wordings with those of all items, as they stand in the files.

    What it needs takes seconds to make, so that is done in the background, at first use and after each change.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._stamp: tuple | None = None

    def index(self) -> Index | None:
        """Return what can be searched now: a moment old perhaps, None as long as nothing is ready."""
        if self._lock.acquire(blocking=False):
            threading.Thread(target=self._renew, name="voorbeeldvragen", daemon=True).start()
        return self._index

    def wait(self) -> Index | None:
        """Return it as it is after the files were looked at."""
        self._lock.acquire()
        self._renew()
        return self._index

    def strays(self, item_id: str, question: str, wordings: Sequence[str]) -> list[Stray]:
        """Return which example questions of an item look as if they belong to another; none until it is ready."""
        index = self.index()
        if index is None or not wordings:
            return []
        texts, rows, known = index.wordings
        items = index.knowledge.items
        others = np.array([items[row].id != item_id for row in rows])
        own = index.vectors([*wordings, question])
        mine = own[:-1]
        to_others = np.where(others, mine @ known.T, -1.0)
        to_own = mine @ own.T
        np.fill_diagonal(to_own, -1.0)
        found = []
        for number, wording in enumerate(wordings):
            best = int(to_others[number].argmax())
            same = key(texts[best]) == key(wording)
            similarity = to_others[number, best]
            if same or (similarity >= ALIKE and similarity > to_own[number].max() + MARGIN):
                found.append(Stray(wording, items[rows[best]], texts[best], same))
        return found

    def _renew(self) -> None:
        """Make the index anew when the files have changed; called with the lock, which it gives back."""
        try:
            stamp = self._entries.stamp()
            if stamp == self._stamp:
                return
            knowledge, _ = self._entries.check()
            if knowledge is not None:  # with a broken file, what was known before helps better than nothing
                encoder = default_encoder()
                self._index = Index(knowledge, encoder, document_encoder(encoder))
            self._stamp = stamp
        except Exception:  # a helper that fails must not keep anybody from saving
            logger.exception("De hulp bij voorbeeldvragen is er niet.")
        finally:
            self._lock.release()
