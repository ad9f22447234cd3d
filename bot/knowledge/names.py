"""Names of a closed list in a visitor's text: of people, organisations, columns of a table."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.language.dictionary import is_word
from bot.language.text import words

Value = TypeVar("Value", bound=Hashable)

_LONG = 8
_SHORT = 5


@dataclass(frozen=True)
class Named(Generic[Value]):
    """A name that a text holds, with all that it can mean; `exact` when no typing error had to be forgiven."""

    text: str
    values: tuple[Value, ...]
    exact: bool
    before: str = ""
    """The word before it in the text."""


class Names(Generic[Value]):
    """Finds the names of a list in a text, the longest first; long names may hold typing errors."""

    def __init__(self, names: Iterable[tuple[str, Value]]) -> None:
        self._values: dict[str, dict[Value, None]] = {}
        for name, value in names:
            if phrase := _phrase(name):
                self._values.setdefault(phrase, {})[value] = None
        self._by_length: dict[int, list[str]] = {}
        for phrase in self._values:
            self._by_length.setdefault(phrase.count(" ") + 1, []).append(phrase)
        self._beginnings = {phrase.partition(" ")[0] for phrase in self._values}

    def find(self, text: str) -> list[Named[Value]]:
        """Return the names in the order of the text, none of them inside another."""
        tokens = _phrase(text).split()
        # A word that is spelt right is meant as it stands: "werkende" is no misspelt "tekende".
        odd = [not is_word(token) for token in tokens]
        found: dict[int, Named[Value]] = {}
        taken = [False] * len(tokens)
        for forgiving in (False, True):  # what is spelt right goes before what only looks like it
            for length in sorted(self._by_length, reverse=True):
                for start in range(len(tokens) - length + 1):
                    window = slice(start, start + length)
                    if any(taken[window]) or not (any(odd[window]) if forgiving else tokens[start] in self._beginnings):
                        continue
                    phrase = " ".join(tokens[window])
                    name = self._similar(phrase, length) if forgiving else phrase
                    if name in self._values:
                        before = tokens[start - 1] if start else ""
                        found[start] = Named(phrase, tuple(self._values[name]), not forgiving, before)
                        taken[window] = [True] * length
        return [found[start] for start in sorted(found)]

    def get(self, name: str) -> tuple[Value, ...]:
        """Return what exactly this name means, or nothing."""
        return tuple(self._values.get(_phrase(name), ()))

    def nearest(self, text: str, limit: int = 3) -> list[Value]:
        """Return what looks most like a text that is no name of the list."""
        best = process.extract(_phrase(text), list(self._values), scorer=fuzz.ratio, limit=limit, score_cutoff=70)
        return list(dict.fromkeys(value for phrase, _, _ in best for value in self._values[phrase]))[:limit]

    def _similar(self, phrase: str, length: int) -> str | None:
        if len(phrase) < _SHORT:
            return None
        errors = 2 if len(phrase) >= _LONG else 1
        best = process.extractOne(phrase, self._by_length[length], scorer=OSA.distance, score_cutoff=errors)
        # The first letter is seldom mistyped.
        return best[0] if best and best[0][0] == phrase[0] else None


def _phrase(text: str) -> str:
    """Return the folded words, hyphens loosened: `PO-Raad` and "po raad" are the same, `%` is a word."""
    return " ".join(words(text.replace("-", " ").replace("%", " procent ")))
