"""What is seen of every request: an id that goes along, a line in the log, and its share in the metrics."""

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.logs import begin_request
from bot.website.metrics import AT_WORK, REQUEST_SECONDS, REQUESTS

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observe:
    """ASGI middleware, the outermost: what it is wrapped around is measured as the visitor sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, started, status = begin_request(Headers(scope=scope).get(HEADER)), time.monotonic(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with AT_WORK.track_inprogress():
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                _note(scope, status, time.monotonic() - started)


def _note(scope: Scope, status: int, seconds: float) -> None:
    """Count and log. The route is noted, not the path: a path may hold anything, and is without end."""
    method = scope["method"] if scope["method"] in _METHODS else "other"
    route = getattr(scope.get("route"), "path", None) or ("/static" if _found(status) else "none")
    REQUESTS.labels(method, route, status).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    logger.info("request", extra={"method": method, "route": route, "status": status, "seconds": round(seconds, 4)})


def _found(status: int) -> bool:
    return status in (200, 206, 304)
