"""Messages in another language than Dutch: the answer stays Dutch, with one line in English."""

import simplemma

from bot.language.text import words

ENGLISH_LINE = "I can only answer in Dutch. This is what I found:"
MIN_WORDS = 3


def english_line(text: str) -> str | None:
    """Return one line of English when a message is clearly English, else None."""
    return ENGLISH_LINE if is_english(text) else None


def is_english(text: str) -> bool:
    """Tell whether more of the words are English than Dutch, by simplemma's word lists."""
    found = words(text)
    if len(found) < MIN_WORDS:
        return False
    english = sum(simplemma.is_known(word, lang="en") for word in found)
    dutch = sum(simplemma.is_known(word, lang="nl") for word in found)
    return english / len(found) >= 0.6 and english > dutch
