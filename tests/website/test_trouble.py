"""What goes wrong around the gateway does not go wrong in it: Redis away, clocks that differ, a disk that is full."""

import os
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner
from limits import parse

from bot.records.database import open_records
from bot.records.log import Log
from bot.records.tables import Exchange
from bot.website import limits
from bot.website.limits import Counter, Limit, TooManyError
from bot.website.sessions import InvalidTokenError, Tokens, load_secret

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    log = Log(open_records(f"sqlite:///{tmp_path / 'administratie.db'}"))
    log.start("web:a")
    return log


async def test_without_redis_a_gateway_counts_by_itself():
    limit = Limit("proef", "2/minute", Counter("redis://127.0.0.1:9/0"))
    await limit.hit("a")
    await limit.hit("a")
    with pytest.raises(TooManyError):
        await limit.hit("a")
    await limit.hit("b")


def test_there_is_room_again_as_soon_as_the_oldest_message_is_a_window_ago(monkeypatch: pytest.MonkeyPatch):
    clock = iter([100.0, 130.0, 150.0, 159.9, 160.0, 161.0])
    monkeypatch.setattr(limits.time, "monotonic", lambda: next(clock))
    here, item = limits.Here(), parse("2/minute")
    waits = [here.hit(item, "proef", "a") for _ in range(6)]
    assert waits == [None, None, pytest.approx(10.0), pytest.approx(0.1), None, pytest.approx(29.0)]


def test_a_limit_of_zero_lets_nobody_in():
    here = limits.Here()
    assert [here.hit(parse("0/minute"), "proef", "a") for _ in range(2)] == [60.0, 60.0]
    here._sweep_at = 0.0
    assert here.hit(parse("0/minute"), "proef", "b") == 60.0


def test_who_asks_nothing_for_a_while_is_forgotten(monkeypatch: pytest.MonkeyPatch):
    now = 0.0
    monkeypatch.setattr(limits.time, "monotonic", lambda: now)
    here = limits.Here()
    for visitor in range(1000):
        here.hit(parse("2/minute"), "proef", str(visitor))
    now = 61.0 + limits.SWEEP_SECONDS
    here.hit(parse("2/minute"), "proef", "a")
    assert len(here._ends) == 1


@pytest.mark.parametrize(("seconds", "accepted"), [(-3600, True), (0, True), (50, True), (70, False)])
def test_a_token_of_a_clock_that_runs_ahead_is_good(seconds: int, accepted: bool, monkeypatch: pytest.MonkeyPatch):
    tokens = Tokens("geheim", max_age_seconds=60)
    with monkeypatch.context() as clock:
        issued = TimestampSigner("x").get_timestamp() - seconds
        clock.setattr(TimestampSigner, "get_timestamp", lambda _: issued)
        token = tokens.issue("web:a")
    if accepted:
        assert tokens.read(token) == "web:a"
    else:
        with pytest.raises(InvalidTokenError):
            tokens.read(token)


def test_a_secret_is_never_there_by_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SESSION_SECRET", raising=False)
    with monkeypatch.context() as disk:
        disk.setattr(os, "link", _disk_full)
        with pytest.raises(OSError, match="No space left"):
            load_secret(tmp_path / "geheim")
    assert list(tmp_path.iterdir()) == []
    secret = load_secret(tmp_path / "geheim")
    assert len(secret) > 30
    assert load_secret(tmp_path / "geheim") == secret
    assert (tmp_path / "geheim").stat().st_mode & 0o077 == 0


def _disk_full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_message_that_comes_again_is_the_same_message(log: Log):
    first = log.receive("website", "web:a", "1", "hallo")
    assert [log.receive("website", "web:a", "1", "hallo").id for _ in range(2)] == [first.id] * 2
    assert log.find("web:a", "1").attempts == 3
    log.answer(first, [{"text": "een"}], 0.1)
    assert log.receive("website", "web:a", "1", "hallo").reply == [{"text": "een"}]
    assert log.find("web:a", "1").attempts == 3


def test_the_first_reply_stands(log: Log):
    exchange: Exchange = log.receive("website", "web:a", "1", "hallo")
    log.answer(exchange, [{"text": "een"}], 0.1)
    assert log.answer(exchange, [{"text": "twee"}], 0.1).reply == [{"text": "een"}]
    assert log.find("web:a", "1").reply == [{"text": "een"}]
