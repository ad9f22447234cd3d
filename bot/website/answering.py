"""From a visitor's text to the reply, the same for every channel; and exactly once where a channel numbers messages."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from bot.language.text import clean, words
from bot.records.log import Log, reply_columns
from bot.records.tables import Exchange, now
from bot.records.tracker import Tracker
from bot.website import replies
from bot.website.masking import mask
from bot.website.metrics import LOG_FAILURES, MASKED, RASA_SECONDS, REPLIES, REPLY_SECONDS
from bot.website.rasa import Assistant, AssistantUnavailableError

logger = logging.getLogger(__name__)

ATTEMPTS = 4
"""How often a message is tried before it is given up, as long as the assistant answers others."""

Reply = list[dict[str, Any]]


class ErasedError(LookupError):
    """The conversation was erased while its message was being answered."""


@dataclass(frozen=True)
class Question:
    """A visitor's text as it may be kept and passed on."""

    text: str
    masked: bool = False
    refused: str | None = None
    """Why it is not passed on, as the visitor reads it."""


def read(text: str, limit: int) -> Question:
    """Return a visitor's text, cleaned and with its personal data masked."""
    text = clean(text)
    if not words(text):
        return Question("", refused=replies.EMPTY)
    if len(text) > limit:
        return Question(mask(text[:limit]), refused=replies.TOO_LONG.format(limit=limit))
    safe = mask(text)
    # A slash in front would let a visitor call Rasa's own commands and fill slots.
    return Question(safe.lstrip("/ "), masked=safe != text)


class Answering:
    """Has Rasa answer, and keeps the log."""

    def __init__(self, assistant: Assistant, log: Log, tracker: Tracker, max_characters: int) -> None:
        self._assistant = assistant
        self._log = log
        self._tracker = tracker
        self._max_characters = max_characters

    async def at_once(self, sender: str, message_id: str, text: str) -> Reply:
        """Answer a message of the REST channel.

        Raises:
            AssistantUnavailableError: Rasa did not answer.
        """
        started = time.monotonic()
        question = read(text, self._max_characters)
        reply = await self._reply(sender, message_id, question)
        exchange = Exchange(
            channel="rest", conversation=sender, message_id=message_id, question=question.text, asked_at=now(),
            seconds=time.monotonic() - started, **reply_columns(reply),
        )  # fmt: skip
        try:
            await run_in_threadpool(self._log.add, exchange)
        except SQLAlchemyError:  # the reply is there: a visitor need not go without it
            LOG_FAILURES.inc()
            logger.exception("Een bericht kon niet in het logboek.")
        REPLY_SECONDS.observe(time.monotonic() - started)
        return reply

    async def once(self, conversation: str, message_id: str, text: str) -> Exchange:
        """Answer a numbered message, or return the reply that it got before.

        Sent twice at once, it is asked twice; Rasa answers it once and gives both that reply.

        Raises:
            AssistantUnavailableError: Rasa did not answer; the same message may be sent again.
            ErasedError: the conversation was erased meanwhile.
            LookupError: the conversation does not exist.
        """
        question = read(text, self._max_characters)
        exchange = await run_in_threadpool(self._log.receive, "website", conversation, message_id, question.text)
        return exchange if exchange.reply is not None else await self._answer(exchange, question)

    async def _answer(self, exchange: Exchange, question: Question) -> Exchange:
        started = time.monotonic()
        try:
            reply = await self._reply(exchange.conversation, exchange.message_id, question)
        except AssistantUnavailableError:
            # All is up, and still this message fails every time: the fault is in what it does.
            if exchange.attempts < ATTEMPTS or await self._assistant.missing():
                raise
            reply = replies.own_reply(exchange.conversation, replies.NO_REPLY)
        try:
            kept = await run_in_threadpool(self._log.answer, exchange, reply, time.monotonic() - started)
        except LookupError as error:
            # Rasa may have written its part after the erasure.
            await run_in_threadpool(self._tracker.erase, exchange.conversation)
            raise ErasedError from error
        REPLY_SECONDS.observe(time.monotonic() - started)
        return kept

    async def _reply(self, conversation: str, message_id: str, question: Question) -> Reply:
        if question.refused:
            return replies.own_reply(conversation, question.refused)
        try:
            with RASA_SECONDS.time():
                reply = await self._assistant.reply(conversation, question.text, message_id)
        except AssistantUnavailableError:
            REPLIES.labels("unavailable").inc()
            raise
        if not reply or "custom" not in reply[-1]:
            reply = [*reply, *replies.own_reply(conversation, replies.NO_REPLY)]
        REPLIES.labels(reply[-1]["custom"]["kind"]).inc()
        if not question.masked:
            return reply
        MASKED.inc()
        return [{"recipient_id": conversation, "text": replies.MASKED}, *reply]
