"""How a message goes on from the answer before it: "en in procenten?", "en Noord dan?", "hoeveel is dat?"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.assistant import gazetteer, index, lookups
from actions.context import Context
from actions.parts import own_words
from actions.resolve import LOOKED_UP, MAX_ITEMS, OFF_TOPIC_INTENT, SURE, titles
from actions.understanding import Understanding
from bot.knowledge.asked import Asked
from bot.knowledge.decide import Decision
from bot.knowledge.facets import Facets, number_of, only_number
from bot.knowledge.schema import Item
from bot.knowledge.search import Prior
from bot.language.text import FUNCTION_WORDS, words

PLACE_FOLLOW_UPS = frozenset({"plaats_noemen", "vervolg_plaats", "correctie_plaats"})
FOLLOW_UP_INTENT = "vervolg_vraag"
MAX_OFF_TOPIC = 0.4
MAX_NEAR = 20
MAX_FOLLOW_UP_WORDS = 9
MAX_ELLIPTIC_WORDS = 4
NEIGHBOURS = {"volgende": 1, "vorige": -1}
LINE_WORDS = frozenset("kiezen leren werken techniek lijn actielijn plan plannen".split())
POINTS_THERE = re.compile(r"\b(?:daar|dat landsdeel|die regio)\b", re.IGNORECASE)
POINTERS = frozenset(
    "dat die dit deze het er daar daarin daarvan daarvoor daarmee daaraan hier hiervan hiervoor ervan ervoor erin hun "
    "ze zij hij hem".split()
)
WHERE_WORDS = frozenset(
    "welk welke waar bij tot is dat hoort hoor valt ligt in de het een van voor naar regio landsdeel deel streek mijn "
    "ik woon wij wonen plaats dorp stad onder en "
    "of dan jullie ons onze noord oost zuid west noordwest noordoost zuidwest zuidoost".split()
)
"""Words that are left of a question about nothing but a place."""
SURE_BY_ITSELF = 0.6
"""The confidence from which a message that points back is taken to say enough by itself."""

SURE_OF_ONE_WORD = 0.9
"""The same of a message with no more than one word of its own: "en waar meld ik me aan"."""


def going_on_from(text: str, intent: str | None, facets: Facets, before: Context) -> Understanding | None:
    """Understand "en in procenten?", "en Noord dan?": the question before, with one thing in it replaced."""
    said = words(text)
    short = len(said) <= MAX_ELLIPTIC_WORDS
    if not before.items or facets.numbers or not (said[:1] == ["en"] or short or intent in PLACE_FOLLOW_UPS):
        return None
    item = before.items[0]
    if kind := number_of(item):
        step = next((steps for word, steps in NEIGHBOURS.items() if word in said), None)
        number = only_number(text) if step is None else kind[1] + step
        if number is not None:
            return _numbered(text, replace(facets, numbers=((kind[0], number),)))
    asked = Asked(text, facets, before.looked_up, goes_on=True)
    if item.opzoeken:
        decision = Decision("answer", [item], [], LOOKED_UP)
        return Understanding(decision, asked, text) if lookups().goes_on(item, asked) else None
    elsewhere = bool(facets.regions) and item.over.landsdeel not in facets.regions
    if not (item.over.landsdeel and (elsewhere or facets.lijn) and _says_nothing_else(text)):
        return None
    return _same_elsewhere(text, facets, before, asked)


def where_it_points(text: str, facets: Facets, before: Context) -> Facets:
    """Return the facets with, for "daar", the landsdelen that the answer before was about."""
    if facets.regions or not POINTS_THERE.search(text):
        return facets
    return replace(facets, landsdelen=_landsdelen_before(before))


def in_the_light_of(
    before: Context, text: str, intent: str | None, facets: Facets, prior: Prior, alone: Decision
) -> tuple[Decision, bool]:
    """Return what a message without a place asks after the answer before it, and whether it goes on from that.

    `alone` is what it asks by itself.
    """
    goes_on = intent == FOLLOW_UP_INTENT or _leans_on(text, alone, prior)
    if not (before.items and goes_on) or facets.numbers or lookups().asked_for(Asked(text, facets)):
        return alone, False
    found = _in_context(text, prior, before.items)
    beside = _names_something_else(text) and not facets.regions
    if not found or (beside and _says_the_same_again(found, before, alone)):
        return alone, False
    return found, True


def _says_nothing_else(text: str) -> bool:
    """Tell whether a message holds nothing but a landsdeel, a line and words without content."""
    names = {word for part in index().knowledge.landsdelen for name in (part.naam, *part.ook_bekend_als)
             for word in words(name)}  # fmt: skip
    left = set(words(gazetteer().drop(text))) - FUNCTION_WORDS - names - WHERE_WORDS - LINE_WORDS
    return not left


def _numbered(text: str, facets: Facets) -> Understanding:
    """Ask for a numbered thing by its number alone."""
    kind, number = facets.numbers[0]
    items = titles((kind, number))
    decision = Decision("answer", items, [], LOOKED_UP) if items else Decision("fallback", [], [], 0.0)
    return Understanding(decision, Asked(text, facets), f"{kind} {number}")


def _same_elsewhere(text: str, facets: Facets, before: Context, asked: Asked) -> Understanding | None:
    """Ask the question before of another landsdeel, or of another line of the plan."""
    item = before.items[0]
    there = facets.following(
        Facets(landsdelen=(item.over.landsdeel,) if item.over.landsdeel else (), lijn=item.over.lijn)
    )

    def allow(other: Item) -> bool:
        same_line = not facets.lijn or other.over.lijn == facets.lijn
        return other.thema == item.thema and other.over.landsdeel in there.regions and same_line

    question = f"{text} {before.question}" if facets.lijn else gazetteer().drop(before.question)
    for part in index().knowledge.landsdelen:  # the landsdeel of the question before says nothing of this one
        question = " ".join(word for word in question.split() if word.lower().strip("?,.") != part.naam.lower())
    candidates = index().search(question, allow=allow).candidates
    if not candidates:
        return None
    items = [candidate.item for candidate in candidates]
    return Understanding(Decision("answer", items[:1], items[1:MAX_ITEMS], SURE), asked, question)


def _landsdelen_before(before: Context) -> tuple[str, ...]:
    """Return the landsdelen that the answer before was about: "en hoeveel tekort daar?"."""
    about = tuple(item.over.landsdeel for item in before.items if item.over.landsdeel)
    return tuple(before.looked_up.get("landsdeel", ())) or about


def _leans_on(text: str, decision: Decision, prior: Prior) -> bool:
    """Tell whether a short message points back ("hoeveel is dat?") and says too little by itself."""
    said = words(text)
    points_back = said[:1] == ["en"] or not POINTERS.isdisjoint(said)
    off_topic = prior.intents.get(OFF_TOPIC_INTENT, 0.0) - prior.intents.get(FOLLOW_UP_INTENT, 0.0) > MAX_OFF_TOPIC
    short = len(said) <= MAX_FOLLOW_UP_WORDS
    enough = SURE_BY_ITSELF if own_words(text) > 1 else SURE_OF_ONE_WORD
    return points_back and short and not off_topic and decision.confidence < enough


def _names_something_else(text: str) -> bool:
    """Tell whether a follow-up puts something beside what was asked: "en de leden?", not "en waar is dat?"."""
    said = words(text)
    return said[:1] == ["en"] and POINTERS.isdisjoint(said)


def _says_the_same_again(in_context: Decision, before: Context, decision: Decision) -> bool:
    """Tell whether a follow-up would get the answer before it once more, while it has an answer by itself."""
    same = [item.id for item in in_context.items] == [item.id for item in before.items]
    return same and decision.kind == "answer" and decision.items != in_context.items


def _in_context(text: str, prior: Prior, before: Sequence[Item]) -> Decision | None:
    """Return the answer that a follow-up has near the answer before it: that item, or one beside it."""
    subject = " ".join(item.vraag for item in before)
    near = {item.id for item in before} | {other for item in before for other in item.zie_ook}
    places = {item.over.landsdeel for item in before if item.over.landsdeel}

    def allow(item: Item) -> bool:
        return item.id in near or item.over.landsdeel in places

    only_vector = Prior(vector=prior.vector)  # what Rasa made of the message by itself says nothing here
    together = index().search(f"{text} {subject}", limit=MAX_NEAR, allow=allow).candidates
    # The subject draws towards the answer before; the follow-up itself tells what more is wanted.
    alone = {each.item.id: each.share for each in index().search(text, only_vector, MAX_NEAR, allow).candidates}
    ranked = sorted(together, key=lambda each: -each.share * alone.get(each.item.id, 0.0))
    items = [each.item for each in ranked]
    return Decision("answer", items[:1], items[1:MAX_ITEMS], SURE) if items else None
