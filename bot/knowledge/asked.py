"""What goes into a lookup in a table or list, and what comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.knowledge.facets import Facets


@dataclass(frozen=True)
class Asked:
    """A question for a value."""

    text: str
    facets: Facets = field(default_factory=Facets)
    before: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The slots of the lookup before it, when that was in the same table or list."""
    goes_on: bool = False
    """Whether it is a question only together with the one before it: "en in procenten?"."""


@dataclass(frozen=True)
class Found:
    """What a table or list says."""

    text: str
    vindplaats: str
    slots: Mapping[str, Sequence[str]]
    """What was looked up, by dimension: a follow-up that names only one of them keeps the others."""
    complete: bool = True
    """False when it does not have what was asked: the text then says so and gives what comes nearest."""
    choices: Sequence[str] = ()
