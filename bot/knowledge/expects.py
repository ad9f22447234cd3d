"""Whether an answer can hold what a question asks for: an amount of money, a percentage, a number, a moment.

An item on the right subject that has no such thing in it does not answer the question, however
near it is: who asks what something cost is not helped by what it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.language.text import fold

_NUMBER_WORDS = (
    "een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|twintig|dertig|veertig|vijftig|zestig|"
    "honderd|duizend|half|helft|kwart|derde|beide|alle|iedere|elke|geen|niemand|nul"
)
_MONEY = (
    r"kost(?:en|te|ten)?|geld|euro'?s?|budget|bedrag(?:en)?|betaal(?:t|d|de|den)?|subsidie|mln|miljoen|miljard|prijs"
)


@dataclass(frozen=True)
class _Want:
    """A kind of thing that questions ask for, by its words, and how it looks in an answer."""

    asked: re.Pattern[str]
    given: re.Pattern[str]


_WANTS = (
    _Want(
        re.compile(r"\b(?:hoeveel|welke?) (?:procent|percentage)\b|\bhoeveel %"),
        re.compile(r"%|procent|percentage|helft|kwart"),
    ),
    _Want(
        re.compile(rf"\b(?:wat|hoeveel)\b(?: \S+){{0,4}} (?:{_MONEY})\b|\bwelk (?:bedrag|budget)\b"),
        re.compile(r"€|\beuro|miljoen|miljard|gratis|budget|geld|kost|betaal|bekostig|subsidie"),
    ),
    _Want(
        re.compile(r"\bhoe ?(?:veel|vaak|lang|oud|groot)\b"),
        re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b|niet bekend|onbekend|noemt geen"),
    ),
    _Want(
        re.compile(r"\bwanneer\b|\b(?:in )?welk jaar\b|\bsinds hoe ?lang\b|\bhoe laat\b"),
        re.compile(
            r"\d|\bniet bekend|onbekend|\bnog (?:niet|steeds)|altijd|elk jaar|jaarlijks|maand|week|zomer|najaar"
        ),
    ),
)


def can_answer(question: str, answers: Iterable[str]) -> bool:
    """Tell whether one of the answers has the kind of thing that the question asks for."""
    asked = fold(question)
    given = fold(" ".join(answers))
    return all(want.given.search(given) for want in _WANTS if want.asked.search(asked))
