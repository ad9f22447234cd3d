"""The tables of the records. A change here needs a migration (`bot/records/migrations`)."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables of the records."""


class Conversation(Base):
    """A conversation that the website channel began; without its row, its token is worth nothing."""

    __tablename__ = "gesprek"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(index=True)


class Exchange(Base):
    """What a visitor said, personal data masked, and what the assistant replied."""

    __tablename__ = "bericht"
    __table_args__ = (
        UniqueConstraint("conversation", "message_id", name="bericht_eenmaal"),
        Index("bericht_gesprek", "conversation", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    conversation: Mapped[str] = mapped_column(String(200))
    message_id: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    question: Mapped[str] = mapped_column(Text)
    reply: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """Rasa's messages; None as long as it is being answered."""
    kind: Mapped[str | None] = mapped_column(String(10))
    items: Mapped[list[str]] = mapped_column(JSON, default=list)
    confidence: Mapped[float | None]
    seconds: Mapped[float | None]
    useful: Mapped[bool | None]
    reason: Mapped[str | None] = mapped_column(String(20))
    comment: Mapped[str | None] = mapped_column(String(1000))
    attempts: Mapped[int] = mapped_column(default=1)
    """How often it was sent until it was answered."""


class Choice(Base):
    """What a visitor chose when asked which question was meant."""

    __tablename__ = "keuze"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(String(200), index=True)
    chosen_at: Mapped[datetime]
    question: Mapped[str] = mapped_column(String(1000))
    offered: Mapped[list[str]] = mapped_column(JSON)
    chosen: Mapped[str] = mapped_column(String(80))


class DayCount(Base):
    """How often something was replied on a day: what is left when the texts of that day are purged."""

    __tablename__ = "dagcijfer"
    __table_args__ = (UniqueConstraint("day", "channel", "kind", "items", name="dagcijfer_eenmaal"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    """Empty for a message that was never answered."""
    items: Mapped[str] = mapped_column(String(500))
    """The ids of the items in the reply, with spaces between."""
    count: Mapped[int]
    useful: Mapped[int]
    not_useful: Mapped[int]


def now() -> datetime:
    """Return the time in UTC, without its zone: every database keeps that alike."""
    return datetime.now(UTC).replace(tzinfo=None)
