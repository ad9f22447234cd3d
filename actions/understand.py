"""What a message asks: which items answer it, which place it is about, what it goes on from."""

from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk import Tracker

from actions.assistant import facet_reader, gazetteer, index, known_items, lookups, parts_of, prior_of
from actions.context import Context
from actions.follow_up import PLACE_FOLLOW_UPS, WHERE_WORDS, going_on_from, in_the_light_of, where_it_points
from actions.resolve import beside_place, is_looked_up, resolve
from actions.understanding import Understanding
from bot.knowledge.asked import Asked
from bot.knowledge.decide import Decision, checked
from bot.knowledge.expects import counts_things
from bot.knowledge.schema import Item
from bot.language.text import key, question_text, words
from bot.places import Mention, asks_where

REGION_INTENTS = PLACE_FOLLOW_UPS | {"regio_vragen"}


def understand(tracker: Tracker) -> Understanding:
    """Return what the latest message of a visitor asks, in the light of the answer before it."""
    message, before = tracker.latest_message, Context.of(tracker)
    text = message.get("repaired") or message.get("text") or ""
    intent = (message.get("intent") or {}).get("name")
    facets = where_it_points(text, facet_reader().read(text), before)
    if going_on := going_on_from(text, intent, facets, before):
        return going_on
    if chosen := known_items([(tracker.get_slot("gekozen") or {}).get(key(text))]):
        return Understanding(Decision("answer", chosen, [], 1.0), Asked(text, facets), text)
    place = next(iter(gazetteer().find(text)), None)
    prior = prior_of(message)
    alone = resolve(text, prior, facets, parts_of(message))
    decision, goes_on = (alone, False) if place else in_the_light_of(before, text, intent, facets, prior, alone)
    same = [item.id for item in decision.items] == [item.id for item in before.items]
    asked = Asked(text, facets, before.looked_up if same else {}, goes_on and same)
    understood = Understanding(_checked(decision, asked, place), asked, text, place)
    only_where = WHERE_WORDS.issuperset(words(_without_place(text, place, before)))
    if not place or (intent not in PLACE_FOLLOW_UPS and not only_where and is_looked_up(understood.decision)):
        return understood
    if not (asks_where(text) or intent in REGION_INTENTS or only_where):
        return understood
    beside = [] if only_where else beside_place(text, prior, parts_of(message))
    return replace(understood, about_place=True, beside_place=beside)


def _without_place(text: str, place: Mention | None, before: Context) -> str:
    """Return what a message says besides its place; a streek may have items of its own, unless it follows an answer."""
    if place and before.items:
        return f"{text[: place.start]} {text[place.end :]}"
    return gazetteer().drop(text)


def _checked(decision: Decision, asked: Asked, place: Mention | None) -> Decision:
    """Turn an answer into a fallback when it lacks what is asked, or tells of another place how many there are."""
    text = gazetteer().drop(question_text(asked.text))  # a mark where a phone number stood asks for none
    decision = checked(decision, text, index().strangers, _has_place, lambda item: _looked_up(item, asked))
    if place and decision.kind == "answer" and _counts_elsewhere(asked.text, place, decision.items):
        return Decision("fallback", [], decision.items, decision.confidence, nearest=decision.items[0])
    return decision


def _counts_elsewhere(text: str, place: Mention, items: Sequence[Item]) -> bool:
    """Tell whether a question asks how many there are in a place that no answer is about."""

    def is_about(item: Item) -> bool:
        named = {landsdeel for other in gazetteer().find(item.antwoord) for landsdeel in other.landsdelen}
        return bool(item.opzoeken) or item.over.landsdeel in place.landsdelen or not named.isdisjoint(place.landsdelen)

    return counts_things(text) and not any(is_about(item) for item in items)


def _has_place(text: str) -> bool:
    return bool(gazetteer().find(text))


def _looked_up(item: Item, asked: Asked) -> str | None:
    """Return what the table or list of an item has on a question, if it has it."""
    found = lookups().look_up(item, asked)
    return found.text if found and found.complete else None
