"""What was understood of a message."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.knowledge.asked import Asked
from bot.knowledge.decide import Decision
from bot.knowledge.schema import Item
from bot.places import Mention


@dataclass(frozen=True)
class Understanding:
    """What a message asks for."""

    decision: Decision
    asked: Asked
    """The question as a table or list needs it."""
    question: str
    """The question, complete in itself: a follow-up is completed with what it goes on from."""
    place: Mention | None = None
    """The place that it names, if any; it may still be ambiguous or lie abroad."""
    about_place: bool = False
    """Whether it asks about the place itself: where it belongs, what is there."""
    beside_place: Sequence[Item] = field(default_factory=tuple)
    """Items that answer what the message asks besides."""
