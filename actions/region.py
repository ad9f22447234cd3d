"""From a place to its landsdeel and what is known there."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import reply
from actions.assistant import gazetteer, index, known_items
from actions.follow_up import PLACE_FOLLOW_UPS
from actions.resolve import is_looked_up
from actions.send import send_answer
from actions.understand import understand
from bot.knowledge import wording
from bot.knowledge.decide import Decision
from bot.knowledge.regions import bodies_for
from bot.knowledge.schema import Landsdeel, Organisatie
from bot.language.text import listed, words
from bot.places import Place

REGION_WORDS = frozenset({"landsdeel", "regio", "techniekregio", "techniekpactregio"})
MAX_BODIES = 4


def where(place: Place, landsdeel: Landsdeel) -> str:
    """Return the sentence that brings a place to its landsdeel."""
    provinces = listed(landsdeel.provincies)
    belongs = f"landsdeel {landsdeel.naam} van het Techniekpact ({provinces})"
    if place.kind == "landsdeel":
        return f"Dit is {belongs}."
    if place.kind == "provincie" or not place.provincie:
        return f"{place.name} hoort bij {belongs}."
    return f"{place.name} ligt in de provincie {place.provincie}. Dat hoort bij {belongs}."


def region_paragraph(place: Place) -> str:
    """Return one short paragraph about a place, to stand under an answer about something else."""
    landsdeel = index().knowledge.landsdeel(place.landsdelen[0])
    bodies = bodies_for(landsdeel, place.provincie, place.gemeente, place.streken)
    reachable = [body for body in bodies if body.site][:2]
    names = listed([f"{body.naam} ({body.site}, stand {body.stand or 'onbekend'})" for body in reachable])
    return where(place, landsdeel) + (f" Bekend in deze omgeving: {names}." if names else "")


def region_reply(place: Place) -> reply.Reply:
    """Return all that is known in a place, with sources."""
    knowledge = index().knowledge
    landsdeel = knowledge.landsdeel(place.landsdelen[0])
    bodies = bodies_for(landsdeel, place.provincie, place.gemeente, place.streken)[:MAX_BODIES]
    parts = [where(place, landsdeel)]
    if place.kind in ("landsdeel", "provincie"):
        parts.append(landsdeel.omschrijving.strip())
    if bodies:
        parts.append("Dit is daar bekend:\n" + "\n".join(_describe(body) for body in bodies))
    if not any(body.email or body.telefoon for body in bodies):
        parts.append(
            "Een e-mailadres of telefoonnummer van het Techniekpact in deze regio staat in geen bron die ik heb. "
            "Vraag ernaar via techniekpact.nl of ptvt.nl."
        )
    source_ids = dict.fromkeys([*landsdeel.bronnen, *(source for body in bodies for source in body.bronnen)])
    sources = [knowledge.bron(source) for source in source_ids]
    links = [reply.Link(titel=body.naam, url=body.site) for body in bodies if body.site]
    items = [f"landsdeel-{landsdeel.id}", *(body.id for body in bodies)]
    source_line = wording.source_line(sources, landsdeel.gecontroleerd_op)
    return reply.Reply("answer", "\n\n".join(parts), items, sources, links, source_line=source_line)


def _describe(body: Organisatie) -> str:
    contact = ", ".join(value for value in (body.site, body.email, body.telefoon, body.adres) if value)
    as_of = f" (stand {wording.in_words(body.stand)})" if body.stand else ""
    text = " ".join(body.tekst.split())
    return f"- {body.naam}, {body.gebied}{as_of}: {text}" + (f" {contact}" if contact else "")


def send_region(dispatcher: CollectingDispatcher, places: Sequence[Place]) -> list[EventType]:
    """Tell what is known in a place; of namesakes, ask which is meant; abroad, say so."""
    landsdelen = {landsdeel for place in places for landsdeel in place.landsdelen}
    if not landsdelen:
        return _abroad(dispatcher, places[0].name)
    if len(landsdelen) > 1:
        return _ask_which(dispatcher, which(places))
    message = region_reply(places[0])
    message.send(dispatcher)
    return [
        SlotSet("plaats", places[0].label),
        SlotSet("plaats_keuzes", None),
        SlotSet("laatste_items", list(message.items[:1])),
        SlotSet("keuzes", []),
        SlotSet("missers", 0),
    ]


def which(places: Sequence[Place]) -> list[str]:
    """Return what tells namesakes, or the parts of a divided streek, apart."""
    if len(places) > 1:
        return [place.label for place in places]
    return [f"landsdeel {index().knowledge.landsdeel(landsdeel).naam}" for landsdeel in places[0].landsdelen]


def _ask_which(dispatcher: CollectingDispatcher, choices: list[str]) -> list[EventType]:
    text = "Die naam kan bij meer dan één landsdeel horen. Welke bedoel je?"
    reply.Reply("clarify", text, buttons=choices).send(dispatcher)
    return [SlotSet("keuzes", choices)]


def names_region(latest_message: dict[str, Any]) -> bool:
    """Tell whether a message asks for a landsdeel or regio, of whatever place."""
    return not REGION_WORDS.isdisjoint(words(latest_message.get("text") or ""))


def send_unknown(dispatcher: CollectingDispatcher) -> list[EventType]:
    """Say that the place is not known, and ask for one that is."""
    text = (
        "Die plaats ken ik niet. Noem een Nederlandse plaats, gemeente of provincie, dan zoek ik het landsdeel erbij. "
        "Let op de spelling; een plaats in de buurt noemen mag ook."
    )
    reply.Reply("clarify", text).send(dispatcher)
    return []


def _abroad(dispatcher: CollectingDispatcher, name: str) -> list[EventType]:
    text = (
        f"{name} ligt niet in Nederland. Het Techniekpact is van Nederland: ik ken alleen Nederlandse plaatsen. "
        "Noem een Nederlandse plaats of provincie, dan zeg ik bij welk landsdeel die hoort."
    )
    reply.Reply("fallback", text).send(dispatcher)
    return [SlotSet("plaats", None)]


class ActionRegion(Action):
    """Tells what is known in the place of the visitor, or goes on with the question before, there."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_region"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Reply for the place in the slot `plaats`."""
        places = gazetteer().lookup(tracker.get_slot("plaats"))
        if not places or not places[0].landsdelen:
            return _abroad(dispatcher, tracker.get_slot("plaats"))
        message = understand(tracker)
        if message.asked.goes_on or (not message.about_place and is_looked_up(message.decision)):
            return send_answer(dispatcher, tracker, message)
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        before = known_items(tracker.get_slot("laatste_items")) if intent in PLACE_FOLLOW_UPS else []
        local = {theme.id for theme in index().knowledge.themas if theme.plaatselijk}
        items = list(message.beside_place) or [item for item in before if item.thema in local]
        if not items:
            return send_region(dispatcher, places[:1])
        there = replace(message, decision=Decision("answer", items, [], message.decision.confidence))
        return send_answer(dispatcher, tracker, there, before=[region_paragraph(places[0])])


class ValidateRegionForm(FormValidationAction):
    """Makes sure that the place is one place."""

    def name(self) -> str:
        """Return the name that Rasa gives the validation of `region_form`."""
        return "validate_region_form"

    def validate_plaats(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Accept a place that lies in one landsdeel or abroad; of several, ask which is meant."""
        named = value[0] if isinstance(value, list) else value
        places = gazetteer().lookup(named)
        landsdelen = {landsdeel for place in places for landsdeel in place.landsdelen}
        if not places or len(landsdelen) > 1:
            return {"plaats": None, "plaats_keuzes": which(places) if places else None}
        return {"plaats": named, "plaats_keuzes": None}


class ActionAskPlace(Action):
    """Asks for the place, or which of several places is meant."""

    def name(self) -> str:
        """Return the name that Rasa gives the question of `region_form`."""
        return "action_ask_region_form_plaats"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Ask."""
        choices = tracker.get_slot("plaats_keuzes") or []
        if choices:
            return _ask_which(dispatcher, choices)
        text = "Om welke plaats of provincie gaat het? Dan zoek ik het landsdeel erbij. Weet je het niet, zeg dat dan."
        reply.Reply("clarify", text).send(dispatcher)
        return []


class ActionRegionOverview(Action):
    """Shows the landsdelen to somebody who names no place."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_region_overview"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """List the landsdelen with their provinces."""
        knowledge = index().knowledge
        lines = [f"- {part.naam}: {listed(part.provincies)}" for part in knowledge.landsdelen]
        sources = [
            knowledge.bron(source) for source in dict.fromkeys(s for p in knowledge.landsdelen for s in p.bronnen)
        ]
        text = "Dat geeft niet. Dit zijn de landsdelen:\n" + "\n".join(lines)
        choices = [f"landsdeel {part.naam}" for part in knowledge.landsdelen]
        items = [f"landsdeel-{part.id}" for part in knowledge.landsdelen]
        source_line = wording.source_line(sources)
        reply.Reply("answer", text, items, sources, buttons=choices, source_line=source_line).send(dispatcher)
        return [SlotSet("keuzes", choices), SlotSet("plaats_keuzes", None), SlotSet("missers", 0)]
