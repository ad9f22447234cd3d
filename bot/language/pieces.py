"""Cutting text into the pieces that multilingual-e5 reads: the likeliest cut under a unigram model.

As in SentencePiece (Kudo, 2018, "Subword Regularization", arXiv:1804.10959). Own code, because the
`tokenizers` library takes four times the memory and the time to load these 250,000 pieces, and the
messages of visitors are short.
"""

import math
import re

from bot.language.weights import Vocabulary

_SPACE_MARK = "▁"
_WORD = re.compile(f"{_SPACE_MARK}[^{_SPACE_MARK}]*")
_UNKNOWN_PENALTY = 10.0
"""How much less likely an unknown character is than the least likely piece."""


class Pieces:
    """Turns a text into the numbers of its pieces."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._longest = max(map(len, vocabulary.pieces))
        self._unknown_score = min(vocabulary.scores) - _UNKNOWN_PENALTY

    def cut(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text, without marks for its begin and end.

        No piece goes past the end of a word, so that each word is cut by itself.
        """
        marked = _marked(text.translate(self._vocabulary.replacements))
        return [number for word in _WORD.findall(marked) for number in self._cut_word(word)]

    def _cut_word(self, word: str) -> list[int]:
        last = self._likeliest(word)
        found, end = [], len(word)
        while end:
            number, end = last[end]
            found.append(number)
        return found[::-1]

    def _likeliest(self, text: str) -> list[tuple[int, int]]:
        """Return for each position the piece that ends there in the likeliest cut, and its start (Viterbi)."""
        pieces, scores, unknown = self._vocabulary.pieces, self._vocabulary.scores, self._vocabulary.unknown
        best = [0.0, *[-math.inf] * len(text)]
        last = [(unknown, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                number = pieces.get(text[start:end])
                if number is not None and number != unknown and best[start] + scores[number] > best[end]:
                    best[end], last[end] = best[start] + scores[number], (number, start)
            if best[start] + self._unknown_score > best[start + 1]:
                best[start + 1], last[start + 1] = best[start] + self._unknown_score, (unknown, start)
        return last


def _marked(text: str) -> str:
    """Return the text with single spaces, each turned into the mark that stands before every word."""
    text = re.sub(" {2,}", " ", text)
    return (text if text.startswith(" ") else f" {text}").replace(" ", _SPACE_MARK)
