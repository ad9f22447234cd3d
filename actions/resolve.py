"""What a message asks by itself: the items that answer it, as a whole and for each question in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from actions.assistant import Part, facet_reader, gazetteer, index, lookups
from actions.parts import introduces, leans, own_words
from bot.knowledge.asked import Asked
from bot.knowledge.decide import Decision, decide
from bot.knowledge.expects import can_answer
from bot.knowledge.facets import Facets, title_number
from bot.knowledge.schema import Item
from bot.knowledge.search import Prior
from bot.language.text import words
from bot.places import asks_where

OFF_TOPIC_INTENT = "buiten_onderwerp"
NEED_THEME = "nood"
NEED_INTENTS = ("nood", "hulpkreet", "gevaar")
IN_NEED = 0.5
"""The chance that somebody is in need from which the numbers to call may be found as an answer."""
REGION_THEME = "regios"
MAX_ITEMS = 2
NEAR = 0.1
"""The chance that a question is in scope from which what comes nearest is worth offering."""
SURE = 0.45
"""The confidence from which a part of a message, or an item beside a place, is answered for itself."""
SURELY_OFF_TOPIC, SURE_OFF_TOPIC = 0.9, 0.8
"""Of a message that is off-topic as a whole, a part must be surer: "what do I need for it" is no question by itself."""
LOOKED_UP = 0.9
"""The confidence of what was asked by its own name or number, which is seldom wrong."""


def resolve(text: str, prior: Prior, facets: Facets | None = None, parts: Sequence[Part] = ()) -> Decision:
    """Decide on a message as a whole and, when it holds more questions, on each of them."""
    facets = facets or facet_reader().read(text)
    return _looked_up_after_all(_resolve(text, prior, facets, parts), Asked(text, facets))


def _resolve(text: str, prior: Prior, facets: Facets, parts: Sequence[Part]) -> Decision:
    if item := lookups().asked_for(Asked(text, facets)):
        return Decision("answer", [item], [], LOOKED_UP)
    if len(facets.numbers) > 1:
        each = [
            titles(number) or _whole(text, prior, replace(facets, numbers=(number,)).allow).items
            for number in facets.numbers[:MAX_ITEMS]
        ]
        return Decision("answer", [item for items in each for item in items], [], LOOKED_UP)
    whole = _with_person(text, _whole(text, prior, facets.allow))
    if facets.numbers and whole.kind != "answer" and (named := titles(facets.numbers[0])):
        whole = Decision("answer", named, whole.items, LOOKED_UP)  # who names an action asks for it
    if whole.confidence == 1.0:
        return whole
    off_topic = prior.intents.get(OFF_TOPIC_INTENT, 0.0) > SURELY_OFF_TOPIC
    return _with_parts(whole, parts, SURE_OFF_TOPIC if off_topic else SURE)


def _with_parts(whole: Decision, parts: Sequence[Part], limit: float) -> Decision:
    """Answer both questions that a message holds, or the one in a long story."""
    questions = [part for part in parts if not introduces(part.text)]
    leaning = [part for part in questions if leans(part.text)]
    sure = _sure([part for part in questions if part not in leaning], limit)
    items = _items(sure)
    if len(items) == 1 and leaning and (also := _leant_on(leaning[0], items[0])):
        items.append(also)
    if len(items) >= 2:
        return Decision("answer", items[:MAX_ITEMS], items[MAX_ITEMS:], min(d.confidence for d in sure))
    sure = sure or _sure(parts, limit)
    best = max(sure, key=lambda decision: decision.confidence, default=whole)
    # A long story with the question in one of its sentences.
    return best if whole.kind != "answer" or best.confidence > whole.confidence else whole


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


def titles(number: tuple[str, int]) -> list[Item]:
    """Return the item of an action, ambition or goal, if there is one."""
    return [item for item in index().knowledge.items if title_number(item) == number]


def _left_out(prior: Prior) -> str | None:
    """Return the theme of the numbers to call, unless a message sounds like need: "bel me als er werk is" does not."""
    in_need = sum(prior.intents.get(intent, 0.0) for intent in NEED_INTENTS) >= IN_NEED
    return None if in_need else NEED_THEME


def _whole(text: str, prior: Prior, allow: Callable[[Item], bool] | None) -> Decision:
    """Decide on a message with and without the place in it: "stage in Goes" is about stages, "Brainport" is not."""
    without = _left_out(prior)
    decision = decide(index().search(text, prior, allow=allow, without=without))
    without_place = gazetteer().drop(text)
    if without_place == " ".join(text.split()) or not words(without_place):
        return decision
    other = decide(index().search(without_place, replace(prior, vector=None), allow=allow, without=without))
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


def beside_place(text: str, prior: Prior, parts: Sequence[Part]) -> list[Item]:
    """Return what else a message asks that names a place: "… en waar vind ik daar een stage"."""
    others = [part for part in parts if not asks_where(part.text) and not gazetteer().find(part.text)]
    if not others:  # one question, with the place in it
        others = [Part(gazetteer().drop(text), replace(prior, vector=None))]
    beside = _items(_sure(others))
    return [item for item in beside if item.thema != REGION_THEME][:MAX_ITEMS]


def _sure(parts: Sequence[Part], limit: float = SURE) -> list[Decision]:
    decisions = [
        decide(index().search(part.text, part.prior, allow=facets.allow, without=_left_out(part.prior)))
        for part in parts
        if own_words(part.text) > leans(part.text)
        for facets in [facet_reader().read(part.text)]
    ]
    return [d for d in decisions if d.kind == "answer" and d.confidence >= limit]


def _leant_on(part: Part, item: Item) -> Item | None:
    """Return what answers a part that points back at the answer to another: "… en hoeveel verdien ik dan"."""
    if can_answer(part.text, [item.antwoord]):
        return None
    near = {*item.zie_ook, *(other.id for other in index().knowledge.items if other.thema == item.thema)} - {item.id}
    found = decide(index().search(f"{part.text} {item.vraag}", allow=lambda other: other.id in near))
    good = found.kind == "answer" and can_answer(part.text, [found.items[0].antwoord])
    return found.items[0] if good else None


def _items(decisions: Sequence[Decision]) -> list[Item]:
    return list({item.id: item for decision in decisions for item in decision.items}.values())
