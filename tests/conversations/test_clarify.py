"""In doubt the assistant asks once, and remembers what was meant."""

from collections.abc import Callable

import pytest

from benchmarks.questions import text_of
from bot.records.choices import Choices, Counted
from bot.records.database import open_records
from tests.conftest import Assistant, Conversation

IN_DOUBT = ("docent", "vmbo")
"""Words that belong to several items alike."""


def counted(assistant: Assistant) -> list[Counted]:
    return Choices(open_records(assistant.environment["RECORDS_DATABASE_URL"])).counted()


@pytest.fixture
def asked(visitor: Conversation) -> Conversation:
    visitor.say(IN_DOUBT[0])
    assert visitor.kind == "clarify"
    return visitor


def test_the_choices_are_few_and_differ(asked: Conversation):
    assert 2 <= len(asked.buttons) <= 3
    assert len(set(asked.buttons)) == len(asked.buttons) == len(asked.items)
    assert len(text_of(asked.messages)) < 120


@pytest.mark.parametrize("choose", [lambda buttons: buttons[1], lambda _: "de tweede"])
def test_a_choice_is_answered_and_remembered(
    asked: Conversation, assistant: Assistant, choose: Callable[[list[str]], str]
):
    meant = asked.items[1]
    asked.say(choose(asked.buttons))
    assert (asked.kind, asked.items) == ("answer", [meant])
    asked.say("wat is het techniekpact")
    asked.say(IN_DOUBT[0])
    assert (asked.kind, asked.items) == ("answer", [meant])
    assert any((choice.question, choice.chosen) == (IN_DOUBT[0], meant) for choice in counted(assistant))


def test_never_twice_in_a_row(asked: Conversation):
    asked.say(IN_DOUBT[1])
    assert asked.kind == "answer"
    assert asked.buttons  # what else it may have been


def test_another_question_is_no_choice(asked: Conversation, assistant: Assistant):
    before = counted(assistant)
    asked.say("waar vind ik een stageplek")
    assert asked.items == ["stage-zoeken"]
    assert counted(assistant) == before
    asked.say(IN_DOUBT[0])
    assert asked.kind == "clarify"
