"""The answer to a question, or to the two questions that one message holds."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import language, reply
from actions.assistant import gazetteer, index, prior_of
from actions.region import region_paragraph
from bot.knowledge.decide import Decision, decide
from bot.knowledge.schema import Item
from bot.knowledge.search import Prior
from bot.language.sentences import split_questions
from bot.places import Mention

# Subjects of which the place where somebody lives decides where to turn to.
LOCAL_THEMES = frozenset({"stages", "vacatures", "omscholing", "bijscholing", "techniekpact", "programmas"})
MAX_QUESTIONS = 2
SURE_OF_PART = 0.35


class ActionAnswer(Action):
    """Answers from the knowledge, offers a choice, or says that it does not know."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Reply to the latest message."""
        text = tracker.latest_message.get("text") or ""
        prior = prior_of(tracker.latest_message)
        decision = resolve(text, prior)
        mentions = [mention for mention in gazetteer().find(text) if len(mention.landsdelen) == 1]
        foreign = language.greeting_line(text)
        if decision.kind == "fallback":
            return _fallback(dispatcher, tracker, decision, foreign)
        if decision.kind == "clarify":
            return _clarify(dispatcher, decision, foreign)
        send_answer(dispatcher, decision.items, decision.choices, mentions, foreign)
        return remember(decision.items, mentions, [item.vraag for item in decision.choices])


def resolve(text: str, prior: Prior) -> Decision:
    """Decide on a message as a whole and, when it holds more questions, on each of them."""
    whole = decide(index().search(text, prior))
    parts = split_questions(text)
    if len(parts) < 2 or (whole.kind == "answer" and whole.confidence == 1.0):
        return whole
    # Rasa labelled the message as a whole, so the parts go by similarity and words alone.
    decisions = [decide(index().search(part)) for part in parts]
    sure = [d for d in decisions if d.kind == "answer" and d.confidence >= SURE_OF_PART]
    items = list({item.id: item for d in sure for item in d.items}.values())
    if len(items) >= 2:
        chosen = items[:MAX_QUESTIONS]
        return Decision("answer", chosen, items[MAX_QUESTIONS:], min(d.confidence for d in sure))
    if whole.kind != "answer" and sure:  # a long story with the question in one of its sentences
        return max(sure, key=lambda d: d.confidence)
    return whole


def send_answer(
    dispatcher: CollectingDispatcher,
    items: Sequence[Item],
    choices: Sequence[Item],
    mentions: Sequence[Mention],
    foreign: str | None = None,
) -> None:
    """Send these items as one answer, with what is known in the place that the message names."""
    extra = []
    if mentions and any(item.thema in LOCAL_THEMES for item in items):
        extra = [region_paragraph(mentions[0])]
    buttons = [item.vraag for item in choices] or related(items)
    message = reply.answer(items, index().knowledge, buttons, extra)
    reply.with_prefix(message, foreign).send(dispatcher)


def related(items: Sequence[Item], limit: int = 2) -> list[str]:
    """Return the questions that go on from these items."""
    knowledge = index().knowledge
    return [knowledge.item(other).vraag for item in items for other in item.zie_ook][:limit]


def remember(items: Sequence[Item], mentions: Sequence[Mention], choices: Sequence[str]) -> list[EventType]:
    """Return the slots after an answer: what it was about, and what was offered beside it."""
    events: list[EventType] = [
        SlotSet("laatste_items", [item.id for item in items]),
        SlotSet("keuzes", list(choices) or related(items)),
        SlotSet("missers", 0),
    ]
    if mentions:
        events.append(SlotSet("plaats", mentions[0].value))
    return events


def _clarify(dispatcher: CollectingDispatcher, decision: Decision, foreign: str | None) -> list[EventType]:
    choices = [item.vraag for item in decision.choices]
    text = "Wat bedoel je precies? Kies wat het best past, of stel je vraag in andere woorden."
    message = reply.Reply("clarify", text, items=[item.id for item in decision.choices], buttons=choices)
    reply.with_prefix(message, foreign).send(dispatcher)
    return [SlotSet("keuzes", choices), SlotSet("missers", 0)]


def _fallback(
    dispatcher: CollectingDispatcher, tracker: Tracker, decision: Decision, foreign: str | None
) -> list[EventType]:
    misses = int(tracker.get_slot("missers") or 0) + 1
    if foreign:
        dispatcher.utter_message(text=foreign)
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
