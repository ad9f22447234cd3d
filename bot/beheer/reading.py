"""How well a text reads: hints for the writer, never a reason to refuse.

The measure is that of Flesch as W.H. Douma fitted it to Dutch ("De leesbaarheid van landbouwbladen",
1960): 206.84 - 0.93 x words a sentence - 77 x syllables a word; the higher, the easier. Syllables are
counted by the places where the word may be hyphenated (pyphen).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyphen

from bot.language.text import words

EASY, FAIR = 60, 45
LONG_SENTENCE_WORDS = 20
LONG_WORD_SYLLABLES = 5
MANY_WORDS = 150
SHOWN_WORDS = 8
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|\n+\s*-?\s*")
_ADDRESS = re.compile(r"\S+\.(?:nl|com|eu|org|net)\S*|https?://\S+")
_HYPHENS = pyphen.Pyphen(lang="nl_NL")


@dataclass(frozen=True)
class Reading:
    """How a text reads."""

    score: int
    """From 0 (very hard) to 100 (very easy)."""
    word_count: int
    long_sentences: Sequence[str]
    long_words: Sequence[str]

    @property
    def verdict(self) -> str:
        """Return the score in words."""
        if self.score >= EASY:
            return "goed te lezen"
        return "kan makkelijker" if self.score >= FAIR else "moeilijk"

    @property
    def hints(self) -> list[str]:
        """Return what the writer can do."""
        found = [f"Deze zin is lang. Maak er twee van: “{_short(sentence)}”" for sentence in self.long_sentences[:3]]
        if self.long_words:
            found.append(f"Lange woorden. Kan het korter? {', '.join(self.long_words[:SHOWN_WORDS])}")
        if self.word_count > MANY_WORDS:
            limit = f"In een chat lezen mensen er liefst minder dan {MANY_WORDS}."
            found.append(f"De tekst heeft {self.word_count} woorden. {limit}")
        return found


def reading(text: str) -> Reading | None:
    """Return how a text reads; None of a text without words."""
    sentences = [sentence for sentence in _SENTENCE_END.split(_ADDRESS.sub("", text)) if words(sentence)]
    found = [word for sentence in sentences for word in words(sentence)]
    if not found:
        return None
    syllables = {word: _syllables(word) for word in found}
    total = sum(syllables[word] for word in found)
    score = 206.84 - 0.93 * len(found) / len(sentences) - 77 * total / len(found)
    return Reading(
        score=round(min(100.0, max(0.0, score))),
        word_count=len(found),
        long_sentences=[sentence for sentence in sentences if len(words(sentence)) > LONG_SENTENCE_WORDS],
        long_words=[word for word, size in syllables.items() if size >= LONG_WORD_SYLLABLES],
    )


def _syllables(word: str) -> int:
    return sum(len(_HYPHENS.positions(part)) + 1 for part in word.split("-") if part)


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 90 else f"{sentence[:89]}…"
