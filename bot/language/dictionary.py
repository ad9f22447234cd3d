"""Which words there are. Looking one up takes longer than most of what is done with the answer."""

from functools import lru_cache

import simplemma


@lru_cache(maxsize=100_000)
def is_word(word: str, language: str = "nl") -> bool:
    """Tell whether a dictionary has a word, in any of its forms."""
    return simplemma.is_known(word, lang=language)
