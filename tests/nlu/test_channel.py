"""Rasa's own REST channel, with the reply of the action server checked once."""

import asyncio

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.nlu.channel import GatewayInput


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> RemoteAction:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    GatewayInput().blueprint(lambda _: asyncio.sleep(0))
    return RemoteAction("action_answer", None)


def test_it_stands_where_the_gateway_expects_it():
    assert GatewayInput.name() == "rest"


def test_a_good_reply_of_the_action_server_passes(action: RemoteAction):
    slot = {"event": "slot", "timestamp": None, "name": "vraag", "value": "wat is bbl"}
    assert action._validate_action_result({"events": [slot], "responses": [{"text": "hoi"}]})


@pytest.mark.parametrize("bad", [{"events": "geen"}, {"responses": ["tekst"]}, {"events": [{"event": "bestaat_niet"}]}])
def test_a_bad_reply_is_refused_as_rasa_does(action: RemoteAction, bad: dict):
    with pytest.raises(ValidationError, match="action server"):
        action._validate_action_result(bad)
