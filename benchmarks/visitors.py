"""Many visitors at once, over real HTTP: a bounded number of clients that each wait for their reply.

With aiohttp, because the visitors share the machine with what they measure, and httpx takes thrice the time.
"""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp

SEED = 20261125
TURNS = 5
"""Messages in one conversation; then a client begins another, as visitors do."""
REQUEST_SECONDS = 60.0


@dataclass
class Load:
    """What a number of clients saw."""

    clients: int
    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    """Milliseconds of each message that was answered."""
    statuses: Counter[str] = field(default_factory=Counter)

    def row(self) -> dict[str, float]:
        """Return the figures."""
        cuts = statistics.quantiles(self.taken, n=100) if len(self.taken) > 1 else [float("nan")] * 99
        refused = self.statuses["429"]
        return {
            "clients": self.clients,
            "messages": len(self.taken),
            "per_second": len(self.taken) / self.seconds,
            "p50_ms": cuts[49],
            "p95_ms": cuts[94],
            "p99_ms": cuts[98],
            "refused": refused,
            "errors": self.statuses.total() - self.statuses["200"] - refused,
        }


def drive(
    address: str, texts: Sequence[str], clients: int, seconds: float, good: Callable[[list[dict]], bool] = bool
) -> Load:
    """Have so many clients ask on the REST channel for so many seconds, each in conversations of its own.

    Args:
        address: of the assistant.
        texts: what to ask, in an order that the seed decides.
        clients: how many ask at once; each asks again as soon as it has its reply.
        seconds: how long; messages that are under way then are waited for.
        good: whether a reply is one; an empty one is an error.
    """
    return asyncio.run(_drive(address, texts, Load(clients), seconds, good))


async def _drive(
    address: str, texts: Sequence[str], load: Load, seconds: float, good: Callable[[list[dict]], bool]
) -> Load:
    connector = aiohttp.TCPConnector(limit=load.clients, ssl=False)
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(address, connector=connector, timeout=timeout) as client:
        started = time.monotonic()
        until = started + seconds
        await asyncio.gather(*(_visit(client, number, texts, load, until, good) for number in range(load.clients)))
        load.seconds = time.monotonic() - started
    return load


async def _visit(
    client: aiohttp.ClientSession,
    number: int,
    texts: Sequence[str],
    load: Load,
    until: float,
    good: Callable[[list[dict]], bool],
) -> None:
    chosen = random.Random(f"{SEED}-{load.clients}-{number}")
    run = f"{time.time_ns():x}"
    turn = 0
    while time.monotonic() < until:
        body = {"sender": f"last-{run}-{number}-{turn // TURNS}", "message": chosen.choice(texts)}
        turn += 1
        began = time.perf_counter()
        try:
            async with client.post("/webhooks/rest/webhook", json=body) as response:
                status = str(response.status)
                if status == "200" and not good(await response.json()):
                    status = "empty"
        except (aiohttp.ClientError, TimeoutError) as error:
            status = type(error).__name__
        load.statuses[status] += 1
        if status == "200":
            load.taken.append((time.perf_counter() - began) * 1000)
        elif status == "429":
            await asyncio.sleep(1)
