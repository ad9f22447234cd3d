"""The public HTTP interface."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from pydantic import BaseModel, Field

from bot.language.text import clean, words
from bot.settings import Settings
from bot.website import replies
from bot.website.masking import mask
from bot.website.rasa import Assistant, AssistantUnavailableError

PAGE = Path(__file__).with_name("page")
MAX_BODY_BYTES = 200_000
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

REPLIES = Counter("techniekpact_replies", "Replies by kind", ["kind"])
SECONDS = Histogram("techniekpact_reply_seconds", "Time from message to reply", buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5))


class Message(BaseModel):
    """A message as Rasa's REST channel takes it; other keys are ignored."""

    sender: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
    message: str


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the gateway as an ASGI application."""
    settings = settings or Settings.from_environment()
    assistant = Assistant(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await assistant.close()

    app = FastAPI(title="Techniekpact-assistent", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=PAGE), name="static")
    app.add_exception_handler(RequestValidationError, _explain)

    @app.middleware("http")
    async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
            return JSONResponse({"fout": "Het verzoek is te groot (meer dan 200 kB)."}, 413, SECURITY_HEADERS)
        response = await go_on(request)
        response.headers.update(SECURITY_HEADERS)
        return response

    @app.get("/")
    async def page() -> FileResponse:
        return FileResponse(PAGE / "index.html")

    @app.get("/api/health")
    async def health() -> JSONResponse:
        missing = await assistant.missing()
        if missing:
            return JSONResponse({"status": "niet gereed", "ontbreekt": missing}, 503)
        return JSONResponse({"status": "ok"})

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.post("/webhooks/rest/webhook")
    async def rest(message: Message) -> Any:
        started = time.monotonic()
        try:
            reply = await _reply(assistant, settings, message)
        except AssistantUnavailableError:
            REPLIES.labels("unavailable").inc()
            return JSONResponse(replies.own_reply(message.sender, replies.NO_REPLY), 503, {"Retry-After": "5"})
        REPLIES.labels(reply[-1]["custom"]["kind"]).inc()
        SECONDS.observe(time.monotonic() - started)
        return reply

    return app


async def _reply(assistant: Assistant, settings: Settings, message: Message) -> list[dict[str, Any]]:
    text = clean(message.message)
    if not words(text):
        return replies.own_reply(message.sender, replies.EMPTY)
    if len(text) > settings.max_message_characters:
        limit = settings.max_message_characters
        return replies.own_reply(message.sender, replies.TOO_LONG.format(limit=limit))
    safe = mask(text)
    # A slash in front would let a visitor call Rasa's own commands and fill slots.
    answers = await assistant.reply(message.sender, safe.lstrip("/ "))
    if not answers or "custom" not in answers[-1]:
        answers = [*answers, *replies.own_reply(message.sender, replies.NO_REPLY)]
    if safe != text:
        answers.insert(0, {"recipient_id": message.sender, "text": replies.MASKED})
    return answers


async def _explain(_: Request, error: Exception) -> JSONResponse:
    """Say in Dutch what is wrong with a request, without repeating what was in it."""
    details = error.errors() if isinstance(error, RequestValidationError) else []
    problems = [
        f"{'.'.join(str(step) for step in detail['loc'][1:]) or 'het verzoek'}: {_dutch(detail)}" for detail in details
    ]
    how = 'Stuur JSON zoals {"sender": "een-id", "message": "je vraag"}.'
    return JSONResponse({"fout": "Dit verzoek begrijp ik niet.", "waar": problems, "hoe": how}, 422)


def _dutch(detail: dict[str, Any]) -> str:
    kinds = {
        "missing": "ontbreekt",
        "json_invalid": "is geen geldige JSON",
        "string_type": "moet tekst zijn",
        "string_too_short": "is leeg",
        "string_too_long": "is te lang",
    }
    return kinds.get(detail["type"], "klopt niet")
