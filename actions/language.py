"""Messages in another language than Dutch: the answer stays Dutch, with one line in English."""

import simplemma

from bot.language.text import words

ANSWER_LINE = "I can only answer in Dutch. This is what I found:"
FALLBACK_LINE = "I can only answer in Dutch, and only about the Techniekpact (Dutch technology pact)."
MIN_WORDS = 3


def is_english(text: str) -> bool:
    """Tell whether more of the words are English than Dutch, by simplemma's word lists."""
    found = words(text)
    if len(found) < MIN_WORDS:
        return False
    english = sum(simplemma.is_known(word, lang="en") for word in found)
    dutch = sum(simplemma.is_known(word, lang="nl") for word in found)
    return english / len(found) >= 0.6 and english > dutch
