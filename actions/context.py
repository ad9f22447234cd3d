"""What a conversation was about, kept in Rasa's slots from one message to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.assistant import known_items
from bot.knowledge.asked import Found
from bot.knowledge.schema import Item

LOOKUP_SLOTS = ("landsdeel", "niveau", "maat", "naam")
"""What was looked up in a table or list; empty when the latest answer was about something else."""


@dataclass(frozen=True)
class Context:
    """The latest answer of a conversation, and the question that it answered."""

    items: Sequence[Item] = ()
    question: str = ""
    looked_up: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, tracker: Tracker) -> "Context":
        """Read the context from the slots."""
        looked_up = {name: value for name in LOOKUP_SLOTS if (value := tracker.get_slot(name))}
        return cls(known_items(tracker.get_slot("laatste_items")), tracker.get_slot("vraag") or "", looked_up)


def remember(
    tracker: Tracker, items: Sequence[Item], choices: Sequence[str] = (), question: str = "", found: Found | None = None
) -> list[EventType]:
    """Return the slots after an answer: what it was about, what was offered beside it, what was looked up."""
    slots = {
        "laatste_items": [item.id for item in items],
        "keuzes": list(choices),
        "vraag": question or None,
        "missers": 0,
        "verduidelijkt": None,
        **dict.fromkeys(LOOKUP_SLOTS),
        **({name: list(value) for name, value in found.slots.items()} if found else {}),
    }
    return [SlotSet(name, value) for name, value in slots.items() if tracker.get_slot(name) != value]
