"""Sure → answer. A few close candidates → let the visitor choose. Unsure → say so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.denials import says_it_is_missing
from bot.knowledge.expects import asks_for_place, can_answer, is_about_years
from bot.knowledge.schema import Item
from bot.knowledge.search import Candidate, Result

MAX_CHOICES = 3


@dataclass(frozen=True)
class Thresholds:
    """Where an answer ends and doubt begins; read off the risk–coverage curve of the tuning questions."""

    in_scope: float = 0.45
    """Below this a question is not about the pact, or not in the knowledge."""
    right: float = 0.4
    """Below this the best candidate is more likely beside the point than an answer."""
    answer: float = 0.4
    """A candidate with at least this share of the belief is the answer."""
    runner_up: float = 0.75
    """The second candidate, as a part of the first, from which the two are too close to call."""


@dataclass(frozen=True)
class Decision:
    """What to do with a question; `items` are what is answered, `choices` what is offered."""

    kind: Literal["answer", "clarify", "fallback"]
    items: list[Item]
    choices: list[Item]
    confidence: float
    """The probability that the best item found answers the question, whatever was decided."""
    nearest: Item | None = None
    """Of a fallback: an item on the subject that lacks what was asked."""


def decide(result: Result, thresholds: Thresholds | None = None) -> Decision:
    """Decide on the result of a search."""
    limits = thresholds or Thresholds()
    candidates = result.candidates
    offers = [candidate.item for candidate in candidates[:MAX_CHOICES]]
    if not candidates or result.in_scope < limits.in_scope:
        return Decision("fallback", [], offers, result.in_scope)
    best = candidates[0]
    if result.blocked:
        return Decision("fallback", [], [result.blocked, *offers], result.in_scope, nearest=result.blocked)
    if result.confidence < limits.right:
        return Decision("fallback", [], offers, result.confidence)
    if best.share >= limits.answer or not _close(candidates, limits):
        return Decision("answer", [best.item], _alternatives(candidates), result.confidence)
    return Decision("clarify", [], offers, result.confidence)


def checked(
    decision: Decision,
    question: str,
    strangers: Callable[[str, Item], Sequence[str]],
    has_place: Callable[[str], bool],
    look_up: Callable[[Item], str | None] = lambda _: None,
) -> Decision:
    """Turn an answer that lacks what the question asks for into a fallback that gives it as what comes nearest.

    It lacks an amount, a number, a moment or a place where one is asked, speaks of other years, or says
    itself that the source does not have it. A fact from a document must also be about the names in the
    question; `strangers` finds those that an item does not know, `has_place` tells whether a text names a
    place. `look_up` gives what a table or list says; of that only the kind of thing asked for is looked at.
    """
    items = decision.items
    if decision.kind != "answer":
        return decision
    if any(item.opzoeken for item in items):
        found = [text for item in items if (text := look_up(item))]
        lacks = bool(found) and not can_answer(question, [*found, *(item.antwoord for item in items[1:])])
    else:
        lacks = _lacks(decision, question, strangers, has_place)
    if not lacks:
        return decision
    return Decision("fallback", [], [*items, *decision.choices], decision.confidence, nearest=items[0])


def _lacks(
    decision: Decision,
    question: str,
    strangers: Callable[[str, Item], Sequence[str]],
    has_place: Callable[[str], bool],
) -> bool:
    items = decision.items
    texts = [item.antwoord for item in items]
    if not can_answer(question, texts) or not is_about_years(question, " ".join(texts)):
        return True
    if asks_for_place(question) and not has_place(" ".join(texts)):
        return True
    asked_word_for_word = decision.confidence == 1.0
    if not asked_word_for_word and all(says_it_is_missing(question, text) for text in texts):
        return True
    return any(strangers(question, item) for item in items if item.vindplaats)


def _close(candidates: list[Candidate], limits: Thresholds) -> bool:
    return len(candidates) > 1 and candidates[1].share >= limits.runner_up * candidates[0].share


def _alternatives(candidates: list[Candidate]) -> list[Item]:
    """Return what may be meant instead: the next best that still has some belief."""
    return [candidate.item for candidate in candidates[1:MAX_CHOICES] if candidate.share >= 0.05]
