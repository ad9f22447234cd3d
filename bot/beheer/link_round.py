"""One round along all addresses at a time, whoever asked for it: a member of staff or the command line."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.orm import Session, sessionmaker

from bot.beheer.care import addresses, source_addresses
from bot.beheer.links import Found, LinkChecker, check_and_keep
from bot.knowledge.schema import Knowledge

logger = logging.getLogger(__name__)


class RoundBusyError(RuntimeError):
    """A round is under way."""


class LinkRound:
    """Checks all addresses of the knowledge, here or in the background."""

    def __init__(self, sessions: sessionmaker[Session], state: Path) -> None:
        self._sessions = sessions
        self._lock = FileLock(state / "links.lock", timeout=0, thread_local=False)
        self.progress: tuple[int, int] | None = None
        """How many are done, of how many; None when no round of this process is under way."""
        self.message = ""
        """What came of the last round of this process."""

    def run(self, knowledge: Knowledge, report: Callable[[int, int], None] | None = None) -> list[Found]:
        """Go along all addresses; takes minutes.

        Raises:
            RoundBusyError: a round is under way.
        """
        self._begin()
        return self._go(knowledge, report or self._report)

    def start(self, knowledge: Knowledge) -> None:
        """Do the same in the background.

        Raises:
            RoundBusyError: a round is under way.
        """
        self._begin()
        self.progress = (0, len(addresses(knowledge)))
        threading.Thread(target=self._go, args=(knowledge, self._report), name="links", daemon=True).start()

    def _begin(self) -> None:
        Path(self._lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout:
            raise RoundBusyError("De adressen worden al nagekeken.") from None

    def _go(self, knowledge: Knowledge, report: Callable[[int, int], None]) -> list[Found]:
        try:
            found = check_and_keep(
                addresses(knowledge), source_addresses(knowledge), self._sessions, LinkChecker(report)
            )
            self.message = summary(found)
            return found
        except Exception:
            logger.exception("Het nakijken van de adressen is mislukt.")
            self.message = "Het nakijken is mislukt. Probeer het later opnieuw."
            raise
        finally:
            self.progress = None
            self._lock.release()

    def _report(self, done: int, total: int) -> None:
        self.progress = (done, total)


def summary(found: list[Found]) -> str:
    """Return in one sentence what a round found."""
    unseen = sum(each.outcome == "geen verbinding" for each in found)
    if found and unseen == len(found):
        return "Er is geen verbinding met het internet. Er is niets veranderd aan wat bekend was."
    broken = sum(each.outcome in ("weg", "fout") for each in found)
    text = f"{len(found) - unseen} adressen nagekeken, {broken} werken niet."
    return f"{text} Aan {unseen} kwamen we niet toe." if unseen else text
