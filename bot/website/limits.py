"""How much one visitor, or one address, may ask."""

import logging
import math
import time
from collections import deque

from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from bot.website.metrics import LIMITED

logger = logging.getLogger(__name__)

REDIS_SECONDS = 1.0
AWAY_SECONDS = 5.0
"""How long Redis is left alone after it failed."""


SWEEP_SECONDS = 10.0
"""How often those are forgotten who have asked nothing for a while."""


class TooManyError(RuntimeError):
    """A limit was reached; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Limit:
    """A number of requests in a moving window, such as "20/minute", counted for each key apart."""

    def __init__(self, name: str, rule: str, counter: "Counter") -> None:
        self._name = name
        self._item: RateLimitItem = parse(rule)
        self._counter = counter

    async def hit(self, key: str) -> None:
        """Count one request.

        Raises:
            TooManyError: it is one too many.
        """
        if (seconds := await self._counter.hit(self._item, self._name, key)) is not None:
            LIMITED.labels(self._name).inc()
            raise TooManyError(max(1, math.ceil(seconds)))


class Counter:
    """Counts in this process, or in a Redis that several gateways share; here too while Redis is away."""

    def __init__(self, redis_url: str | None) -> None:
        self._here = Here()
        self._shared = None
        if redis_url:
            options = {"socket_connect_timeout": REDIS_SECONDS, "socket_timeout": REDIS_SECONDS}
            self._shared = MovingWindowRateLimiter(
                RedisStorage(f"async+{redis_url}", implementation="redispy", **options)
            )
        self._away_until = 0.0

    async def hit(self, item: RateLimitItem, *key: str) -> float | None:
        """Count one; return None when it is within the limit, else the seconds until there is room."""
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return await _hit(self._shared, item, *key)
            except (RedisError, OSError) as error:
                logger.warning("Redis is away; this gateway counts by itself: %s", error)
                self._away_until = time.monotonic() + AWAY_SECONDS
        return self._here.hit(item, *key)


class Here:
    """Moving windows in the memory of this process.

    Not those of `limits`: at every request its MemoryStorage looks at every visitor it knows, each in a thread.
    """

    def __init__(self) -> None:
        self._ends: dict[tuple[str, ...], deque[float]] = {}
        """For each key when its hits leave the window, the oldest first."""
        self._sweep_at = 0.0

    def hit(self, item: RateLimitItem, *key: str) -> float | None:
        """Count one; return None when it is within the limit, else the seconds until there is room."""
        now = time.monotonic()
        if now >= self._sweep_at:
            self._ends = {known: ends for known, ends in self._ends.items() if ends and ends[-1] > now}
            self._sweep_at = now + SWEEP_SECONDS
        ends = self._ends.setdefault(key, deque())
        while ends and ends[0] <= now:
            ends.popleft()
        if len(ends) >= item.amount:
            return ends[0] - now if ends else float(item.get_expiry())  # a limit of 0 lets nobody in
        ends.append(now + item.get_expiry())
        return None


async def _hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, *key: str) -> float | None:
    if await limiter.hit(item, *key):
        return None
    window = await limiter.get_window_stats(item, *key)
    return window.reset_time - time.time()
