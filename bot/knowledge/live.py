"""The knowledge as the running assistant sees it: always the version that was published last."""

import logging
import threading
import time

from bot.knowledge.lookup import Lookups
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Knowledge
from bot.knowledge.search import Index
from bot.knowledge.store import Store
from bot.language.encoder import Encoder

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0


class LiveIndex:
    """Follows the store: a new version is indexed in the background and then takes over at once."""

    def __init__(self, store: Store, encoder: Encoder, poll_seconds: float = POLL_SECONDS) -> None:
        self._store = store
        self._encoder = encoder
        self._poll_seconds = poll_seconds
        self._stop = threading.Event()
        self.version, knowledge = store.load()
        self._take_up(knowledge)

    def follow(self) -> None:
        """Start to watch the store, until `close`."""
        threading.Thread(target=self._watch, name="kennis", daemon=True).start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()

    def refresh(self) -> bool:
        """Take the newest version in; return whether there was one."""
        if self._store.version() == self.version:
            return False
        started = time.monotonic()
        version, knowledge = self._store.load()
        self._take_up(knowledge)
        self.version = version
        logger.info("Kennisversie %d in gebruik na %.1f s.", version, time.monotonic() - started)
        return True

    def _take_up(self, knowledge: Knowledge) -> None:
        lookups = Lookups(knowledge)
        self.index = Index(knowledge, self._encoder, document_encoder(self._encoder))
        self.lookups = lookups

    def _watch(self) -> None:
        while not self._stop.wait(self._poll_seconds):
            try:
                self.refresh()
            except Exception:  # a database that is away for a while must not end the watch
                logger.exception("De nieuwste kennis kon niet worden gelezen; de vorige blijft in gebruik.")
