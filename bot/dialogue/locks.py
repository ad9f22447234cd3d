"""One message of a conversation at a time.

A lock only spares work that would be thrown away: `bot.dialogue.conversations` refuses what was
written meanwhile. So nobody waits long for the lock of a process that died, and when Redis is away
the conversation goes on.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

logger = logging.getLogger(__name__)

WAIT_SECONDS = 3.0
"""How long to wait for another process; longer than an answer takes."""
LEASE_SECONDS = 30.0
SOCKET_SECONDS = 1.0
AWAY_SECONDS = 5.0
"""How long Redis is left alone after it failed."""
POLL_SECONDS = 0.02


class Locks(LockStore):
    """The lock store that `endpoints.yml` names: within this process, and by Redis among several."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        """Take the address of Redis; without one, only this process is looked at."""
        url = endpoint_config.url
        self._redis = (
            Redis.from_url(url, socket_connect_timeout=SOCKET_SECONDS, socket_timeout=SOCKET_SECONDS) if url else None
        )
        self._away_until = 0.0
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LEASE_SECONDS, wait_time_in_seconds: float = WAIT_SECONDS
    ) -> AsyncIterator[None]:
        """Hold the lock of a conversation, or go on without it after a while."""
        here = self._here.setdefault(conversation_id, asyncio.Lock())
        async with here:
            among = await self._acquire(conversation_id, lock_lifetime, wait_time_in_seconds)
            try:
                yield
            finally:
                if among:
                    await self._release(among)

    async def _acquire(self, conversation_id: str, lifetime: float, wait: float) -> Lock | None:
        if self._redis is None or time.monotonic() < self._away_until:
            return None
        lock = self._redis.lock(f"lock:{conversation_id}", timeout=lifetime, sleep=POLL_SECONDS, blocking_timeout=wait)
        try:
            return lock if await lock.acquire() else None
        except (RedisError, OSError) as error:
            self._gone(error)
            return None

    async def _release(self, lock: Lock) -> None:
        try:
            await lock.release()
        except LockError:
            logger.info("An answer took longer than its lock was held.")
        except (RedisError, OSError) as error:
            self._gone(error)

    def _gone(self, error: Exception) -> None:
        logger.warning("Redis is away; conversations go on without its locks: %s", error)
        self._away_until = time.monotonic() + AWAY_SECONDS
