"""What a message asks: which items answer it, and which place it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from actions.assistant import gazetteer, index, prior_of
from bot.knowledge.decide import Decision, decide
from bot.knowledge.schema import Item
from bot.knowledge.search import Prior
from bot.language.sentences import split_questions
from bot.language.text import words
from bot.places import Mention, asks_where

REGION_THEME = "regios"
REGION_INTENTS = frozenset({"regio_vragen", "plaats_noemen", "vervolg_plaats", "correctie_plaats"})
FOLLOW_UP_INTENT = "vervolg_vraag"
OFF_TOPIC_INTENT = "buiten_onderwerp"
MAX_OFF_TOPIC = 0.4
MAX_ITEMS = 2
MAX_FOLLOW_UP_WORDS = 9
POINTERS = frozenset(
    "dat die dit deze het er daar daarin daarvan daarvoor daarmee daaraan hier hiervan hiervoor ervan ervoor erin hun "
    "ze zij hij hem".split()
)
SURE = 0.45
"""The confidence from which a part of a message, or an item beside a place, is answered for itself."""
SURE_BY_ITSELF = 0.6
"""The confidence from which a message that points back is taken to say enough by itself."""


@dataclass(frozen=True)
class Understanding:
    """What a message asks for."""

    decision: Decision
    place: Mention | None = None
    """The place that it names, if any; it may still be ambiguous or lie abroad."""
    about_place: bool = False
    """Whether it asks about the place itself: where it belongs, what is there."""
    beside_place: Sequence[Item] = field(default_factory=tuple)
    """Items that answer what the message asks besides."""


def understand(latest_message: dict[str, Any], before: Sequence[Item] = ()) -> Understanding:
    """Return what the latest message of a visitor asks; `before` is what the answer before it was about."""
    text = latest_message.get("text") or ""
    intent = (latest_message.get("intent") or {}).get("name")
    place = next(iter(gazetteer().find(text)), None)
    prior = prior_of(latest_message)
    decision = resolve(text, prior)
    if before and not place and (intent == FOLLOW_UP_INTENT or _leans_on_before(text, decision, prior)):
        decision = _in_context(text, before) or decision
    if not place or not (asks_where(text) or intent in REGION_INTENTS or words(place.text) == words(text)):
        return Understanding(decision, place)
    return Understanding(decision, place, about_place=True, beside_place=_beside_place(text, prior))


def _leans_on_before(text: str, decision: Decision, prior: Prior) -> bool:
    """Tell whether a short message points back ("hoeveel is dat?") and says too little by itself."""
    said = words(text)
    points_back = said[:1] == ["en"] or not POINTERS.isdisjoint(said)
    off_topic = prior.intents.get(OFF_TOPIC_INTENT, 0.0) > MAX_OFF_TOPIC
    short = len(said) <= MAX_FOLLOW_UP_WORDS
    return points_back and short and not off_topic and decision.confidence < SURE_BY_ITSELF


def _in_context(text: str, before: Sequence[Item]) -> Decision | None:
    """Return the answer that a follow-up has near the answer before it: that item, or one beside it."""
    subject = " ".join(item.vraag for item in before)
    near = {item.id for item in before} | {other for item in before for other in item.zie_ook}
    candidates = index().search(f"{text} {subject}", limit=10).candidates
    items = [candidate.item for candidate in candidates if candidate.item.id in near]
    return Decision("answer", items[:1], items[1:MAX_ITEMS], SURE) if items else None


def resolve(text: str, prior: Prior) -> Decision:
    """Decide on a message as a whole and, when it holds more questions, on each of them."""
    whole = _whole(text, prior)
    parts = split_questions(text)
    if len(parts) < 2 or whole.confidence == 1.0:
        return whole
    sure = _sure(parts, prior)
    items = _items(sure)
    if len(items) >= 2:
        return Decision("answer", items[:MAX_ITEMS], items[MAX_ITEMS:], min(d.confidence for d in sure))
    if whole.kind != "answer" and sure:  # a long story with the question in one of its sentences
        return max(sure, key=lambda decision: decision.confidence)
    return whole


def _whole(text: str, prior: Prior) -> Decision:
    """Decide on a message with and without the place in it: "stage in Goes" is about stages, "Brainport" is not."""
    decision = decide(index().search(text, prior))
    without_place = gazetteer().drop(text)
    if without_place == " ".join(text.split()) or not words(without_place):
        return decision
    other = decide(index().search(without_place, replace(prior, vector=None)))
    return max(decision, other, key=lambda d: (d.kind != "fallback", d.confidence))


def _beside_place(text: str, prior: Prior) -> list[Item]:
    """Return what else a message asks that names a place: "… en waar vind ik daar een stage"."""
    parts = [part for part in split_questions(text) if not asks_where(part) and not gazetteer().find(part)]
    if not parts:  # one question, with the place in it
        parts = [gazetteer().drop(text)]
    beside = _items(_sure(parts, prior))
    return [item for item in beside if item.thema != REGION_THEME][:MAX_ITEMS]


def _sure(parts: Sequence[str], prior: Prior) -> list[Decision]:
    # Rasa labelled the message as a whole: its items say nothing of a part, its subject does.
    subject = Prior(intents=prior.intents)
    decisions = [decide(index().search(part, subject)) for part in parts]
    return [d for d in decisions if d.kind == "answer" and d.confidence >= SURE]


def _items(decisions: Sequence[Decision]) -> list[Item]:
    return list({item.id: item for decision in decisions for item in decision.items}.values())
