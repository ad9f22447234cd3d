"""What an answer itself says that its source does not give: "het document noemt geen bedrag".

Staff write such a sentence where people would ask on. Whoever asks just that is told that the
sources do not have it, with the answer as what comes nearest, and gets no answer beside the point.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge.stems import stems
from bot.language.text import FUNCTION_WORDS, fold, words

_DENIES = re.compile(
    r"(?=.*\b(?:niet|geen|nergens)\b).*\b(?:noem\w*|zegt?|zeggen|geeft|geven|meld\w*|vermeld\w*|beschrij\w*|vertel\w*"
    r"|staa[nt]|stonden|weten|kennen|vonden|vinden|gevonden|legt)\b"
)
_SENTENCES = re.compile(r"(?<=[.!?:])\s+|\n+")
_NUMBER_WORDS = (
    r"verdubbel\w*|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|dertig|veertig|vijftig|honderd"
    r"|duizend|half|helft|kwart|derde"
)
_YEAR = r"(?:19|20)\d\d"
_MONTH = "januari|februari|maart|april|juni|juli|augustus|september|oktober|november|december"
_IN_PART = re.compile(r"\b(?:alleen|volledige?)\b")
"""Marks a denial that says what there is instead, or that there is more."""
_UNITS = frozenset(stems("miljoen miljard euro euros geld bedrag procent percentage aantal hoeveel getal jaar".split()))
_COMPOUND = 6
"""From how many letters on a word is the last part of another: "verkenningscommissie" is a "commissie"."""
_REFERENCES = re.compile(r"\b(?:bijlage|actie|hoofdstuk|doel|ambitie|voetnoot|paragraaf|tabel|lijn)s? [\d.]+")


@dataclass(frozen=True)
class _Kind:
    """A kind of value: how people ask for it, how an answer says that it is not there, how it looks when it is."""

    asked: re.Pattern[str]
    denied: re.Pattern[str]
    given: re.Pattern[str]


_VALUES = (
    _Kind(
        re.compile(
            r"\b(?:hoe ?vee?l|wat|(?<!van )(?<!uit )welk)\b(?: \S+){0,5} (?:kost\w*|geld|euro'?s?|budget|bedrag\w*"
            r"|betaal\w*|mln|miljoen|miljard|prijs)\b|\bhoe duur\b|\bwelke bedragen\b"
        ),
        re.compile(r"\b(?:bedrag(?:en)?|geld|euro|kostte|prijs|lonen|salaris\w*)\b"),
        re.compile(r"€|\beuro\b|\bmiljoen\b|\bmiljard\b|\bmln\b|\bgratis\b"),
    ),
    _Kind(
        re.compile(r"\b(?:hoe ?vee?l|welk) (?:procent|\w*percentage|(?:aan)?deel)\b|\bhoe ?vee?l %"),
        re.compile(r"\b(?:\w*percentages?|procent|verdeling|hoe groot)\b"),
        re.compile(r"%|\bprocent\b|\bhelft\b|\bkwart\b"),
    ),
    _Kind(
        re.compile(r"\bhoe ?vee?l\b|\bwelke? (?:aantal(?:len)?|cijfers|getallen)\b|\bhoe (?:groot|vaak)\b"),
        re.compile(r"\b(?:\w*aantal(?:len)?|\w*getal(?:len)?|cijfers?|hoe(?:veel| vaak| groot)|verdeling)\b"),
        re.compile(rf"(?<![\d.])(?!{_YEAR}\b)\d|\b(?:{_NUMBER_WORDS})\b"),
    ),
    _Kind(
        re.compile(r"\bwanneer\b|\bwelke? (?:jaar|datum|dag|maand)\b|\bhoe ?la(?:ng|at)\b"),
        re.compile(r"\b(?:\w*jaar(?:tal)?|jaren|\w*datum|data|wanneer|termijn|duur|hoe lang|tijden)\b"),
        re.compile(rf"(?!2013|2020){_YEAR}|\b(?:{_MONTH})\b|\d (?:jaar|maanden|weken|dagen)\b"),
    ),
)
_NAMES_ASKED = re.compile(
    r"\b(?:welke|hoe heten|namen van|opsommen|opnoemen|noem|wat (?:waren|zijn) de)\b"
    r"((?: (?!liet|lieten|zei|met)\S+){1,4})"
    r"|((?:\S+ ){1,3})\bopsommen\b"
)
_WHO_ASKED = re.compile(r"\bwie\b((?: \S+){1,5})")
_NAMES_DENIED = re.compile(r"\b(?:welke|namen van|geen|losse|naam van)\b((?: \S+){1,5})")
_WHO_DENIED = re.compile(r"\bwie\b|\bnamen\b|\bleden\b|\bvoorna")


def says_it_is_missing(question: str, answer: str) -> bool:
    """Tell whether an answer says of the very thing that a question asks for that the source does not give it.

    Of amounts, numbers and moments the sentence that is nearest to the question decides: one that has
    a value, or one that says that it is not there.
    """
    asked = fold(question)
    sentences = [_REFERENCES.sub(" ", fold(sentence)) for sentence in _SENTENCES.split(answer)]
    denials = [sentence for sentence in sentences if _DENIES.match(sentence) and not _IN_PART.search(sentence)]
    if not denials:
        return False
    kind = next((kind for kind in _VALUES if kind.asked.search(asked)), None)
    return _lacks_value(asked, sentences, denials, kind) if kind else _lacks_names(asked, denials)


def without_denials(answer: str) -> str:
    """Return the sentences of an answer that do not say that something is missing."""
    return "\n".join(part for part in _SENTENCES.split(answer) if not _DENIES.match(fold(part)))


def _lacks_value(asked: str, sentences: Sequence[str], denials: Sequence[str], kind: _Kind) -> bool:
    denied = [text for text in denials if kind.denied.search(text) and not _is_of_another_year(text, asked)]
    if not denied:
        return False
    before = ["", *sentences]
    given = [
        f"{previous} {sentence}"
        for previous, sentence in zip(before, sentences, strict=False)
        if not _DENIES.match(sentence) and kind.given.search(sentence)
    ]
    return not given or _shared(asked, denied) > _shared(asked, given)


def _lacks_names(asked: str, denials: Iterable[str]) -> bool:
    if match := _NAMES_ASKED.search(asked):
        which = match[1] or match[2]
        return any(_shared(which, [denied[1]]) for text in denials for denied in _NAMES_DENIED.finditer(text))
    match = _WHO_ASKED.search(asked)
    return bool(match) and bool(_shared(match[1], (text for text in denials if _WHO_DENIED.search(text))))


def _is_of_another_year(denial: str, asked: str) -> bool:
    years = set(re.findall(_YEAR, denial)) - {"2013"}
    return bool(years) and years.isdisjoint(re.findall(_YEAR, asked))


def _shared(asked: str, sentences: Iterable[str]) -> int:
    """Return how many stems a question shares with the nearest of these sentences."""
    said = _content(asked)
    return max((sum(_is_among(stem, _content(sentence)) for stem in said) for sentence in sentences), default=0)


def _is_among(stem: str, others: Iterable[str]) -> bool:
    return any(stem == other or (len(other) >= _COMPOUND and stem.endswith(other)) for other in others)


def _content(text: str) -> set[str]:
    """Return the stems of the words that say what a text is about; units stand in every amount."""
    return set(stems(word for word in words(text) if len(word) > 2 and word not in FUNCTION_WORDS)) - _UNITS
