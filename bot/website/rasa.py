"""The way to the nodes (a Rasa with its action server), which only this process may go."""

import asyncio
import logging
import random
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import aiohttp

from bot.logs import current_request
from bot.settings import Settings
from bot.website.metrics import NODE_FAILURES

logger = logging.getLogger(__name__)

PARTS = ("model", "acties", "kennis")
PARTS_TIMEOUT = aiohttp.ClientTimeout(total=5.0)
CONNECT_SECONDS = 2.0
AT_ONCE = 32
"""Messages that a node is given at a time. The others wait here: a node that is busy takes no new connections."""
AVOID_SECONDS = 2.0
"""How long a node that failed is only asked when no other is left."""
IDLE_SECONDS = 2.0
"""How long a connection is kept for the next message."""
# A node that is gone without a goodbye is noticed within seconds; one that is merely slow is waited for.
_KEEPALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 4_000),
]


class AssistantUnavailableError(RuntimeError):
    """No node answered, or not with what it should."""


class Node:
    """One Rasa, and how it does."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.busy = 0
        self._places = asyncio.Semaphore(AT_ONCE)
        self._avoid_until = 0.0

    @property
    def rank(self) -> tuple[bool, int, float]:
        """Return what to choose a node by, the lowest first: it did not fail just now, and has little to do."""
        return time.monotonic() < self._avoid_until, self.busy, random.random()

    def avoid(self) -> None:
        """Ask other nodes first for a while."""
        self._avoid_until = time.monotonic() + AVOID_SECONDS

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Wait until there is place for a message, and count it while it waits and is here."""
        self.busy += 1
        try:
            async with self._places:
                yield
        finally:
            self.busy -= 1


class Assistant:
    """Passes messages on to the node that has least to do, and knows what of the assistant is up."""

    def __init__(self, settings: Settings) -> None:
        self.nodes: Sequence[Node] = [Node(url) for url in settings.rasa_urls]
        self._timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_SECONDS, sock_read=settings.rasa_timeout_seconds
        )
        self._token = {"token": settings.rasa_token} if settings.rasa_token else {}

    @cached_property
    def _client(self) -> aiohttp.ClientSession:
        """The connections, made when there is a loop for them to run in. aiohttp takes a third of the time of httpx."""
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS, socket_factory=_open_socket)
        jar = aiohttp.DummyCookieJar()
        return aiohttp.ClientSession(connector=connector, timeout=self._timeout, cookie_jar=jar, raise_for_status=True)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def reply(self, sender: str, message: str, message_id: str) -> list[dict[str, Any]]:
        """Return Rasa's messages for one message of a visitor.

        A node that fails is passed over. That is safe: the nodes know a message by its id, and
        whichever is asked gives the reply that another may have given already.

        Raises:
            AssistantUnavailableError: no node could answer; nothing of the message is kept.
        """
        failed: Exception | None = None
        nodes = sorted(self.nodes, key=lambda node: node.rank)
        for node in nodes if len(nodes) > 1 else nodes * 2:  # one address may stand for several nodes
            try:
                async with node.at_work():
                    return await self._ask(node, sender, message, message_id)
            except aiohttp.SocketTimeoutError as error:  # too busy: asking another would make it busier
                raise AssistantUnavailableError("SocketTimeoutError") from error
            except (aiohttp.ClientError, ValueError) as error:
                logger.warning("Node %s did not answer: %r", node.url, type(error).__name__)
                NODE_FAILURES.inc()
                node.avoid()
                failed = error
        raise AssistantUnavailableError(type(failed).__name__) from failed

    async def _ask(self, node: Node, sender: str, message: str, message_id: str) -> list[dict[str, Any]]:
        body = {
            "sender": sender,
            "message": message,
            "metadata": {"message_id": message_id, "request_id": current_request()},
        }
        url = f"{node.url}/webhooks/gateway/webhook"
        async with self._client.post(url, json=body, params=self._token) as response:
            return await response.json()

    async def missing(self) -> list[str]:
        """Return what does not answer, of: model, acties, kennis."""
        return _missing(await self.parts())

    async def parts(self) -> dict[str, Any]:
        """Return the model, the actions and the version of the knowledge of the node that has most of them."""
        nodes = await asyncio.gather(*(self._parts(node) for node in self.nodes))
        return min(nodes, key=lambda parts: len(_missing(parts)))

    async def _parts(self, node: Node) -> dict[str, Any]:
        url = f"{node.url}/webhooks/gateway/parts"
        try:
            async with self._client.get(url, params=self._token, timeout=PARTS_TIMEOUT) as response:
                found = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            found = {}
        return {part: found.get(part) for part in PARTS}


def _open_socket(address: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, _, _ = address
    opened = socket.socket(family, kind, protocol)
    for option in _KEEPALIVE:
        opened.setsockopt(*option)
    return opened


def _missing(parts: dict[str, Any]) -> list[str]:
    return [part for part in PARTS if not parts[part]]
