"""Sending an answer, with what was looked up for it, and remembering what it was about."""

from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import language, reply
from actions.assistant import choices, index, lookups
from actions.context import remember
from actions.understanding import Understanding
from bot.knowledge.asked import Found
from bot.knowledge.schema import Item
from bot.language.text import key


def send_answer(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    message: Understanding,
    extra: Sequence[str] = (),
    english: bool = False,
    before: Sequence[str] = (),
) -> list[EventType]:
    """Send the items that were decided on as one answer; return what to remember of it.

    The choices, or what goes on from the answer, become buttons. A lookup that does not have what
    was asked says so, and is no answer.
    """
    items, decision = message.decision.items, message.decision
    found = next(filter(None, (lookups().look_up(item, message.asked) for item in items)), None)
    if found:
        items = [_filled_in(item, found) if item.opzoeken else item for item in items]
    offered = [item.vraag for item in decision.choices] or related(items)
    shown = replace(reply.answer(items, index().knowledge, offered, extra, before), confidence=decision.confidence)
    if found and not found.complete and len(items) == 1:
        shown = replace(shown, kind="fallback", items=())
    reply.with_prefix(shown, language.ANSWER_LINE if english else None).send(dispatcher)
    chosen = [SlotSet("gekozen", _learn_choice(tracker, items[0]))] if _was_offered(tracker, items) else []
    return [*remember(tracker, items, offered, message.question, found), *chosen]


def _was_offered(tracker: Tracker, items: Sequence[Item]) -> bool:
    """Tell whether an answer is what the visitor chose when asked which question was meant."""
    return bool(tracker.get_slot("verduidelijkt")) and items[0].vraag in (tracker.get_slot("keuzes") or ())


def _learn_choice(tracker: Tracker, item: Item) -> dict[str, str]:
    """Count a choice as feedback; return all choices of this conversation, by the question that they clear up."""
    question = tracker.get_slot("verduidelijkt")
    choices().record(tracker.sender_id, question, tracker.get_slot("keuzes"), item.id)
    return {**(tracker.get_slot("gekozen") or {}), key(question): item.id}


def _filled_in(item: Item, found: Found) -> Item:
    return item.model_copy(update={"antwoord": found.text, "vindplaats": found.vindplaats})


def related(items: Sequence[Item], limit: int = 2) -> list[str]:
    """Return the questions that go on from these items."""
    knowledge = index().knowledge
    return [knowledge.item(other).vraag for item in items for other in item.zie_ook][:limit]
