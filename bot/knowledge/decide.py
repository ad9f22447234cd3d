"""Sure → answer. A few close candidates → let the visitor choose. Unsure → say so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.expects import can_answer, is_about_years
from bot.knowledge.schema import Item
from bot.knowledge.search import Candidate, Result

MAX_CHOICES = 3


@dataclass(frozen=True)
class Thresholds:
    """Where an answer ends and doubt begins; read off the risk–coverage curve of the tuning questions."""

    in_scope: float = 0.3
    """Below this a question is not about the pact, or not in the knowledge."""
    answer: float = 0.3
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
    confidence = result.in_scope * best.share
    if best.share >= limits.answer or not _close(candidates, limits):
        return Decision("answer", [best.item], _alternatives(candidates), confidence)
    return Decision("clarify", [], offers, confidence)


def checked(decision: Decision, question: str, strangers: Callable[[str, Item], Sequence[str]]) -> Decision:
    """Turn an answer that lacks what the question asks for into a fallback that gives it as what comes nearest.

    It lacks an amount, a number or a moment where one is asked. A fact from a document must also be
    about the years and the names of the question; `strangers` finds those that an item does not know.
    """
    items = decision.items
    if decision.kind != "answer" or any(item.opzoeken for item in items):
        return decision
    facts = [item for item in items if item.vindplaats]
    right_time = all(is_about_years(question, item.antwoord) for item in facts)
    right_names = not any(strangers(question, item) for item in facts)
    if can_answer(question, (item.antwoord for item in items)) and right_time and right_names:
        return decision
    return Decision("fallback", [], [*items, *decision.choices], decision.confidence, nearest=items[0])


def _close(candidates: list[Candidate], limits: Thresholds) -> bool:
    return len(candidates) > 1 and candidates[1].share >= limits.runner_up * candidates[0].share


def _alternatives(candidates: list[Candidate]) -> list[Item]:
    """Return what may be meant instead: the next best that still has some belief."""
    return [candidate.item for candidate in candidates[1:MAX_CHOICES] if candidate.share >= 0.05]
