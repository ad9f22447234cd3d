"""What a message asks: which items answer it, which place it is about, what it goes on from."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from rasa_sdk import Tracker

from actions.assistant import Part, facet_reader, gazetteer, index, known_items, lookups, parts_of, prior_of
from actions.context import Context
from bot.knowledge.asked import Asked
from bot.knowledge.decide import Decision, checked, decide
from bot.knowledge.expects import counts_things
from bot.knowledge.facets import Facets, number_of, only_number, title_number
from bot.knowledge.schema import Item
from bot.knowledge.search import Prior
from bot.language.text import FUNCTION_WORDS, key, question_text, words
from bot.places import Mention, asks_where

REGION_THEME = "regios"
PLACE_FOLLOW_UPS = frozenset({"plaats_noemen", "vervolg_plaats", "correctie_plaats"})
REGION_INTENTS = PLACE_FOLLOW_UPS | {"regio_vragen"}
FOLLOW_UP_INTENT = "vervolg_vraag"
OFF_TOPIC_INTENT = "buiten_onderwerp"
NEED_THEME = "nood"
NEED_INTENTS = ("nood", "hulpkreet", "gevaar")
IN_NEED = 0.5
"""The chance that somebody is in need from which the numbers to call may be found as an answer."""
MAX_OFF_TOPIC = 0.4
MAX_ITEMS = 2
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
NEAR = 0.1
"""The chance that a question is in scope from which what comes nearest is worth offering."""
WHERE_WORDS = frozenset(
    "welk welke waar bij tot is dat hoort hoor valt ligt in de het een van voor naar regio landsdeel deel streek mijn "
    "ik woon wij wonen plaats dorp stad onder en "
    "of dan jullie ons onze noord oost zuid west noordwest noordoost zuidwest zuidoost".split()
)
"""Words that are left of a question about nothing but a place."""
SURE = 0.45
"""The confidence from which a part of a message, or an item beside a place, is answered for itself."""
SURELY_OFF_TOPIC, SURE_OFF_TOPIC = 0.9, 0.8
"""Of a message that is off-topic as a whole, a part must be surer: "what do I need for it" is no question by itself."""
LOOKED_UP = 0.9
"""The confidence of what was asked by its own name or number, which is seldom wrong."""
SURE_BY_ITSELF = 0.6
"""The confidence from which a message that points back is taken to say enough by itself."""


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


def understand(tracker: Tracker) -> Understanding:
    """Return what the latest message of a visitor asks, in the light of the answer before it."""
    message, before = tracker.latest_message, Context.of(tracker)
    text = message.get("repaired") or message.get("text") or ""
    intent = (message.get("intent") or {}).get("name")
    facets = facet_reader().read(text)
    if not facets.regions and POINTS_THERE.search(text):
        facets = replace(facets, landsdelen=_landsdelen_before(before))
    if going_on := _going_on(text, intent, facets, before):
        return going_on
    if chosen := known_items([(tracker.get_slot("gekozen") or {}).get(key(text))]):
        return Understanding(Decision("answer", chosen, [], 1.0), Asked(text, facets), text)
    place = next(iter(gazetteer().find(text)), None)
    prior = prior_of(message)
    decision = _looked_up_after_all(resolve(text, prior, facets, parts_of(message)), Asked(text, facets))
    leans = not place and not facets.numbers and not lookups().asked_for(Asked(text, facets))
    goes_on = False
    if before.items and leans and (intent == FOLLOW_UP_INTENT or _leans_on_before(text, decision, prior)):
        in_context = _in_context(text, before.items)
        else_named = _names_something_else(text) and not facets.regions
        if in_context and not (else_named and _says_the_same_again(in_context, before, decision)):
            decision, goes_on = in_context, True
    asked_for = gazetteer().drop(question_text(text))  # a mark where a phone number stood asks for none
    same = [item.id for item in decision.items] == [item.id for item in before.items]
    asked = Asked(text, facets, before.looked_up if same else {}, goes_on and same)
    decision = checked(decision, asked_for, index().strangers, _has_place, lambda item: _looked_up(item, asked))
    if place and decision.kind == "answer" and _counts_elsewhere(text, place, decision.items):
        decision = Decision("fallback", [], decision.items, decision.confidence, nearest=decision.items[0])
    understanding = Understanding(decision, asked, text, place)
    only_where = WHERE_WORDS.issuperset(words(gazetteer().drop(text)))
    if not place or (intent not in PLACE_FOLLOW_UPS and not only_where and is_looked_up(decision)):
        return understanding
    if not (asks_where(text) or intent in REGION_INTENTS or only_where):
        return understanding
    beside = [] if only_where else _beside_place(text, prior, parts_of(message))
    return replace(understanding, about_place=True, beside_place=beside)


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


def _landsdelen_before(before: Context) -> tuple[str, ...]:
    """Return the landsdelen that the answer before was about: "en hoeveel tekort daar?"."""
    about = tuple(item.over.landsdeel for item in before.items if item.over.landsdeel)
    return tuple(before.looked_up.get("landsdeel", ())) or about


def _going_on(text: str, intent: str | None, facets: Facets, before: Context) -> Understanding | None:
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


def _says_nothing_else(text: str) -> bool:
    """Tell whether a message holds nothing but a landsdeel, a line and words without content."""
    names = {word for part in index().knowledge.landsdelen for name in (part.naam, *part.ook_bekend_als)
             for word in words(name)}  # fmt: skip
    left = set(words(gazetteer().drop(text))) - FUNCTION_WORDS - names - WHERE_WORDS - LINE_WORDS
    return not left


def _numbered(text: str, facets: Facets) -> Understanding:
    """Ask for a numbered thing by its number alone."""
    kind, number = facets.numbers[0]
    items = _titles((kind, number))
    decision = Decision("answer", items, [], LOOKED_UP) if items else Decision("fallback", [], [], 0.0)
    return Understanding(decision, Asked(text, facets), f"{kind} {number}")


def _titles(number: tuple[str, int]) -> list[Item]:
    """Return the item of an action, ambition or goal, if there is one."""
    return [item for item in index().knowledge.items if title_number(item) == number]


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


def _looked_up_after_all(decision: Decision, asked: Asked) -> Decision:
    """Answer from a table or list what seemed out of scope, when the question names something of it."""
    nearest = decision.choices[:1]
    if decision.kind == "fallback" and decision.confidence >= NEAR and nearest and lookups().look_up(nearest[0], asked):
        return Decision("answer", nearest, decision.choices[1:], SURE)
    return decision


def is_looked_up(decision: Decision) -> bool:
    """Tell whether the answer has its own word on the place: a figure of it, or its plan."""
    sure = decision.kind == "answer" and decision.confidence >= SURE
    return sure and any(item.opzoeken or item.over.landsdeel for item in decision.items)


def _leans_on_before(text: str, decision: Decision, prior: Prior) -> bool:
    """Tell whether a short message points back ("hoeveel is dat?") and says too little by itself."""
    said = words(text)
    points_back = said[:1] == ["en"] or not POINTERS.isdisjoint(said)
    off_topic = prior.intents.get(OFF_TOPIC_INTENT, 0.0) - prior.intents.get(FOLLOW_UP_INTENT, 0.0) > MAX_OFF_TOPIC
    short = len(said) <= MAX_FOLLOW_UP_WORDS
    return points_back and short and not off_topic and decision.confidence < SURE_BY_ITSELF


def _names_something_else(text: str) -> bool:
    """Tell whether a follow-up puts something beside what was asked: "en de leden?", not "en waar is dat?"."""
    said = words(text)
    return said[:1] == ["en"] and POINTERS.isdisjoint(said)


def _says_the_same_again(in_context: Decision, before: Context, decision: Decision) -> bool:
    """Tell whether a follow-up would get the answer before it once more, while it has an answer by itself."""
    same = [item.id for item in in_context.items] == [item.id for item in before.items]
    return same and decision.kind == "answer" and decision.items != in_context.items


def _in_context(text: str, before: Sequence[Item]) -> Decision | None:
    """Return the answer that a follow-up has near the answer before it: that item, or one beside it."""
    subject = " ".join(item.vraag for item in before)
    near = {item.id for item in before} | {other for item in before for other in item.zie_ook}
    places = {item.over.landsdeel for item in before if item.over.landsdeel}

    def allow(item: Item) -> bool:
        return item.id in near or item.over.landsdeel in places

    together = index().search(f"{text} {subject}", limit=MAX_NEAR, allow=allow).candidates
    # The subject draws towards the answer before; the follow-up itself tells what more is wanted.
    alone = {each.item.id: each.share for each in index().search(text, limit=MAX_NEAR, allow=allow).candidates}
    ranked = sorted(together, key=lambda each: -each.share * alone.get(each.item.id, 0.0))
    items = [each.item for each in ranked]
    return Decision("answer", items[:1], items[1:MAX_ITEMS], SURE) if items else None


def resolve(text: str, prior: Prior, facets: Facets | None = None, parts: Sequence[Part] = ()) -> Decision:
    """Decide on a message as a whole and, when it holds more questions, on each of them."""
    facets = facets or facet_reader().read(text)
    if item := lookups().asked_for(Asked(text, facets)):
        return Decision("answer", [item], [], LOOKED_UP)
    if len(facets.numbers) > 1:
        each = [
            _titles(number) or _whole(text, prior, replace(facets, numbers=(number,)).allow).items
            for number in facets.numbers[:MAX_ITEMS]
        ]
        return Decision("answer", [item for items in each for item in items], [], LOOKED_UP)
    whole = _with_person(text, _whole(text, prior, facets.allow))
    if facets.numbers and whole.kind != "answer" and (titles := _titles(facets.numbers[0])):
        whole = Decision("answer", titles, whole.items, LOOKED_UP)  # who names an action asks for it
    if whole.confidence == 1.0:
        return whole
    off_topic = prior.intents.get(OFF_TOPIC_INTENT, 0.0) > SURELY_OFF_TOPIC
    sure = _sure(parts, SURE_OFF_TOPIC if off_topic else SURE)
    items = _items(sure)
    if len(items) >= 2:
        return Decision("answer", items[:MAX_ITEMS], items[MAX_ITEMS:], min(d.confidence for d in sure))
    best = max(sure, key=lambda decision: decision.confidence, default=whole)
    # A long story with the question in one of its sentences.
    return best if whole.kind != "answer" or best.confidence > whole.confidence else whole


def _not_in_need(prior: Prior, allow: Callable[[Item], bool] | None) -> Callable[[Item], bool] | None:
    """Leave out the numbers to call in need, unless a message sounds like it: "bel me als er werk is" does not."""
    if sum(prior.intents.get(intent, 0.0) for intent in NEED_INTENTS) >= IN_NEED:
        return allow
    return lambda item: item.thema != NEED_THEME and (allow is None or allow(item))


def _whole(text: str, prior: Prior, allow: Callable[[Item], bool] | None) -> Decision:
    """Decide on a message with and without the place in it: "stage in Goes" is about stages, "Brainport" is not."""
    allow = _not_in_need(prior, allow)
    decision = decide(index().search(text, prior, allow=allow))
    without_place = gazetteer().drop(text)
    if without_place == " ".join(text.split()) or not words(without_place):
        return decision
    other = decide(index().search(without_place, replace(prior, vector=None), allow=allow))
    return max(decision, other, key=lambda d: (d.kind != "fallback", d.confidence))


def _with_person(text: str, decision: Decision) -> Decision:
    """Take a person of a list for the subject, unless the answer already is about that person."""
    named = lookups().about_person(text)
    if not named:
        return decision
    item, person = named
    surname = person.split()[-1]
    if any(surname in f"{other.vraag} {other.antwoord}" for other in decision.items):
        return decision
    return Decision("answer", [item], decision.items, SURE)


def _beside_place(text: str, prior: Prior, parts: Sequence[Part]) -> list[Item]:
    """Return what else a message asks that names a place: "… en waar vind ik daar een stage"."""
    others = [part for part in parts if not asks_where(part.text) and not gazetteer().find(part.text)]
    if not others:  # one question, with the place in it
        others = [Part(gazetteer().drop(text), replace(prior, vector=None))]
    beside = _items(_sure(others))
    return [item for item in beside if item.thema != REGION_THEME][:MAX_ITEMS]


def _sure(parts: Sequence[Part], limit: float = SURE) -> list[Decision]:
    decisions = [
        decide(index().search(part.text, part.prior, allow=_not_in_need(part.prior, facets.allow)))
        for part in parts
        for facets in [facet_reader().read(part.text)]
    ]
    return [d for d in decisions if d.kind == "answer" and d.confidence >= limit]


def _items(decisions: Sequence[Decision]) -> list[Item]:
    return list({item.id: item for decision in decisions for item in decision.items}.values())
