"""Names in a question that an answer does not know: a fact about ASML is no answer about Philips."""

import re
from collections import Counter
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.knowledge.schema import Item
from bot.language.dictionary import is_word
from bot.language.text import clean, fold, words

MIN_LENGTH = 4
MIN_LOWER_LENGTH = 6
MIN_PART = 4
COMMON = 10
"""A word in more items than this tells them not apart."""
_WORD = re.compile(r"[^\W\d_][\w'&-]*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+)\W*$")


class Vocabulary:
    """The words of all items. Immutable; threads may share it."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._words = {item.id: frozenset(_spelt(_texts(item))) for item in items}
        self._frequency = Counter(word for known in self._words.values() for word in known)
        self._all = list(self._frequency)

    def strangers(self, question: str, item: Item) -> list[str]:
        """Return the names in a question that are not in an item: capitalised ones, and words that nobody knows."""
        return [word for word, capital in _names(question) if self._is_strange(word, capital, self._words[item.id])]

    def _is_strange(self, word: str, capital: bool, known: frozenset[str]) -> bool:
        if self._frequency[word] > COMMON or _near(word, known):
            return False
        # In lower case, a word that looks like a known one is a typing error, and Dutch makes new words of old ones.
        return capital or (len(word) >= MIN_LOWER_LENGTH and not (self._is_word(word) or _near(word, self._all)))

    def _is_word(self, word: str) -> bool:
        ends = range(MIN_PART, len(word) - MIN_PART + 1)
        splits = [
            (word[:end], word[start:]) for end in ends for start in (end, end + 1) if word[end:start] in ("", "s")
        ]
        return self._known(word) or any(self._known(left) and self._known(right) for left, right in splits)

    def _known(self, word: str) -> bool:
        return word in self._frequency or is_word(word)


def _names(question: str) -> Iterable[tuple[str, bool]]:
    text = clean(question)
    for match in _WORD.finditer(text):
        capital = match[0][0].isupper() and not _SENTENCE_START.search(text[: match.start()])
        yield from ((part, capital) for part in fold(match[0]).split("-") if len(part) >= MIN_LENGTH)


def _near(word: str, known: Iterable[str]) -> bool:
    errors = 2 if len(word) >= 7 else 1
    return process.extractOne(word, known, scorer=OSA.distance, score_cutoff=errors) is not None


def _texts(item: Item) -> str:
    return " ".join([item.vraag, *item.voorbeeldvragen, item.antwoord])


def _spelt(text: str) -> Iterable[str]:
    """Yield the words, and the parts of those with a hyphen."""
    for word in words(text):
        yield word
        yield from word.split("-")
