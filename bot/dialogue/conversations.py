"""Rasa's conversations in SQL, in the table that Rasa knows.

Unlike Rasa's SQLTrackerStore it

- never writes two answers through each other: what was written since the conversation was read is
  a conflict, whatever became of the locks;
- reads a conversation in the order in which it was written. Rasa selects by the clock, and loses
  what was said after a clock was set back;
- begins a new page after some turns, so that a long conversation costs no more than a short one;
- keeps of a message what later ones need, and not all that was made of it;
- notices within seconds that the database is gone.
"""

import itertools
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.database import create_tables, open_engine

logger = logging.getLogger(__name__)

TURNS_A_PAGE = 20
"""After so many messages the next one begins a new page. Rasa reads and replays a page at every message."""
KEPT_OF_A_MESSAGE = frozenset({"intent", "entities", "text", "message_id", "metadata"})
"""Of what was understood of a message, what later messages need: not its vector, its rankings and its parts."""
RETRY_SECONDS = 1.0
_EVENTS = SQLTrackerStore.SQLEvent.__table__


class ConflictError(RuntimeError):
    """Somebody wrote in the conversation since it was read."""


@dataclass(frozen=True)
class Stored:
    """What the database had of a conversation when it was read."""

    last_id: int | None = None
    events: int = 0
    turns: int = 0
    slots: dict[str, Any] = field(default_factory=dict)
    in_loop: bool = False


class Conversations(SQLTrackerStore):
    """The tracker store that `endpoints.yml` names."""

    def __init__(self, host: str, domain: Domain | None = None, event_broker: EventBroker | None = None) -> None:
        """Connect to a database, by its address as SQLAlchemy writes it; waits until it is there."""
        self.engine = open_engine(host, "psycopg2")
        self._create_table()
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        TrackerStore.__init__(self, domain, event_broker)

    def _create_table(self) -> None:
        while True:
            try:
                create_tables(self.Base.metadata, self.engine)
                return
            except sa.exc.OperationalError as error:
                logger.warning("The conversations can't be opened yet: %s", error)
                time.sleep(RETRY_SECONDS)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        events = _EVENTS.c
        query = sa.select(events.id, events.data).where(events.sender_id == sender_id).order_by(events.id)
        if not fetch_events_from_all_sessions:
            starts = sa.select(sa.func.max(events.id)).where(
                events.sender_id == sender_id, events.action_name == ACTION_SESSION_START_NAME
            )
            query = query.where(events.id >= sa.func.coalesce(starts.scalar_subquery(), 0))
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        if not rows or not self.domain:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, [json.loads(data) for _, data in rows], self.domain.slots)
        tracker.stored = _stored(tracker, rows[-1].id)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events since the conversation was read, all or none.

        Raises:
            ConflictError: it was written by another since.
        """
        before = getattr(tracker, "stored", Stored())
        new = list(itertools.islice(tracker.events, before.events, None))
        if not new:
            return
        await self.stream_events(tracker)
        rows = [_row(tracker.sender_id, event) for event in itertools.chain(_new_page(before, new), new)]
        newest = sa.select(sa.func.max(_EVENTS.c.id)).where(_EVENTS.c.sender_id == tracker.sender_id)
        with self.engine.begin() as connection:
            _write_alone(connection, tracker.sender_id)
            if connection.scalar(newest) != before.last_id:
                raise ConflictError(tracker.sender_id)
            connection.execute(sa.insert(_EVENTS), rows)
            tracker.stored = _stored(tracker, connection.scalar(newest))


def _stored(tracker: DialogueStateTracker, last_id: int) -> Stored:
    return Stored(
        last_id=last_id,
        events=len(tracker.events),
        turns=sum(isinstance(event, UserUttered) for event in tracker.events),
        slots={name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value},
        in_loop=bool(tracker.active_loop_name),
    )


def _new_page(before: Stored, new: list[Event]) -> Iterator[Event]:
    """Yield what begins a page before these events, as Rasa begins a session: the slots go along.

    The page begins before the newest message, not after it: a message that comes again must find its reply.
    """
    if before.turns < TURNS_A_PAGE or before.in_loop or any(isinstance(event, SessionStarted) for event in new):
        return
    yield ActionExecuted(ACTION_SESSION_START_NAME)
    yield SessionStarted()
    for name, value in before.slots.items():
        yield SlotSet(name, value)
    yield ActionExecuted(ACTION_LISTEN_NAME)


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    if understood := data.get("parse_data"):
        data["parse_data"] = {key: value for key, value in understood.items() if key in KEPT_OF_A_MESSAGE}
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _write_alone(connection: sa.engine.Connection, sender_id: str) -> None:
    """Let nobody else write in this conversation until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": sender_id})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
