"""What is done once has the outcome that Rasa had."""

import asyncio
from collections import Counter

import pytest
from aiohttp import web
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.once import do_once

BAD = [
    {"events": "geen"},
    {"events": ["geen"]},
    {"events": [{"event": "bestaat_niet"}]},
    {"events": [{"event": "slot", "value": 1}]},
    {"responses": ["tekst"]},
]


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> RemoteAction:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    monkeypatch.setattr(EndpointConfig, "session", EndpointConfig.session)
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(Event.resolve_by_type))
    do_once()
    return RemoteAction("action_answer", None)


def test_a_good_reply_of_the_action_server_passes(action: RemoteAction):
    slot = {"event": "slot", "timestamp": None, "name": "vraag", "value": "wat is bbl"}
    assert action._validate_action_result({"events": [slot], "responses": [{"text": "hoi"}]})


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_reply_is_refused_as_rasa_does(action: RemoteAction, bad: dict):
    with pytest.raises(ValidationError, match="action server"):
        action._validate_action_result(bad)


def test_events_are_of_the_class_of_their_name(action: RemoteAction):
    for _ in range(2):
        assert Event.resolve_by_type("bot") is BotUttered
        assert Event.resolve_by_type("slot") is SlotSet
        assert Event.resolve_by_type("topic") is None
        with pytest.raises(ValueError, match="bestaat_niet"):
            Event.resolve_by_type("bestaat_niet")


def test_actions_share_a_connection(action: RemoteAction):
    seen: Counter[object] = Counter()

    async def reply(request: web.Request) -> web.Response:
        seen[request.transport] += 1
        return web.json_response({"login": request.headers["Authorization"][:5], "header": request.headers["X-Proef"]})

    async def ask() -> list[dict]:
        app = web.Application()
        app.router.add_post("/webhook", reply)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        login = {"username": "a", "password": "b"}
        endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook", headers={"X-Proef": "1"}, basic_auth=login)
        replies = [await endpoint.request(json={}) for _ in range(3)]
        await runner.cleanup()
        return replies

    assert asyncio.run(ask()) == [{"login": "Basic", "header": "1"}] * 3
    assert list(seen.values()) == [3]
