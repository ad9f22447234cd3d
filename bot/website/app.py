"""The public HTTP interface."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from bot.knowledge.store import Store
from bot.records.conversations import Conversations
from bot.records.database import open_records
from bot.records.log import Log
from bot.records.tracker import Tracker
from bot.settings import Settings
from bot.website.answering import Answering
from bot.website.channel import website_router
from bot.website.errors import add_error_handlers
from bot.website.guard import Guard
from bot.website.health import health_router
from bot.website.limits import Counter, Limit
from bot.website.observe import Observe
from bot.website.pages import FOLDER, pages_router
from bot.website.rasa import Assistant
from bot.website.rest import rest_router
from bot.website.sessions import Tokens, load_secret
from bot.website.start import Starts

COMPRESSED_FROM_BYTES = 4_000


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the gateway as an ASGI application."""
    settings = settings or Settings.from_environment()
    assistant, records, tracker = Assistant(settings), open_records(), Tracker()
    log, conversations = Log(records), Conversations(records, tracker)
    answering = Answering(assistant, log, tracker, settings.max_message_characters)
    tokens = Tokens(load_secret(settings.state_folder / "geheim"), settings.session_seconds)
    counter = Counter(settings.redis_url)
    per_sender = Limit("afzender", settings.messages_per_sender, counter)
    per_conversation = Limit("gesprek", settings.messages_per_conversation, counter)
    per_address = Limit("adres", settings.requests_per_address, counter)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await assistant.close()

    app = FastAPI(
        title="Techniekpact-assistent",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # such a redirect would go wherever the Host header says
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["authorization", "content-type", "x-request-id"],
        expose_headers=["retry-after", "x-request-id"],
    )
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM_BYTES)
    app.add_middleware(Guard)
    app.add_middleware(Observe)
    add_error_handlers(app)
    app.include_router(rest_router(answering, per_sender, settings.rest_token))
    app.include_router(
        website_router(settings, answering, log, conversations, tokens, Starts(Store()), per_conversation, per_address)
    )
    app.include_router(health_router(settings, assistant, log))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    app.include_router(pages_router())
    return app
