"""One conversation wherever anything is kept of it: exported for the person it is of, or erased."""

from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Table, delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from bot.database import forget_deleted
from bot.records.tables import Conversation
from bot.records.tracker import Tracker

COLUMN = "conversation"
TRACKER = "rasa"
"""Under this name Rasa's own events stand in an export."""


class Conversations:
    """Exports and erases.

    A table takes part when it has a column `conversation`. They are looked up in the database itself, so that a table
    which is added later can't be forgotten here.
    """

    def __init__(self, sessions: sessionmaker[Session], tracker: Tracker) -> None:
        self._engine: Engine = sessions.kw["bind"]
        self._tracker = tracker

    def export(self, conversation: str) -> dict[str, list[dict[str, Any]]]:
        """Return all rows that are kept of a conversation, by table; empty when there are none."""
        with self._engine.connect() as connection:
            rows = {
                table.name: [
                    dict(row) for row in connection.execute(select(table).where(_is(table, conversation))).mappings()
                ]
                for table in self._tables
            }
        rows[TRACKER] = list(self._tracker.events(conversation))
        return {name: found for name, found in rows.items() if found}

    def erase(self, conversation: str) -> dict[str, int]:
        """Remove all that is kept of a conversation; return how many rows went, by table."""
        with self._engine.begin() as connection:
            gone = {
                table.name: connection.execute(delete(table).where(_is(table, conversation))).rowcount
                for table in reversed(self._tables)  # what refers to a table goes before it
            }
        forget_deleted(self._engine)
        gone[TRACKER] = self._tracker.erase(conversation)
        return {name: count for name, count in gone.items() if count}

    @cached_property
    def _tables(self) -> list[Table]:
        found = MetaData()
        found.reflect(self._engine)
        return [table for table in found.sorted_tables if _names_conversations(table)]


def _names_conversations(table: Table) -> bool:
    return table.name == Conversation.__tablename__ or COLUMN in table.c


def _is(table: Table, conversation: str) -> ColumnElement[bool]:
    return (table.c.id if table.name == Conversation.__tablename__ else table.c[COLUMN]) == conversation
