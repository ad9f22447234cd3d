"""From a place to its landsdeel and what is known there."""

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import reply
from actions.assistant import gazetteer, index
from bot.knowledge.regions import bodies_for
from bot.knowledge.schema import Landsdeel, Organisatie
from bot.places import Mention, Place

FOLLOW_UPS = ("vervolg_plaats", "correctie_plaats")
MAX_BODIES = 4


def place_of(value: str | None) -> tuple[Place, ...]:
    """Return the places that the slot `plaats` stands for."""
    return gazetteer().lookup(value) if value else ()


def where(place: Place, landsdeel: Landsdeel) -> str:
    """Return the sentence that brings a place to its landsdeel."""
    provinces = _enumerate(landsdeel.provincies)
    belongs = f"landsdeel {landsdeel.naam} van het Techniekpact ({provinces})"
    if place.kind == "landsdeel":
        return f"Dit is {belongs}."
    if place.kind == "provincie" or not place.provincie:
        return f"{place.name} hoort bij {belongs}."
    return f"{place.name} ligt in de provincie {place.provincie}. Dat hoort bij {belongs}."


def region_paragraph(mention: Mention) -> str:
    """Return one short paragraph about a place, to stand under an answer about something else."""
    place = mention.places[0]
    landsdeel = index().knowledge.landsdeel(mention.landsdelen[0])
    bodies = bodies_for(landsdeel, place.provincie, place.gemeente, place.streken)[:2]
    names = _enumerate([body.naam + (f" ({body.site})" if body.site else "") for body in bodies])
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
    parts.append(reply.source_line(sources, landsdeel.gecontroleerd_op))
    links = [reply.Link(titel=body.naam, url=body.site) for body in bodies if body.site]
    items = [f"landsdeel-{landsdeel.id}", *(body.id for body in bodies)]
    return reply.Reply("answer", "\n\n".join(parts), items, sources, links)


def _describe(body: Organisatie) -> str:
    contact = ", ".join(value for value in (body.site, body.email, body.telefoon, body.adres) if value)
    as_of = f" (stand {reply.in_words(body.stand)})" if body.stand else ""
    text = " ".join(body.tekst.split())
    return f"- {body.naam}, {body.gebied}{as_of}: {text}" + (f" {contact}" if contact else "")


def _enumerate(names: list[str]) -> str:
    return " en ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


class ActionRegion(Action):
    """Tells what is known in the place of the visitor, or goes on with the question before, there."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_region"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Reply for the place in the slot `plaats`."""
        places = place_of(tracker.get_slot("plaats"))
        if not places or not places[0].landsdelen:
            return _abroad(dispatcher, tracker.get_slot("plaats"))
        place = places[0]
        before = [i for i in tracker.get_slot("laatste_items") or [] if not i.startswith("landsdeel-")]
        if (tracker.latest_message.get("intent") or {}).get("name") in FOLLOW_UPS and before:
            return self._again(dispatcher, place, before)
        message = region_reply(place)
        message.send(dispatcher)
        return [SlotSet("laatste_items", list(message.items[:1])), SlotSet("missers", 0), SlotSet("keuzes", [])]

    @staticmethod
    def _again(dispatcher: CollectingDispatcher, place: Place, before: list[str]) -> list[EventType]:
        """Say what is known there, under the subject that the visitor was on."""
        knowledge = index().knowledge
        known = {item.id for item in knowledge.items}
        items = [knowledge.item(item_id) for item_id in before if item_id in known]
        about = region_reply(place)
        subject = _enumerate([f"'{item.vraag}'" for item in items])
        text = f"{about.text}\n\nWat ik zei bij {subject} geldt voor heel Nederland." if items else about.text
        reply.Reply("answer", text, [*about.items, *(i.id for i in items)], about.sources, about.links).send(dispatcher)
        return [SlotSet("missers", 0)]


def _abroad(dispatcher: CollectingDispatcher, name: str | None) -> list[EventType]:
    subject = f"{name} ligt" if name else "Die plaats ligt"
    text = (
        f"{subject} niet in Nederland. Het Techniekpact is van Nederland: ik ken alleen Nederlandse plaatsen. "
        "Noem een Nederlandse plaats of provincie, dan zeg ik bij welk landsdeel die hoort."
    )
    reply.Reply("fallback", text).send(dispatcher)
    return [SlotSet("plaats", None)]


class ValidateRegionForm(FormValidationAction):
    """Makes sure that the place is one place."""

    def name(self) -> str:
        """Return the name that Rasa gives the validation of `region_form`."""
        return "validate_region_form"

    def validate_plaats(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Accept a place that lies in one landsdeel or abroad; of several, ask which is meant."""
        values = value if isinstance(value, list) else [value]
        places = next((found for found in map(place_of, reversed(values)) if found), ())
        landsdelen = {landsdeel for place in places for landsdeel in place.landsdelen}
        if len(landsdelen) > 1:
            return {"plaats": None, "plaats_keuzes": _which(places)}
        if not places:
            return {"plaats": None, "plaats_keuzes": None}
        return {"plaats": values[-1], "plaats_keuzes": None}


def _which(places: tuple[Place, ...]) -> list[str]:
    """Return the buttons that tell namesakes, or the parts of a divided streek, apart."""
    if len(places) > 1:
        return [place.label for place in places]
    return [f"landsdeel {index().knowledge.landsdeel(landsdeel).naam}" for landsdeel in places[0].landsdelen]


class ActionAskPlace(Action):
    """Asks for the place, or which of several places is meant."""

    def name(self) -> str:
        """Return the name that Rasa gives the question of `region_form`."""
        return "action_ask_region_form_plaats"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Ask."""
        choices = tracker.get_slot("plaats_keuzes") or []
        if choices:
            text = "Die naam kan bij meer dan één landsdeel horen. Welke bedoel je?"
            reply.Reply("clarify", text, buttons=choices).send(dispatcher)
            return [SlotSet("keuzes", choices)]
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
        lines = [f"- {part.naam}: {_enumerate(part.provincies)}" for part in knowledge.landsdelen]
        sources = [knowledge.bron(source) for source in dict.fromkeys(s for p in knowledge.landsdelen for s in p.bronnen)]
        text = "\n\n".join(
            ["Dat geeft niet. Dit zijn de landsdelen:\n" + "\n".join(lines), reply.source_line(sources)]
        )
        choices = [f"landsdeel {part.naam}" for part in knowledge.landsdelen]
        items = [f"landsdeel-{part.id}" for part in knowledge.landsdelen]
        reply.Reply("answer", text, items, sources, buttons=choices).send(dispatcher)
        return [SlotSet("keuzes", choices), SlotSet("plaats_keuzes", None), SlotSet("missers", 0)]
