"""The answer to a question, or to the two questions that one message holds."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import language, region, reply
from actions.assistant import index, known_items
from actions.understand import understand
from bot.knowledge.decide import Decision
from bot.knowledge.schema import Item


class ActionAnswer(Action):
    """Answers from the knowledge, offers a choice, or says that it does not know."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Reply to the latest message."""
        message = understand(tracker.latest_message, known_items(tracker.get_slot("laatste_items")))
        english = language.is_english(tracker.latest_message.get("text") or "")
        if message.about_place and not message.beside_place:
            return region.send_region(dispatcher, message.place.places)
        decision = message.decision
        if message.beside_place:
            decision = Decision("answer", list(message.beside_place), [], decision.confidence)
        if decision.kind == "fallback" and not message.place and region.names_region(tracker.latest_message):
            return region.send_unknown(dispatcher)
        if decision.kind == "fallback":
            return _fallback(dispatcher, tracker, decision, english)
        if decision.kind == "clarify":
            return _clarify(dispatcher, decision, english)
        place = message.place if message.place and len(message.place.landsdelen) == 1 else None
        themes = {theme.id for theme in index().knowledge.themas if theme.plaatselijk}
        local = message.about_place or any(item.thema in themes for item in decision.items)
        extra = [region.region_paragraph(place.places[0])] if place and local else []
        send_answer(dispatcher, decision.items, decision.choices, extra, english)
        events = remember(decision.items, [item.vraag for item in decision.choices])
        return [*events, SlotSet("plaats", place.value)] if place else events


def send_answer(
    dispatcher: CollectingDispatcher,
    items: Sequence[Item],
    choices: Sequence[Item] = (),
    extra: Sequence[str] = (),
    english: bool = False,
) -> None:
    """Send these items as one answer, with the choices or what goes on from the answer as buttons."""
    buttons = [item.vraag for item in choices] or related(items)
    message = reply.answer(items, index().knowledge, buttons, extra)
    reply.with_prefix(message, language.ANSWER_LINE if english else None).send(dispatcher)


def related(items: Sequence[Item], limit: int = 2) -> list[str]:
    """Return the questions that go on from these items."""
    knowledge = index().knowledge
    return [knowledge.item(other).vraag for item in items for other in item.zie_ook][:limit]


def remember(items: Sequence[Item], choices: Sequence[str] = ()) -> list[EventType]:
    """Return the slots after an answer: what it was about, and what was offered beside it."""
    return [
        SlotSet("laatste_items", [item.id for item in items]),
        SlotSet("keuzes", list(choices) or related(items)),
        SlotSet("missers", 0),
    ]


def _clarify(dispatcher: CollectingDispatcher, decision: Decision, english: bool) -> list[EventType]:
    choices = [item.vraag for item in decision.choices]
    text = "Wat bedoel je precies? Kies wat het best past, of stel je vraag in andere woorden."
    message = reply.Reply("clarify", text, items=[item.id for item in decision.choices], buttons=choices)
    reply.with_prefix(message, language.ANSWER_LINE if english else None).send(dispatcher)
    return [SlotSet("keuzes", choices), SlotSet("missers", 0)]


def _fallback(dispatcher: CollectingDispatcher, tracker: Tracker, decision: Decision, english: bool) -> list[EventType]:
    misses = int(tracker.get_slot("missers") or 0) + 1
    if english:
        dispatcher.utter_message(text=language.FALLBACK_LINE)
    if misses == 1:
        dispatcher.utter_message(response="utter_fallback")
        return [SlotSet("missers", misses)]
    themes = [theme.knop for theme in index().knowledge.themas if theme.id != "nood"]
    # Another way out each time: first subjects to choose from, then where people are.
    if misses % 2 == 0:
        nearest = [item.vraag for item in decision.choices if item.thema != "nood"][:1]
        offered = nearest + [theme for theme in themes if theme not in nearest][: 5 - len(nearest)]
        buttons = [{"title": title, "payload": title} for title in offered]
        dispatcher.utter_message(response="utter_fallback_choices", buttons=buttons)
        return [SlotSet("missers", misses), SlotSet("keuzes", offered)]
    dispatcher.utter_message(response="utter_fallback_people")
    return [SlotSet("missers", misses)]
