"""What is done once has the outcome that Rasa had."""

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import BotUttered, Event, SlotSet

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
