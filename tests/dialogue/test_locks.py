"""One message of a conversation at a time; without Redis the conversation goes on."""

import asyncio
import time

from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.locks import Locks


def most_at_once(locks: Locks, names: list[str]) -> int:
    inside, most = 0, 0

    async def work(name: str) -> None:
        nonlocal inside, most
        async with locks.lock(name):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.02)
            inside -= 1

    async def all_of_them() -> None:
        await asyncio.gather(*map(work, names))

    asyncio.run(all_of_them())
    return most


def test_one_at_a_time_in_a_conversation():
    assert most_at_once(Locks(EndpointConfig()), ["a"] * 4) == 1


def test_conversations_do_not_wait_for_each_other():
    assert most_at_once(Locks(EndpointConfig()), ["a", "b", "c"]) == 3


def test_a_redis_that_is_away_holds_nobody_up():
    locks = Locks(EndpointConfig("redis://127.0.0.1:9/0"))
    started = time.monotonic()
    assert most_at_once(locks, ["a", "a", "b"]) == 2
    assert time.monotonic() - started < 2
