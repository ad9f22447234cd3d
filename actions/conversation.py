"""What visitors say about the conversation itself: repeat, choose, more, from where, help."""

import re
from typing import Any, ClassVar

from rapidfuzz import fuzz, process
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import reply
from actions.assistant import facet_reader, gazetteer, index, known_items
from actions.context import Context
from actions.region import send_region
from actions.resolve import resolve
from actions.send import related, send_answer
from actions.understanding import Understanding
from bot.knowledge import wording
from bot.knowledge.asked import Asked
from bot.knowledge.decide import Decision
from bot.knowledge.schema import Item
from bot.knowledge.search import Prior
from bot.language.text import fold, words

ORDINALS = {
    1: {"1", "1e", "een", "eerste", "bovenste", "a"},
    2: {"2", "2e", "twee", "tweede", "middelste", "b"},
    3: {"3", "3e", "drie", "derde", "c"},
    4: {"4", "4e", "vier", "vierde", "d"},
    5: {"5", "5e", "vijf", "vijfde", "e"},
}
LAST = {"laatste", "onderste"}
_NO = re.compile(r"^\W*(?:nee+|neen|niet|nope)\b\W*(?:(?:maar\s+)?(?:ik|wij?)\s+bedoel(?:de|en)?\b)?\W*", re.IGNORECASE)
MIN_CORRECTION_WORDS = 2


def last_items(tracker: Tracker) -> list[Item]:
    """Return the items of the latest answer that the knowledge still has."""
    return known_items(tracker.get_slot("laatste_items"))


def chosen(text: str, choices: list[str]) -> str | None:
    """Return the choice that a visitor means by "de eerste", a number, or some of its words."""
    said = set(words(text))
    if choices and said & LAST:
        return choices[-1]
    for number, names in ORDINALS.items():
        if said & names and number <= len(choices):
            return choices[number - 1]
    best = process.extractOne(fold(text), {c: fold(c) for c in choices}, scorer=fuzz.token_set_ratio, score_cutoff=75)
    return best[2] if best else None


class ActionChoose(Action):
    """Takes up an offered option that the visitor typed."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_choose"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answer as if the button had been pressed."""
        choices = tracker.get_slot("keuzes") or []
        confirmed = (tracker.latest_message.get("intent") or {}).get("name") == "bevestigen"
        choice = choices[0] if confirmed and choices else chosen(tracker.latest_message.get("text") or "", choices)
        if choice is None:
            dispatcher.utter_message(response="utter_what_next")
            return []
        return take_up(dispatcher, tracker, choice)


class ActionCorrect(Action):
    """Takes "nee, ik bedoel voor mijn bedrijf" for the question that it is."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_correct"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answer what was meant instead, or ask for it."""
        meant = _NO.sub("", tracker.latest_message.get("text") or "")
        if len(words(meant)) < MIN_CORRECTION_WORDS:
            dispatcher.utter_message(response="utter_ontkennen")
            return []
        subject = " ".join(item.vraag for item in last_items(tracker))
        decision = resolve(f"{meant} {subject}".strip(), Prior())
        if decision.kind == "fallback":
            dispatcher.utter_message(response="utter_ontkennen")
            return []
        return _answer(dispatcher, tracker, f"{meant} {subject}".strip(), decision)


def _answer(dispatcher: CollectingDispatcher, tracker: Tracker, question: str, decision: Decision) -> list[EventType]:
    """Answer a question that was put together from more than the latest message."""
    items = decision.items or decision.choices[:1]
    asked = Asked(question, facet_reader().read(question))
    message = Understanding(Decision("answer", items, decision.choices, decision.confidence), asked, question)
    return send_answer(dispatcher, tracker, message)


def take_up(dispatcher: CollectingDispatcher, tracker: Tracker, choice: str) -> list[EventType]:
    """Answer a choice as if the visitor had asked it: a place, or a question."""
    places = gazetteer().lookup(choice.removeprefix("landsdeel "))
    if places:
        return send_region(dispatcher, places)
    return _answer(dispatcher, tracker, choice, resolve(choice, Prior()))


class ActionRepeat(Action):
    """Says the latest answer again."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_repeat"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Repeat the latest answer, or say that there is none."""
        items = last_items(tracker)
        if not items:
            dispatcher.utter_message(response="utter_what_next")
            return []
        before = Context.of(tracker)
        name = next(iter(before.looked_up.get("naam", ())), "")
        asked = Asked(name, before=before.looked_up, goes_on=True)
        message = Understanding(Decision("answer", items, [], 1.0), asked, before.question)
        return send_answer(dispatcher, tracker, message)


class ActionMore(Action):
    """Offers what goes on from the latest answer."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_more"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Offer the questions beside the latest answer."""
        items = last_items(tracker)
        choices = related(items, limit=3) or list(tracker.get_slot("keuzes") or [])[:3]
        if not choices:
            dispatcher.utter_message(response="utter_what_next")
            return []
        text = "Hierover kan ik je meer vertellen. Waar wil je meer over weten?"
        reply.Reply("clarify", text, [item.id for item in items], buttons=choices).send(dispatcher)
        return [SlotSet("keuzes", choices)]


class ActionSource(Action):
    """Says where the latest answer comes from and how old that is."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_source"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """List the sources of the latest answer."""
        items = last_items(tracker)
        if not items:
            dispatcher.utter_message(response="utter_sources_in_general")
            return []
        answer = reply.answer(items, index().knowledge)
        addresses = [f"- {source.titel}: {source.adres}" for source in answer.sources if source.adres]
        checked = min(item.gecontroleerd_op for item in items)
        text = "\n".join(["Dat staat in deze bronnen.", wording.source_line(answer.sources, checked), *addresses])
        reply.Reply("answer", text, answer.items, answer.sources, answer.links).send(dispatcher)
        return []


class _OneItem:
    """Answers with one item, at once and without any doubt. Not an Action itself: rasa_sdk registers those."""

    item_id: ClassVar[str]
    action_name: ClassVar[str]

    def name(self) -> str:
        """Return the name that the rules use."""
        return self.action_name

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Send the item."""
        item = index().knowledge.item(self.item_id)
        message = Understanding(Decision("answer", [item], [], 1.0), Asked(""), item.vraag)
        return send_answer(dispatcher, tracker, message)


class ActionHelpLine(_OneItem, Action):
    """A cry for help: to people who can help."""

    item_id, action_name = "hulp-113", "action_hulp_113"


class ActionDanger(_OneItem, Action):
    """Danger, now."""

    item_id, action_name = "gevaar-112", "action_gevaar_112"


class ActionContact(_OneItem, Action):
    """Somebody who would rather speak with a person."""

    item_id, action_name = "contact-techniekpact", "action_contact"
