"""Sending an answer, with what was looked up for it, and remembering what it was about."""

from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import language, reply
from actions.assistant import index, lookups
from actions.context import remember
from actions.understand import Understanding
from bot.knowledge.asked import Found
from bot.knowledge.schema import Item


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
    choices = [item.vraag for item in decision.choices] or related(items)
    shown = reply.answer(items, index().knowledge, choices, extra, before)
    if found and not found.complete and len(items) == 1:
        shown = replace(shown, kind="fallback", items=())
    reply.with_prefix(shown, language.ANSWER_LINE if english else None).send(dispatcher)
    return remember(tracker, items, choices, message.question, found)


def _filled_in(item: Item, found: Found) -> Item:
    return item.model_copy(update={"antwoord": found.text, "vindplaats": found.vindplaats})


def related(items: Sequence[Item], limit: int = 2) -> list[str]:
    """Return the questions that go on from these items."""
    knowledge = index().knowledge
    return [knowledge.item(other).vraag for item in items for other in item.zie_ook][:limit]
