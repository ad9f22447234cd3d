"""Abbreviations and other words for the same thing, as staff keep them in `knowledge/woorden.yml`."""

from collections.abc import Iterable

from bot.knowledge.names import Names
from bot.knowledge.schema import Woord
from bot.language.text import fold, words


class Synonyms:
    """Adds to a question how the knowledge calls what it names. Immutable; threads may share it."""

    def __init__(self, entries: Iterable[Woord]) -> None:
        self._names: Names[str] = Names((other, entry.naam) for entry in entries for other in entry.ook)

    def expand(self, text: str) -> str:
        """Return the text, and behind it the words that the knowledge has for what it says in others."""
        said = set(words(text))
        found = dict.fromkeys(name for named in self._names.find(text) if named.exact for name in named.values)
        added = [name for name in found if not said.issuperset(words(fold(name)))]
        return " ".join([text, *added])
