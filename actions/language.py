"""Messages in another language than Dutch: the answer stays Dutch, with one line in English."""

from bot.language.dictionary import is_word
from bot.language.text import words

ANSWER_LINE = "I can only answer in Dutch. This is what I found:"
FALLBACK_LINE = "I can only answer in Dutch, and only about the Techniekpact (Dutch technology pact)."
MIN_WORDS = 3


def is_dutch(text: str) -> bool:
    """Tell whether at least half of the words are Dutch: names are not, in any language."""
    found = words(text)
    return bool(found) and sum(is_word(word) for word in found) * 2 >= len(found)


def is_english(text: str) -> bool:
    """Tell whether most words are English and no Dutch ones, by simplemma's word lists."""
    found = words(text)
    if len(found) < MIN_WORDS or is_dutch(text):
        return False
    english = {word for word in found if is_word(word, "en")}
    dutch = {word for word in found if is_word(word)}
    return (
        len(english) / len(set(found)) > 0.6
        and len(english - dutch) >= 2
        and len(english - dutch) > len(dutch - english)
    )
