"""Rasa's tracker store: what Rasa itself keeps of a conversation, read and erased in its own table.

Rasa has no call to forget a conversation. The table is that of its SQLTrackerStore (Rasa 3.6,
rasa/core/tracker_store.py); each row is one event, in the order in which it happened.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Float, Integer, MetaData, String, Table, Text, delete, func, select
from sqlalchemy.engine import Engine

from bot.database import create_tables, forget_deleted, open_engine

DEFAULT_URL = "sqlite:///var/gesprekken.db"

_METADATA = MetaData()
_EVENTS = Table(
    "events",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False, index=True),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)


def tracker_url() -> str:
    """Return the address of Rasa's tracker store: TRACKER_DATABASE_URL, or a SQLite file."""
    return os.environ.get("TRACKER_DATABASE_URL") or DEFAULT_URL


class Tracker:
    """Reads and erases what Rasa keeps."""

    def __init__(self, url: str | None = None) -> None:
        self._engine: Engine = open_engine(url or tracker_url())
        create_tables(_METADATA, self._engine)

    def events(self, conversation: str) -> Iterator[dict[str, Any]]:
        """Yield the events of a conversation as Rasa wrote them, the oldest first."""
        query = select(_EVENTS.c.data).where(_EVENTS.c.sender_id == conversation).order_by(_EVENTS.c.id)
        with self._engine.connect() as connection:
            for (data,) in connection.execute(query):
                yield json.loads(data)

    def erase(self, conversation: str) -> int:
        """Remove all events of a conversation; return how many there were."""
        deleted = self._delete(_EVENTS.c.sender_id == conversation)
        if deleted:
            forget_deleted(self._engine)
        return deleted

    def count_before(self, moment: datetime) -> int:
        """Return how many events are older than a moment (UTC, without its zone)."""
        query = select(func.count()).select_from(_EVENTS).where(_EVENTS.c.timestamp < _seconds(moment))
        with self._engine.connect() as connection:
            return connection.scalar(query) or 0

    def erase_before(self, moment: datetime) -> int:
        """Remove all events that are older than a moment (UTC, without its zone); return how many there were."""
        deleted = self._delete(_EVENTS.c.timestamp < _seconds(moment))
        forget_deleted(self._engine, at_night=True)
        return deleted

    def _delete(self, which: ColumnElement[bool]) -> int:
        with self._engine.begin() as connection:
            return connection.execute(delete(_EVENTS).where(which)).rowcount


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()
