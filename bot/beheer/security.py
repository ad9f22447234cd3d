"""What guards every request: headers, the size of what is sent, and that a form comes from our own page."""

import hashlib
import hmac
from collections.abc import Mapping

from fastapi import HTTPException, Request
from starlette.datastructures import FormData, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_COOKIE = "techniekpact_beheer"
VISIT_COOKIE = "techniekpact_bezoek"
"""Ties the sign-in form to a browser in which nobody is signed in yet."""
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"
MAX_FIELDS, MAX_FIELD_BYTES = 20_000, 1_000_000

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Guard:
    """Sends strict headers with every response, and refuses a body that is larger than its path allows.

    Pages are never kept by a browser or proxy.
    """

    def __init__(self, app: ASGIApp, limit: int, by_path: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting, and its response back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._by_path.get(scope["path"], self._limit)
        headers = {**HEADERS, "Cache-Control": "no-cache"} if scope["path"].startswith("/static/") else HEADERS

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self._app(scope, _bounded(receive, limit, _announced(scope)), with_headers)


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() else 0


def _bounded(receive: Receive, limit: int, announced: int) -> Receive:
    """Return a `receive` that ends a body as soon as it is clear that it is too large."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive() if announced <= limit else {}
        seen += len(message.get("body", b""))
        if max(seen, announced) > limit:
            what = f"Dit is te groot: er past hooguit {limit // 1_000_000} MB in. Er is niets opgeslagen."
            raise HTTPException(413, what, {"Connection": "close"})
        return message

    return bounded


def csrf_token(request: Request) -> str:
    """Return what a form of this browser must bring along; empty when the browser brought no cookie."""
    held = request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISIT_COOKIE)
    return csrf_of(held) if held else ""


def csrf_of(cookie: str) -> str:
    """Return the token that belongs to a cookie; the cookie cannot be found from it."""
    return hashlib.sha256(b"csrf:" + cookie.encode()).hexdigest()


async def posted(request: Request) -> FormData:
    """Return the form of a request; a dependency of the whole application, so that no page can forget it.

    Raises:
        HTTPException: 403 when the form was not made for this browser.
    """
    if request.method in ("GET", "HEAD"):
        return FormData()
    form = await request.form(max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    wanted, given = csrf_token(request), str(form.get(CSRF_FIELD) or request.headers.get(CSRF_HEADER) or "")
    from_elsewhere = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if from_elsewhere or not wanted or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise HTTPException(403, "Dit formulier is te oud of hoort bij een ander venster. Laad de pagina opnieuw.")
    return form
