"""The channel between the gateway and Rasa: a message is answered once, or it is said that it was not.

Rasa's own REST channel answers 200 with whatever was collected when an action, the database or a
lock fails. And it knows no ids, so a message that is sent again is answered again.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from secrets import compare_digest
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.dialogue.conversations import ConflictError, Conversations
from bot.dialogue.once import do_once
from bot.dialogue.parts import Parts

logger = logging.getLogger(__name__)

NAME = "gateway"
_READER = ThreadPoolExecutor(1, "reader")
"""Where messages are read while the conversations of others go on: the encoder lets other threads work."""
ATTEMPTS = 3
"""How often a message is answered anew because another one of its conversation was quicker."""

Reply = list[dict[str, Any]]


class NoReplyError(RuntimeError):
    """No action replied: Rasa goes on when an action fails."""


class NotReadyError(RuntimeError):
    """This Rasa can't answer yet, or may not: no model, or no conversations that are kept."""


class GatewayInput(InputChannel):
    """`POST /webhooks/gateway/webhook` answers a message; `GET /webhooks/gateway/parts` says what is up."""

    @classmethod
    def name(cls) -> str:
        """Return what `credentials.yml` and the path call this channel."""
        return NAME

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes. Messages go to the agent itself: the way that Rasa offers hides failures."""
        do_once()
        routes, parts = Blueprint(NAME), Parts()
        routes.middleware("request")(refuse_strangers)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.get("/parts")
        async def what_is_up(request: Request) -> HTTPResponse:
            return json(await parts.of(request.app.ctx.agent))

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            said = request.json
            try:
                return json(await answer(request.app.ctx.agent, said["sender"], said["message"], said["metadata"]))
            except Exception:  # whatever it was, the gateway must hear that nothing was kept
                logger.exception("A message was not answered.")
                return json({"status": "failed"}, HTTPStatus.SERVICE_UNAVAILABLE)

        return routes


async def refuse_strangers(request: Request) -> HTTPResponse | None:
    """Let nobody in who does not know the token of this server (RASA_TOKEN)."""
    token = os.environ.get("RASA_TOKEN", "")
    if compare_digest(request.args.get("token", "").encode(), token.encode()):
        return None
    return json({"status": "unknown token"}, HTTPStatus.UNAUTHORIZED)


async def answer(agent: Agent, sender: str, text: str, metadata: dict[str, Any]) -> Reply:
    """Return the reply to a message; of one that was answered before, the reply that it got then.

    Raises:
        Exception: it was not answered, and nothing of it was kept.
    """
    if not agent or not agent.is_ready():
        raise NotReadyError("there is no model")
    _speak_up(agent)
    processor = agent.processor  # a new model takes over between messages, not within one
    message = UserMessage(text, None, sender, input_channel=NAME, metadata=metadata)
    message.parse_data = await asyncio.get_running_loop().run_in_executor(_READER, _read, processor, message)
    async with agent.lock_store.lock(sender):
        for _ in range(ATTEMPTS - 1):
            with suppress(ConflictError):
                return await _answer(processor, message)
        return await _answer(processor, message)


def _read(processor: MessageProcessor, message: UserMessage) -> dict[str, Any]:
    """Return what Rasa's components make of a message; none of ours looks at the conversation."""
    nothing_before = DialogueStateTracker.from_events(message.sender_id, [])
    return processor._parse_message_with_graph(message, nothing_before)


async def _answer(processor: MessageProcessor, message: UserMessage) -> Reply:
    """Do what `MessageProcessor.handle_message` does, but look first, and keep nothing that has no reply."""
    sender, said = message.sender_id, CollectingOutputChannel()
    message.output_channel = said
    tracker = await processor.log_message(message, should_save_tracker=False)
    earlier = replies_to(message.metadata.get("message_id"), list(tracker.events)[:-1])
    if earlier:
        for event in earlier:
            await said.send_response(sender, event.message())
        return said.messages
    tracker = await processor.run_action_extract_slots(said, tracker)
    await processor._run_prediction_loop(said, tracker)
    if not said.messages:
        raise NoReplyError(sender)
    await processor.save_tracker(tracker)
    return said.messages


def replies_to(message_id: str | None, events: Iterable[Event]) -> list[BotUttered]:
    """Return what was said after the message with this id."""
    replies, found = [], False
    for event in events:
        if isinstance(event, UserUttered):
            found = bool(message_id) and (event.metadata or {}).get("message_id") == message_id
        elif found and isinstance(event, BotUttered):
            replies.append(event)
    return replies


def _speak_up(agent: Agent) -> None:
    """Have a failure of the conversations reach us.

    Rasa wraps every tracker store in one that goes on in memory when it fails, and takes a store in
    memory when it can't load ours. Both would lose and mix conversations without a word.
    """
    safe = agent.tracker_store
    if not isinstance(safe._tracker_store, Conversations):
        raise NotReadyError("the conversations are not kept in our store; see tracker_store in endpoints.yml")
    safe._on_tracker_store_error = _raise


def _raise(error: Exception) -> None:
    raise error
