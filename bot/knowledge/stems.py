"""Dutch stems, remembered: the same words come back at every publish, and the stemmer is slow."""

from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

_stemmer = snowballstemmer.stemmer("dutch")


def stems(found: Iterable[str]) -> list[str]:
    """Return the stem of each word (Porter's Snowball stemmer for Dutch)."""
    return [_stem(word) for word in found]


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return _stemmer.stemWord(word)
