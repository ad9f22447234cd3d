"""Rasa's standard REST channel, for other servers. Nobody signs in: a sender names its own conversation."""

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.website import replies
from bot.website.answering import Answering
from bot.website.bearer import require_token
from bot.website.errors import RETRY_SECONDS, Refusal
from bot.website.limits import Limit
from bot.website.rasa import AssistantUnavailableError
from bot.website.sessions import PREFIX


class Message(BaseModel):
    """A message as Rasa's REST channel takes it; other keys are ignored."""

    sender: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
    message: str


def rest_router(answering: Answering, per_sender: Limit, token: str | None) -> APIRouter:
    """Return the route of the REST channel; with a token, only for who sends it."""
    router = APIRouter(dependencies=[Depends(require_token(token, "REST_TOKEN"))])

    @router.post("/webhooks/rest/webhook")
    async def rest(message: Message) -> Any:
        if message.sender.startswith(PREFIX):
            raise Refusal(422, f"Een sender mag niet met '{PREFIX}' beginnen.", "Kies een andere naam voor je gesprek.")
        await per_sender.hit(message.sender)
        try:
            return await answering.at_once(message.sender, str(uuid4()), message.message)
        except AssistantUnavailableError:
            own = replies.own_reply(message.sender, replies.NO_REPLY)
            return JSONResponse(own, 503, {"Retry-After": str(RETRY_SECONDS)})

    return router
