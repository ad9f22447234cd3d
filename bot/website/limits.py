"""How much one visitor, or one address, may ask."""

import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter


class TooManyError(RuntimeError):
    """A limit was reached; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Limit:
    """A number of requests in a moving window, such as "20/minute", counted for each key apart."""

    def __init__(self, name: str, rule: str, limiter: MovingWindowRateLimiter) -> None:
        self._name = name
        self._item: RateLimitItem = parse(rule)
        self._limiter = limiter

    async def hit(self, key: str) -> None:
        """Count one request.

        Raises:
            TooManyError: it is one too many.
        """
        if not await self._limiter.hit(self._item, self._name, key):
            window = await self._limiter.get_window_stats(self._item, self._name, key)
            raise TooManyError(max(1, math.ceil(window.reset_time - time.time())))


def rate_limiter(redis_url: str | None) -> MovingWindowRateLimiter:
    """Return what counts: in this process, or in a Redis that several gateways share."""
    storage = RedisStorage(f"async+{redis_url}", implementation="redispy") if redis_url else MemoryStorage()
    return MovingWindowRateLimiter(storage)
