"""The website channel: conversations of the widget, each behind a token of its own."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from bot.records.conversations import Conversations
from bot.records.log import Log
from bot.records.tables import Exchange
from bot.settings import Settings
from bot.website.answering import Answering, ErasedError
from bot.website.errors import Refusal
from bot.website.limits import Limit
from bot.website.masking import mask
from bot.website.sessions import InvalidTokenError, Tokens, new_conversation
from bot.website.start import Starts

MAX_TEXT_CHARACTERS = 20_000
MISSES_BEFORE_CONTACT = 2
PATH = "/webhooks/website"


class Model(BaseModel):
    """A body in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class SessionRequest(Model):
    """How a conversation begins."""

    topic: Annotated[str, Field(max_length=100)] | None = None
    lang: Literal["nl", "en"] = "nl"


class ContactRoute(Model):
    """Where a visitor finds a human."""

    title: str
    url: str


class SessionReply(Model):
    """A conversation that was begun."""

    token: str
    expires_in: int
    """Seconds."""
    questions: list[str]
    contact: ContactRoute | None
    max_characters: int


class SentMessage(Model):
    """A message, with the id that makes a second sending of it harmless."""

    id: UUID
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]


class Button(Model):
    """A choice; saying its payload does the same as choosing it."""

    title: str
    payload: str


class ReplyMessage(Model):
    """What the visitor reads."""

    text: str
    buttons: list[Button] = []


class Source(Model):
    """Where an answer comes from."""

    title: str
    url: str | None
    date: str | None


class Link(Model):
    """An address under an answer."""

    title: str
    url: str


class Judgement(Model):
    """What a visitor thought of a reply."""

    useful: bool
    reason: Literal["onjuist", "onduidelijk", "onvolledig", "andere_vraag"] | None = None


class ExchangeReply(Model):
    """A message with its reply."""

    id: UUID
    at: datetime
    text: str
    messages: list[ReplyMessage]
    kind: Literal["answer", "clarify", "fallback", "smalltalk"]
    items: list[str]
    sources: list[Source]
    source_line: str | None
    links: list[Link]
    confidence: float | None
    feedback: Judgement | None
    offer_contact: bool
    """Whether to show the way to a human: after two misses in a row."""


class History(Model):
    """A conversation as far as it has come."""

    exchanges: list[ExchangeReply]


class FeedbackRequest(Judgement):
    """What a visitor thinks of the reply to a message."""

    id: UUID
    text: Annotated[str, Field(max_length=1000)] | None = None


class ErrorReply(Model):
    """What is wrong with a request, and how to mend it, in Dutch."""

    fout: str
    hoe: str
    waar: list[str] | None = None


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the errors that a route may answer with, for its description."""
    return {status: {"model": ErrorReply} for status in (403, 413, 422, 429, 503, *statuses)}


_BEARER = HTTPBearer(auto_error=False, description="The token of `POST /session`.")


def website_router(
    settings: Settings,
    answering: Answering,
    log: Log,
    conversations: Conversations,
    tokens: Tokens,
    starts: Starts,
    per_conversation: Limit,
    per_address: Limit,
) -> APIRouter:
    """Return the routes of the website channel."""

    async def count_address(request: Request) -> None:
        await per_address.hit(request.client.host if request.client else "")

    router = APIRouter(
        prefix=PATH, tags=["website"], dependencies=[Depends(_known_origin(settings)), Depends(count_address)]
    )
    Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]  # noqa: N806 - a type

    async def conversation(bearer: Bearer) -> str:
        try:
            found = tokens.read(bearer.credentials if bearer else "")
        except InvalidTokenError:
            found = None
        if not (found and await run_in_threadpool(log.exists, found)):
            raise _unknown_token()
        return found

    Conversation = Annotated[str, Depends(conversation)]  # noqa: N806 - a type

    @router.post("/session", status_code=201, responses=_errors())
    async def begin(body: SessionRequest) -> SessionReply:
        start = await run_in_threadpool(starts.on, body.topic)
        name = new_conversation()
        await run_in_threadpool(log.start, name)
        return SessionReply(
            token=tokens.issue(name),
            expires_in=tokens.max_age_seconds,
            questions=start.questions,
            contact=start.contact and ContactRoute(title=start.contact.titel, url=start.contact.adres),
            max_characters=settings.max_message_characters,
        )

    @router.post("/messages", responses=_errors(401))
    async def send(body: SentMessage, name: Conversation) -> ExchangeReply:
        await per_conversation.hit(name)
        try:
            exchange = await answering.once(name, str(body.id), body.text)
        except ErasedError:
            raise _unknown_token() from None
        before = await run_in_threadpool(log.before, exchange)
        return _shown(exchange, [before] if before else [])

    @router.get("/messages", responses=_errors(401))
    async def history(name: Conversation) -> History:
        exchanges = await run_in_threadpool(log.history, name)
        return History(exchanges=[_shown(each, exchanges[:number]) for number, each in enumerate(exchanges)])

    @router.post("/feedback", status_code=204, responses=_errors(401, 404))
    async def feedback(body: FeedbackRequest, name: Conversation) -> Response:
        comment = mask(body.text) if body.text else None
        try:
            await run_in_threadpool(log.judge, name, str(body.id), body.useful, body.reason, comment)
        except LookupError:
            raise Refusal(404, "Dat bericht staat niet in dit gesprek.", "Vraag de berichten op met GET.") from None
        return Response(status_code=204)

    @router.delete("/conversation", status_code=204, responses=_errors(401))
    async def erase(name: Conversation) -> Response:
        await run_in_threadpool(conversations.erase, name)
        return Response(status_code=204)

    return router


def _known_origin(settings: Settings) -> Any:
    """Return a check that a browser sends this from our own page or from a site that is allowed."""

    async def check(request: Request) -> None:
        origin = request.headers.get("origin")
        own = (f"http://{request.headers.get('host')}", f"https://{request.headers.get('host')}")
        if origin and origin not in (*own, *settings.allowed_origins):
            raise Refusal(403, "Deze site mag de assistent niet gebruiken.", "Zet haar adres in ALLOWED_ORIGINS.")

    return check


def _unknown_token() -> Refusal:
    return Refusal(401, "Dit gesprek bestaat niet of is verlopen.", f"Begin een nieuw gesprek met POST {PATH}/session.")


def _shown(exchange: Exchange, before: list[Exchange]) -> ExchangeReply:
    """Return an exchange as the widget shows it: the line with the sources apart from the text."""
    replies = exchange.reply or []
    custom = next((message["custom"] for message in reversed(replies) if "custom" in message), {})
    misses = [each.kind for each in (*before[1 - MISSES_BEFORE_CONTACT :], exchange)]
    return ExchangeReply(
        id=UUID(exchange.message_id),
        at=exchange.asked_at.replace(tzinfo=UTC),
        text=exchange.question,
        messages=_messages(replies, custom.get("source_line")),
        kind=custom["kind"],
        items=custom["items"],
        sources=[Source(**source) for source in custom["sources"]],
        source_line=custom.get("source_line"),
        links=[Link(**link) for link in custom["links"]],
        confidence=custom.get("confidence"),
        feedback=None if exchange.useful is None else Judgement(useful=exchange.useful, reason=exchange.reason),
        offer_contact=misses == ["fallback"] * MISSES_BEFORE_CONTACT,
    )


def _messages(replies: list[dict[str, Any]], source_line: str | None) -> list[ReplyMessage]:
    """Return Rasa's messages as they were meant: its channel cuts a text without buttons into paragraphs."""
    text, buttons = "", []
    for message in replies:
        text = "\n\n".join(filter(None, (text, message.get("text"))))
        buttons += [Button(**button) for button in message.get("buttons", ())]
    if source_line:
        text = text.removesuffix(source_line).rstrip()
    return [ReplyMessage(text=text, buttons=buttons)]
