"""What visitors chose when they were asked which question they meant: what staff learn new wordings from."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.records.tables import Choice, now

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counted:
    """A question that needed a clarification, with the item that visitors meant by it and how often."""

    question: str
    chosen: str
    count: int


class Choices:
    """Records and lists choices."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def record(self, conversation: str, question: str, offered: Sequence[str], chosen: str) -> None:
        """Keep a choice. The question comes from the gateway, so personal data are masked in it."""
        choice = Choice(
            conversation=conversation,
            chosen_at=now(),
            question=question[:1000],
            offered=list(offered),
            chosen=chosen,
        )
        try:
            with self._sessions.begin() as session:
                session.add(choice)
        except SQLAlchemyError:  # a visitor's answer never waits for this
            logger.exception("Een keuze van een bezoeker kon niet worden bewaard.")

    def counted(self, limit: int = 100) -> list[Counted]:
        """Return the choices, the most frequent first."""
        count = func.count().label("count")
        query = (
            select(Choice.question, Choice.chosen, count)
            .group_by(Choice.question, Choice.chosen)
            .order_by(count.desc(), Choice.question)
            .limit(limit)
        )
        with self._sessions() as session:
            return [Counted(*row) for row in session.execute(query)]
