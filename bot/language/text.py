"""Small, sure operations on a visitor's text."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import filterfalse

from babel.lists import format_list

_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*", re.UNICODE)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-"})
_INTRODUCTION = re.compile(
    r"^\s*(?i:ik\s+heet|mijn\s+naam\s+is|ik\s+ben)\s+[A-Z][\w'-]+(?:\s+(?:van|de|der|den|el|[A-Z][\w'-]+))*\s*(?:,|\.|\ben\b)\s*"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_MASK = re.compile(
    r"(?i:ik\s+heet|mijn\s+naam\s+is)\s+\[naam\](?:\s*,|\s*\.|\s+en\b)?"
    r"|\[(?:bsn|telefoonnummer|e-mailadres|rekeningnummer|adres|naam|geboortedatum|nummer)\]"
)

FUNCTION_WORDS = frozenset(
    "de het een en of maar dan ook nog wel niet in op van voor bij aan met uit naar tot per over onder is zijn was "
    "waren dat die dit deze wat wie waar hoe welk welke ik je jij u we wij ze zij hij hem er eens toch dus nou even "
    "graag mag kan mij me zo als om te nu meer juist hoeveel zit staat daar daarvoor daarmee daarna".split()
)
"""Words that say nothing of the subject of a question."""

# Openings and closings that carry no question. Longest first, so that "beste meneer" goes whole.
_OPENING = re.compile(
    r"^\s*(?:(?:h(?:oi+|allo+|e+y+|ello|i+)|hee|dag|yo+|goe(?:den?|ie)?\s?(?:morgen|middag|avond|dag)|beste"
    r"|geachte|graag|hulp|sorry|pardon|zeg|joe|mo[iu]n?)"
    r"(?:\s+(?:daar|allemaal|iedereen|meneer|mevrouw|heer|team|bot|chatbot|assistent))?[\s,.!:;-]+)+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[\s,.!:;-]+(?:(?:alvast\s+)?(?:heel\s+erg\s+)?(?:bedankt|dank\s?(?:u|je)(?:wel)?|thanks|thx|merci)"
    r"|mvg|met\s+vriendelijke\s+groet(?:en)?|groet(?:jes|en)?|gr|alstublieft|aub|alsjeblieft|svp)"
    r"(?:\s+(?:alvast|voor\s+(?:de|uw|je)\s+(?:hulp|moeite|antwoord)))?[\s.!]*$",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Return the text in NFC without control characters, with plain apostrophes and single spaces."""
    text = " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).split())
    if not text.isprintable():
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text


def fold(text: str) -> str:
    """Return the text in lower case without accents: `Skarsterlân` → `skarsterlan`."""
    if text.isascii() and text.isprintable():  # nearly all text; the same, five times as fast
        return " ".join(text.translate(_APOSTROPHES).lower().split())
    decomposed = unicodedata.normalize("NFKD", clean(text).casefold())
    return "".join(filterfalse(unicodedata.combining, decomposed))


def words(text: str) -> list[str]:
    """Return the folded words; inner hyphens, apostrophes and ampersands stay: `w&t`, `zij-instroom`."""
    return _WORD.findall(fold(text))


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them: "a, b en c"."""
    return format_list(list(names), locale="nl")


def key(text: str) -> str:
    """Return what two wordings share that differ only in case, accents, spaces and punctuation."""
    return " ".join(words(text))


def strip_introduction(text: str) -> str:
    """Return the text without "ik heet Fatima en": who asks changes nothing about the question."""
    return _INTRODUCTION.sub("", text)


def strip_masks(text: str) -> str:
    """Return the text without the marks that stand where personal data stood."""
    return re.sub(r"\s+", " ", _MASK.sub(" ", text)).strip()


def strip_courtesy(text: str) -> str:
    """Return the text without greeting and thanks, unless nothing else would be left."""
    rest = _CLOSING.sub("", _OPENING.sub("", text)).strip()
    return rest if len(words(rest)) >= 2 else text.strip()


def question_text(text: str) -> str:
    """Return what of a message is to be understood: clean, without masks, tags, greeting and thanks."""
    return strip_introduction(strip_courtesy(strip_masks(_TAG.sub(" ", clean(text)))))
