"""Spelling repair against the words of a field: what a general dictionary would turn into something else."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.dictionary import is_word
from bot.language.text import fold, words

MIN_LETTERS = 4
TWO_ERRORS_FROM = 8
MIN_COUNT = 2
RARE, FAR_MORE = 3, 20
"""A word that is in the texts this seldom, while a word beside it is so many times as frequent, is a typing error."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SOUNDS = [
    (re.compile(written), heard)
    for written, heard in (
        (r"tie", "sie"), (r"sch(?=e?$)", "s"), (r"ch", "g"), (r"c(?=[eiy])", "s"), (r"c+k?", "k"), (r"x", "ks"),
        (r"qu", "kw"), (r"ph", "f"), (r"th|dt$|d$", "t"), (r"ij|y(?=[^aeou]|$)", "ei"), (r"ou", "au"), (r"z", "s"),
        (r"v", "f"), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip
"""Spellings that Dutch pronounces alike, in the order in which they are replaced."""


class Speller:
    """Replaces a word that nobody knows by the word of the field that it looks like.

    A word is left alone when it is Dutch or English, or when the field has it more than a few times.
    The word that sounds the same comes first ("ekstra projekt"). Else one typing error is forgiven (a
    letter more, less, other or swapped with its neighbour), from eight letters on two; the first letter
    must be right, which it nearly always is. Of several words that are as near, the most frequent is
    taken. Many people leave the last n away, as they speak ("stage lope"): that is put back where the
    field has the word with it. Immutable; threads may share it.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Make a speller from the words of the field, folded, with how often each occurs."""
        self.counts = dict(counts)
        self._by_letter: dict[str, list[str]] = {}
        for word, count in self.counts.items():
            if count >= MIN_COUNT and len(word) >= MIN_LETTERS and word.isalpha():
                self._by_letter.setdefault(word[0], []).append(word)
        by_count = sorted((word for each in self._by_letter.values() for word in each), key=self.counts.__getitem__)
        self._by_sound = {_sound(word): word for word in by_count}  # of several the most frequent

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Speller":
        """Learn the words of the field from its texts."""
        return cls(Counter(word for text in texts for word in words(text)))

    def repair(self, text: str) -> str:
        """Return the text with its misspelt words of the field repaired; all else stays as it was."""
        return _WORD.sub(lambda match: self._word(match.group()), text)

    def _word(self, written: str) -> str:
        word = fold(written)
        count = self.counts.get(word, 0)
        if len(word) < MIN_LETTERS or count > RARE:
            return written
        if not count and word.endswith("e") and self.counts.get(f"{word}n", 0) >= MIN_COUNT:
            return f"{word}n"
        if _is_known(word) or _is_known(written):
            return written
        if (alike := self._by_sound.get(_sound(word))) and self.counts[alike] >= FAR_MORE * count:
            return alike
        allowed = 1 if count or len(word) < TWO_ERRORS_FROM else 2
        near = process.extract(
            word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
        near = [each for each in near if self.counts[each[0]] >= FAR_MORE * count]
        if not near:
            return written
        smallest = min(distance for _, distance, _ in near)
        return max((found for found, distance, _ in near if distance == smallest), key=self.counts.__getitem__)


def _sound(word: str) -> str:
    """Return a word as it sounds, so that two ways to write one sound become the same."""
    for written, heard in _SOUNDS:
        word = written.sub(heard, word)
    return word


def _is_known(word: str) -> bool:
    return any(is_word(word, language) for language in ("nl", "en"))
