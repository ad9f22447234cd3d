"""The conversations as Rasa keeps them: nothing lost, nothing mixed, and never longer than a page."""

import asyncio
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.channel import replies_to
from bot.dialogue.conversations import TURNS_A_PAGE, ConflictError, Conversations

DOMAIN = Domain(["vraag"], [], [AnySlot("vraag", mappings=[{}])], {}, [], {}, {}, None)


@pytest.fixture
def store(tmp_path: Path) -> Conversations:
    return Conversations(f"sqlite:///{tmp_path / 'gesprekken.db'}", DOMAIN)


def read(store: Conversations, name: str = "a") -> DialogueStateTracker:
    return asyncio.run(store.get_or_create_tracker(name, append_action_listen=False))


def save(store: Conversations, tracker: DialogueStateTracker) -> None:
    asyncio.run(store.save(tracker))


def turn(store: Conversations, number: int, at: float | None = None) -> DialogueStateTracker:
    tracker = read(store)
    tracker.update(UserUttered(f"vraag {number}", metadata={"message_id": f"m{number}"}, timestamp=at))
    tracker.update(SlotSet("vraag", f"vraag {number}", timestamp=at))
    tracker.update(BotUttered(f"antwoord {number}", timestamp=at))
    tracker.update(ActionExecuted("action_listen", timestamp=at))
    save(store, tracker)
    return tracker


def said(tracker: DialogueStateTracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_what_is_written_is_read(store: Conversations):
    for number in range(3):
        turn(store, number)
    assert said(read(store)) == ["vraag 0", "vraag 1", "vraag 2"]
    assert said(read(store, "b")) == []


def test_of_a_message_is_kept_what_later_ones_need(store: Conversations):
    tracker = read(store)
    intent, places = {"name": "vraag", "confidence": 0.9}, [{"entity": "plaats", "value": "Ede"}]
    tracker.update(
        UserUttered(
            "stage in Ede", intent, places, parse_data={"intent": intent, "entities": places, "vector": "x" * 999}
        )
    )
    save(store, tracker)
    message = read(store).latest_message
    assert (message.text, message.intent, message.entities) == ("stage in Ede", intent, places)
    assert "vector" not in message.parse_data
    assert "vector" in tracker.latest_message.parse_data, "what is being answered still has it"


def test_two_who_read_the_same_do_not_both_write(store: Conversations):
    turn(store, 0)
    one, other = read(store), read(store)
    one.update(UserUttered("een"))
    other.update(UserUttered("ander"))
    save(store, one)
    with pytest.raises(ConflictError):
        save(store, other)
    assert said(read(store)) == ["vraag 0", "een"]


def test_two_who_begin_the_same_do_not_both_write(store: Conversations):
    one, other = read(store), read(store)
    for tracker in (one, other):
        tracker.update(UserUttered("hallo"))
    save(store, one)
    with pytest.raises(ConflictError):
        save(store, other)


def test_saving_again_writes_only_what_is_new(store: Conversations):
    tracker = turn(store, 0)
    tracker.update(UserUttered("nog iets"))
    save(store, tracker)
    save(store, tracker)
    assert said(read(store)) == ["vraag 0", "nog iets"]


def test_a_long_conversation_is_read_by_the_page_and_keeps_what_it_knows(store: Conversations):
    lengths = []
    for number in range(5 * TURNS_A_PAGE):
        turn(store, number)
        tracker = read(store)
        lengths.append(len(tracker.events))
        assert tracker.get_slot("vraag") == f"vraag {number}"
        assert replies_to(f"m{number}", tracker.events), "a message that comes again must find its reply"
    assert max(lengths) <= 5 * TURNS_A_PAGE
    everything = asyncio.run(store.retrieve_full_tracker("a"))
    assert said(everything) == [f"vraag {number}" for number in range(5 * TURNS_A_PAGE)]


def test_a_clock_that_is_set_back_loses_nothing(store: Conversations):
    for number in range(TURNS_A_PAGE + 1):
        turn(store, number, at=2_000_000_000 + number)
    turn(store, 98, at=1_000_000_000)
    turn(store, 99, at=1_000_000_001)
    assert said(read(store))[-2:] == ["vraag 98", "vraag 99"]


def test_replies_belong_to_their_own_message():
    events = [
        UserUttered("een", metadata={"message_id": "1"}),
        BotUttered("antwoord een"),
        UserUttered("twee", metadata={"message_id": "2"}),
        BotUttered("antwoord twee"),
        BotUttered("en nog iets"),
    ]
    assert [event.text for event in replies_to("2", events)] == ["antwoord twee", "en nog iets"]
    assert replies_to("3", events) == []
    assert replies_to(None, [UserUttered("zonder"), BotUttered("x")]) == []
