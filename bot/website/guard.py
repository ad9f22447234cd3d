"""What holds for every request: a size, a time to send it in, and safe headers on every response."""

import asyncio
import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 200_000
BODY_SECONDS = 15.0
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_LENGTH = re.compile(r"[0-9]{1,9}")
_BROKEN = {"fout": "Er ging iets mis, en dat ligt aan ons.", "hoe": "Probeer het over een minuut nog eens."}
_TOO_LARGE = {"fout": "Het verzoek is te groot (meer dan 200 kB).", "hoe": "Maak het bericht korter."}
_TOO_SLOW = {"fout": "Het verzoek kwam niet op tijd binnen.", "hoe": "Stuur het nog eens."}


class Guard:
    """ASGI middleware around the whole gateway. Starlette has none that limits a body without a length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body within its limits, then pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            body = await asyncio.wait_for(_body(scope, receive), BODY_SECONDS)
        except _TooLargeError:
            await JSONResponse(_TOO_LARGE, 413, {"Connection": "close"})(scope, receive, send_safely)
        except TimeoutError:
            await JSONResponse(_TOO_SLOW, 408, {"Connection": "close"})(scope, receive, send_safely)
        except _GoneError:
            logger.debug("A visitor went away before the request was whole.")
        else:
            await self._pass_on(scope, _replay(body, receive), send_safely)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the request answered; an error that nobody foresaw is told as every other."""
        started = False

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception:
            logger.exception("Een verzoek liep vast.")
            if started:
                raise
            await JSONResponse(_BROKEN, 500)(scope, receive, send)


class _TooLargeError(Exception):
    pass


class _GoneError(Exception):
    pass


async def _body(scope: Scope, receive: Receive) -> bytes:
    length = Headers(scope=scope).get("content-length", "0")
    if not _LENGTH.fullmatch(length) or int(length) > MAX_BODY_BYTES:
        raise _TooLargeError
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise _TooLargeError
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once, and then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
