"""What visitors chose when they were asked which question they meant: what staff learn new wordings from.

Not part of the knowledge store, which can be thrown away and published again: this cannot.
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import JSON, String, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from bot.knowledge.store import open_engine

logger = logging.getLogger(__name__)

DEFAULT_URL = "sqlite:///var/feedback.db"


class Base(DeclarativeBase):
    """The tables of what visitors told."""


class ChoiceRow(Base):
    """One choice after a clarifying question."""

    __tablename__ = "keuze"
    id: Mapped[int] = mapped_column(primary_key=True)
    chosen_at: Mapped[datetime]
    question: Mapped[str] = mapped_column(String(1000))
    offered: Mapped[list[str]] = mapped_column(JSON)
    chosen: Mapped[str] = mapped_column(String(80))


@dataclass(frozen=True)
class Choice:
    """A question that needed a clarification, with the item that visitors meant by it and how often."""

    question: str
    chosen: str
    count: int


class Feedback:
    """Records and lists choices, in any database that SQLAlchemy speaks."""

    def __init__(self, url: str | None = None) -> None:
        """Open the database: FEEDBACK_DATABASE_URL, or a SQLite file."""
        self._engine = open_engine(url or os.environ.get("FEEDBACK_DATABASE_URL") or DEFAULT_URL)
        Base.metadata.create_all(self._engine)
        self._session = sessionmaker(self._engine)

    def record(self, question: str, offered: Sequence[str], chosen: str) -> None:
        """Keep a choice. The question comes from the gateway, so personal data are masked in it."""
        row = ChoiceRow(
            chosen_at=datetime.now(UTC).replace(tzinfo=None),
            question=question[:1000],
            offered=list(offered),
            chosen=chosen,
        )
        try:
            with self._session.begin() as session:
                session.add(row)
        except SQLAlchemyError:  # a visitor's answer never waits for this
            logger.exception("Een keuze van een bezoeker kon niet worden bewaard.")

    def choices(self, limit: int = 100) -> list[Choice]:
        """Return the choices, the most frequent first."""
        count = func.count().label("count")
        query = (
            select(ChoiceRow.question, ChoiceRow.chosen, count)
            .group_by(ChoiceRow.question, ChoiceRow.chosen)
            .order_by(count.desc(), ChoiceRow.question)
            .limit(limit)
        )
        with self._session() as session:
            return [Choice(*row) for row in session.execute(query)]


@cache
def default_feedback() -> Feedback:
    """Return the process-wide store of feedback."""
    return Feedback()
