"""The reply of the action server is checked as Rasa does."""

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.dialogue.action_replies import check_schema_once


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> RemoteAction:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    check_schema_once()
    return RemoteAction("action_answer", None)


def test_a_good_reply_of_the_action_server_passes(action: RemoteAction):
    slot = {"event": "slot", "timestamp": None, "name": "vraag", "value": "wat is bbl"}
    assert action._validate_action_result({"events": [slot], "responses": [{"text": "hoi"}]})


@pytest.mark.parametrize("bad", [{"events": "geen"}, {"responses": ["tekst"]}, {"events": [{"event": "bestaat_niet"}]}])
def test_a_bad_reply_is_refused_as_rasa_does(action: RemoteAction, bad: dict):
    with pytest.raises(ValidationError, match="action server"):
        action._validate_action_result(bad)
