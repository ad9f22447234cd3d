"""The answer to a question, or to the two questions that one message holds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import language, region, reply
from actions.assistant import index
from actions.resolve import NEAR
from actions.send import send_answer
from actions.understand import understand
from actions.understanding import Understanding
from bot.knowledge.decide import Decision
from bot.knowledge.facets import Facets, title_number
from bot.knowledge.schema import Item

OTHER_LANGUAGE_INTENT = "andere_taal"
ABSENT_TEXT = "Precies wat je vraagt, vind ik niet in mijn bronnen, en ik wil niets verzinnen. Dit staat er wel:"
CLARIFY_TEXT = "Welke van deze vragen bedoel je? Zit die er niet bij, stel je vraag dan in andere woorden."
MAX_OFFERED = 5
NEAREST_TEXT = (
    "Dat staat niet in de bronnen die ik heb, en ik wil niets verzinnen. Dit komt er het dichtst bij. "
    "Zit het er niet bij, stel je vraag dan in andere woorden of kijk op techniekpact.nl."
)


class ActionAnswer(Action):
    """Answers from the knowledge, offers a choice, or says that it does not know."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Reply to the latest message."""
        text = tracker.latest_message.get("text") or ""
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        message = understand(tracker)
        english = language.is_english(text)
        if intent == OTHER_LANGUAGE_INTENT and not (language.is_dutch(text) or message.decision.confidence == 1.0):
            dispatcher.utter_message(response="utter_andere_taal")
            return []
        if message.about_place and not message.beside_place:
            return region.send_region(dispatcher, message.place.places)
        decision = message.decision
        if message.beside_place:
            decision = Decision("answer", list(message.beside_place), [], decision.confidence)
        placeless = not message.place and not message.asked.facets.regions and not decision.nearest
        if decision.kind == "fallback" and placeless and region.names_region(tracker.latest_message):
            return region.send_unknown(dispatcher)
        if decision.kind == "fallback":
            return _fallback(dispatcher, tracker, message, english)
        if decision.kind == "clarify" and not tracker.get_slot("verduidelijkt"):
            return _clarify(dispatcher, message, english)
        if decision.kind == "clarify":  # twice in a row helps nobody: the best of them, the others beside it
            decision = Decision("answer", decision.choices[:1], decision.choices[1:], decision.confidence)
        place = message.place if message.place and len(message.place.landsdelen) == 1 else None
        themes = {theme.id for theme in index().knowledge.themas if theme.plaatselijk}
        local = message.about_place or any(item.thema in themes for item in decision.items)
        extra = [region.region_paragraph(place.places[0])] if place and local else []
        answered = replace(message, decision=decision)
        events = send_answer(dispatcher, tracker, answered, extra, english)
        return [*events, SlotSet("plaats", place.value)] if place else events


def _clarify(dispatcher: CollectingDispatcher, message: Understanding, english: bool) -> list[EventType]:
    """Ask which of a few questions is meant."""
    decision = message.decision
    choices = [item.vraag for item in decision.choices]
    ids = [item.id for item in decision.choices]
    asked = reply.Reply("clarify", CLARIFY_TEXT, ids, buttons=choices, confidence=decision.confidence)
    reply.with_prefix(asked, language.ANSWER_LINE if english else None).send(dispatcher)
    return [SlotSet("keuzes", choices), SlotSet("missers", 0), SlotSet("verduidelijkt", message.question)]


def _fallback(
    dispatcher: CollectingDispatcher, tracker: Tracker, message: Understanding, english: bool
) -> list[EventType]:
    """Say that the answer is not known, each time with another way out."""
    decision = message.decision
    misses = int(tracker.get_slot("missers") or 0) + 1
    if english:
        dispatcher.utter_message(text=language.FALLBACK_LINE)
    if message.asked.facets.numbers and not decision.nearest:
        offered = _no_such_number(dispatcher, message.asked.facets)
    elif decision.nearest:
        offered = _nearest(dispatcher, message)
    elif misses == 1 and decision.confidence >= NEAR:
        offered = _near(decision)
        reply.Reply("fallback", NEAREST_TEXT, buttons=offered, confidence=decision.confidence).send(dispatcher)
    elif misses % 2 == 0:  # first subjects to choose from, then where people are
        themes = [theme.knop for theme in index().knowledge.themas if theme.id != "nood"]
        offered = list(dict.fromkeys([*_near(decision)[:1], *themes]))[:MAX_OFFERED]
        _utter(dispatcher, "utter_fallback_choices", decision, offered)
    else:
        offered = []
        _utter(dispatcher, "utter_fallback" if misses == 1 else "utter_fallback_people", decision)
    return [SlotSet("missers", misses), SlotSet("keuzes", offered), SlotSet("verduidelijkt", None)]


def _near(decision: Decision) -> list[str]:
    return [item.vraag for item in decision.choices if item.thema != "nood"][:2]


def _utter(dispatcher: CollectingDispatcher, response: str, decision: Decision, buttons: Sequence[str] = ()) -> None:
    """Say a fixed text of domain.yml, with how sure it was."""
    dispatcher.utter_message(
        response=response,
        buttons=[{"title": title, "payload": title} for title in buttons],
        json_message=reply.Reply("fallback", "", confidence=decision.confidence).custom,
    )


def _nearest(dispatcher: CollectingDispatcher, message: Understanding) -> list[str]:
    """Show what comes nearest to a question that the sources do not answer; return what is offered beside it."""
    decision = message.decision
    offered = _near(decision)[1:]
    absent = _absent(decision.nearest, message.asked.facets)
    shown = reply.answer([decision.nearest], index().knowledge, offered, before=[absent])
    replace(shown, kind="fallback", items=(), confidence=decision.confidence).send(dispatcher)
    return offered


def _absent(nearest: Item, facets: Facets) -> str:
    """Say what the sources do not have, above what comes nearest."""
    there = nearest.over.landsdeel
    if not there or not facets.regions or there in facets.regions:
        return ABSENT_TEXT
    knowledge = index().knowledge
    asked = " en ".join(knowledge.landsdeel(part).naam for part in facets.regions)
    return (
        f"Over landsdeel {asked} staat dat niet in de bronnen die ik heb. Over {knowledge.landsdeel(there).naam} wel:"
    )


def _no_such_number(dispatcher: CollectingDispatcher, facets: Facets) -> list[str]:
    """Say of an action or ambition that does not exist which ones do; return what is offered."""
    kind, number = facets.numbers[0]
    known = {own[1]: item for item in index().knowledge.items if (own := title_number(item)) and own[0] == kind}
    last = max(known)
    text = f"{kind.capitalize()} {number} bestaat niet. Ik ken {kind} 1 tot en met {last}."
    reply.Reply("fallback", text, buttons=[known[last].vraag]).send(dispatcher)
    return [known[last].vraag]
