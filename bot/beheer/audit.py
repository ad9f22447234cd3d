"""The audit log: what was done, when and by whom. Nothing in it is ever changed."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from bot.records.accounts import AuditEntry
from bot.records.tables import now


class AuditLog:
    """Writes and lists what was done."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def note(self, who: str, what: str, about: str = "", detail: str = "") -> None:
        """Write down that `who` did `what` to `about`."""
        with self._sessions.begin() as session:
            session.add(entry(who, what, about, detail))

    def page(self, number: int, size: int) -> tuple[Sequence[AuditEntry], int]:
        """Return the entries of a page, the newest first (the first page is 1), and how many there are in all."""
        query = select(AuditEntry).order_by(AuditEntry.id.desc()).offset((number - 1) * size).limit(size)
        with self._sessions() as session:
            return session.scalars(query).all(), session.scalar(select(func.count(AuditEntry.id))) or 0


def entry(who: str, what: str, about: str = "", detail: str = "") -> AuditEntry:
    """Return an entry, to be added in the transaction of what it tells of."""
    return AuditEntry(at=now(), who=who[:60], what=what[:40], about=about[:200], detail=detail[:2000])
