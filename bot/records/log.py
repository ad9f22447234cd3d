"""The log of conversations: each message answered once, read back, judged by the visitor."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from bot.records.tables import Conversation, Exchange, now


class Log:
    """Reads and writes conversations. What it is given must have its personal data masked."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def start(self, conversation: str) -> None:
        """Begin a conversation."""
        with self._sessions.begin() as session:
            session.add(Conversation(id=conversation, started_at=now()))

    def exists(self, conversation: str) -> bool:
        """Tell whether a conversation was begun and not erased."""
        with self._sessions() as session:
            return session.get(Conversation, conversation) is not None

    def add(self, exchange: Exchange) -> None:
        """Keep a message that was answered at once."""
        with self._sessions.begin() as session:
            session.add(exchange)

    def receive(self, channel: str, conversation: str, message_id: str, question: str) -> Exchange:
        """Keep a message that is to be answered, or return it as it is when it came in before."""
        new = Exchange(
            channel=channel,
            conversation=conversation,
            message_id=message_id,
            question=question,
            asked_at=now(),
            attempts=1,
        )
        try:
            self.add(new)
        except IntegrityError:
            earlier = self.find(conversation, message_id)
            if earlier.reply is None:
                self._set(earlier, attempts=Exchange.attempts + 1)
            return earlier
        return new

    def find(self, conversation: str, message_id: str) -> Exchange:
        """Return a message.

        Raises:
            LookupError: there is none of this id in this conversation.
        """
        query = select(Exchange).where(Exchange.conversation == conversation, Exchange.message_id == message_id)
        with self._sessions() as session:
            if (found := session.scalar(query)) is None:
                raise LookupError(message_id)
            return found

    def answer(self, exchange: Exchange, reply: Sequence[Mapping[str, Any]], seconds: float) -> Exchange:
        """Keep the reply to a message, the first when two come with one; return the message with what is kept.

        Raises:
            LookupError: the message was erased meanwhile.
        """
        unanswered = update(Exchange).where(Exchange.id == exchange.id, Exchange.reply.is_(None))
        with self._sessions.begin() as session:
            session.execute(unanswered.values(**reply_columns(reply), seconds=seconds))
        return self.find(exchange.conversation, exchange.message_id)

    def history(self, conversation: str) -> list[Exchange]:
        """Return the answered messages of a conversation, the oldest first."""
        query = (
            select(Exchange)
            .where(Exchange.conversation == conversation, Exchange.reply.is_not(None))
            .order_by(Exchange.id)
        )
        with self._sessions() as session:
            return list(session.scalars(query))

    def before(self, exchange: Exchange) -> Exchange | None:
        """Return the answered message before this one in its conversation, if there is one."""
        query = (
            select(Exchange)
            .where(
                Exchange.conversation == exchange.conversation, Exchange.id < exchange.id, Exchange.reply.is_not(None)
            )
            .order_by(Exchange.id.desc())
            .limit(1)
        )
        with self._sessions() as session:
            return session.scalar(query)

    def age_of_oldest(self) -> float:
        """Return how many seconds ago the oldest message that is kept came in; 0 when there is none."""
        with self._sessions() as session:
            oldest = session.scalar(select(func.min(Exchange.asked_at)))
        return (now() - oldest).total_seconds() if oldest else 0.0

    def judge(self, conversation: str, message_id: str, useful: bool, reason: str | None, comment: str | None) -> None:
        """Keep what a visitor thought of a reply, in the place of what was said of it before.

        Raises:
            LookupError: there is no such message.
        """
        self._set(self.find(conversation, message_id), useful=useful, reason=reason, comment=comment)

    def _set(self, exchange: Exchange, **values: Any) -> None:
        with self._sessions.begin() as session:
            session.execute(update(Exchange).where(Exchange.id == exchange.id).values(values))


def reply_columns(reply: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the columns of an exchange that follow from Rasa's messages."""
    custom = next((message["custom"] for message in reversed(reply) if "custom" in message), {})
    return {
        "reply": [dict(message) for message in reply],
        "kind": custom.get("kind"),
        "items": custom.get("items", []),
        "confidence": custom.get("confidence"),
    }
