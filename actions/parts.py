"""What a part of a message is: a question by itself, one that leans on another part, or no question at all."""

import re

from bot.language.text import FUNCTION_WORDS, words

LEANING = frozenset("dan dat da daarvoor daarmee dit die ervoor zoiets".split())
"""Words that point at what was said before; "daar" points at a place, which is found by itself."""
COMPLETE = 3
"""So many words of its own make a part complete, although it points at what was said before it."""
_WITHOUT_SUBJECT = FUNCTION_WORDS | LEANING | {"wanneer", "waarom"}
_WHO_ASKS = re.compile(
    r"(?:(?:hoi|hallo|dag|goede\w+) )?"
    r"(?:als|ik (?:ben|werk|heb|zit|doe|studeer|woon|geef)|(?:wij|we) (?:zijn|hebben|werken)"
    r"|(?:mijn|mn|onze) \w+ (?:is|zit|doet|heeft|werkt))\b"
)
_WANTING = frozenset(
    "wie wat waar wanneer hoe hoeveel welk welke waarom kan kun mag moet wil zoek zoeken willen graag nodig vraag help "
    "weet geen niet geld".split()
)
"""Words that ask or want something: a sentence with one of them does more than introduce who asks."""


def introduces(part: str) -> bool:
    """Tell whether a part only says who asks: "ik ben docent op een mbo"."""
    said = words(part)
    return bool(_WHO_ASKS.match(" ".join(said))) and _WANTING.isdisjoint(said) and not part.endswith("?")


def own_words(part: str) -> int:
    """Return how many words say what a part is about; "hoe heet dat" has one, and needs another."""
    return sum(len(word) > 2 and word not in _WITHOUT_SUBJECT for word in words(part))


def leans(part: str) -> bool:
    """Tell whether a part needs what was said before it: "en krijg ik dan geld"."""
    return not LEANING.isdisjoint(words(part)) and own_words(part) < COMPLETE
