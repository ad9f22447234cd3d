"""What a visitor can start with, and where a human is found: as it was published last."""

import time
from dataclasses import dataclass

from bot.knowledge.schema import Contact, Knowledge
from bot.knowledge.store import Store

POLL_SECONDS = 5.0


@dataclass(frozen=True)
class Start:
    """The questions to start with, and the way to a human."""

    questions: list[str]
    contact: Contact | None


class Starts:
    """Follows the store; a conversation begins with what stands in it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = 0
        self._looked_at = 0.0
        self._knowledge: Knowledge | None = None

    def on(self, topic: str | None) -> Start:
        """Return what to start with on a page about a theme; of no theme, or an unknown one, the general start.

        Raises:
            EmptyStoreError: nothing was ever published.
        """
        knowledge = self._current()
        website = next(iter(knowledge.website), None)
        themes = {theme.id: theme for theme in knowledge.themas}
        if theme := themes.get(topic or ""):
            questions = [theme.knop, *(knowledge.item(item).vraag for item in theme.startvragen)]
        else:
            questions = [themes[each].knop for each in (website.themas if website else ())]
        return Start(questions, website.contact if website else None)

    def _current(self) -> Knowledge:
        due = time.monotonic() - self._looked_at > POLL_SECONDS
        if self._knowledge is None or (due and self._store.version() != self._version):
            self._version, self._knowledge = self._store.load()
        if due:
            self._looked_at = time.monotonic()
        return self._knowledge
