"""What all actions share: the knowledge, the places and how an answer is shown."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from bot.knowledge.facets import FacetReader
from bot.knowledge.live import LiveIndex
from bot.knowledge.lookup import Lookups
from bot.knowledge.schema import Item
from bot.knowledge.search import Index, Prior
from bot.knowledge.store import Store
from bot.language.encoder import default_encoder
from bot.places import Gazetteer, load_gazetteer
from bot.records.choices import Choices
from bot.records.database import open_records

ENGLISH_INTENT = "andere_taal_engels"


@dataclass(frozen=True)
class Part:
    """A part of a message that may hold a question of its own, with what Rasa made of it."""

    text: str
    prior: Prior = field(default_factory=Prior)


@cache
def live_index() -> LiveIndex:
    """Return the knowledge, following every publish from now on."""
    live = LiveIndex(Store(), default_encoder())
    live.follow()
    return live


def index() -> Index:
    """Return the knowledge as it is at this moment."""
    return live_index().index


def lookups() -> Lookups:
    """Return the tables and lists as they are at this moment."""
    return live_index().lookups


def facet_reader() -> FacetReader:
    """Return what reads landsdelen and numbers from a question."""
    return _facet_reader(index())


@lru_cache(maxsize=1)
def _facet_reader(current: Index) -> FacetReader:
    return FacetReader(current.knowledge.landsdelen, gazetteer())


@cache
def gazetteer() -> Gazetteer:
    """Return the places of the Netherlands."""
    return load_gazetteer(Path(os.environ.get("KNOWLEDGE_FOLDER", "knowledge")))


@cache
def choices() -> Choices:
    """Return where is kept what visitors meant."""
    return Choices(open_records())


def known_items(ids: Iterable[str] | None) -> list[Item]:
    """Return the items with these ids that the knowledge still has."""
    return index().items(ids or ())


def parts_of(latest_message: dict) -> list[Part]:
    """Return the parts of a message that holds more than one."""
    return [Part(part.get("repaired") or part["text"], prior_of(part)) for part in latest_message.get("parts") or ()]


def prior_of(latest_message: dict) -> Prior:
    """Return what Rasa's classifier made of a message.

    That it is English says nothing about its subject: the other intents share that belief.
    """
    intents = {entry["name"]: entry["confidence"] for entry in latest_message.get("intent_ranking") or ()}
    english = min(intents.pop(ENGLISH_INTENT, 0.0), 0.99)
    return Prior(
        items={entry["name"]: entry["confidence"] for entry in latest_message.get("item_ranking") or ()},
        intents={name: confidence / (1 - english) for name, confidence in intents.items()},
        vector=latest_message.get("vector"),
    )
