"""Questions for a value are looked up in the tables and lists of `knowledge/`, not answered by one item a value."""

import re

from bot.knowledge.asked import Asked, Found
from bot.knowledge.lists import ListReader
from bot.knowledge.schema import Item, Knowledge
from bot.knowledge.tables import TableReader
from bot.language.text import words

_ASKS_WHO = re.compile(r"\b(?:wie|namens)\b", re.IGNORECASE)


class Lookups:
    """All tables and lists of one version of the knowledge. Immutable; threads may share it."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._items = {item.opzoeken: item for item in knowledge.items if item.opzoeken}
        self._readers: dict[str, TableReader | ListReader] = {
            table.id: TableReader(table, self._ordinary(table.id)) for table in knowledge.tabellen
        }
        for members in knowledge.lijsten:
            self._readers[members.id] = ListReader(members, self._ordinary(members.id))
        self._subjects = [" ".join(words(item.vraag)) for item in knowledge.items if not item.opzoeken]

    def _ordinary(self, name: str) -> frozenset[str]:
        """Return the words in which people ask for a table or list."""
        return frozenset(word for text in _wordings(self._items.get(name)) for word in words(text))

    def look_up(self, item: Item, asked: Asked) -> Found | None:
        """Return what the table or list of an item says; None when the question names nothing of it."""
        reader = self._readers.get(item.opzoeken or "")
        if isinstance(reader, TableReader):
            return reader.look_up(asked) if reader.names_any(asked) or asked.goes_on else None
        return reader.look_up(asked) if reader else None

    def goes_on(self, item: Item, asked: Asked) -> bool:
        """Tell whether a short question can go on from this item: it names something of its table or list."""
        reader = self._readers.get(item.opzoeken or "")
        return bool(reader and reader.names_any(asked) and reader.leaves_open(asked))

    def asked_for(self, asked: Asked) -> Item | None:
        """Return the item whose table or list a question asks by its own words: "wie tekende namens Philips"."""
        return next((item for name, item in self._items.items() if self._asks(name, asked)), None)

    def _asks(self, name: str, asked: Asked) -> bool:
        reader = self._readers.get(name)
        if not reader or not reader.asked_by_its_words(asked):
            return False
        if not isinstance(reader, ListReader) or _ASKS_WHO.search(asked.text):
            return True
        stranger = reader.stranger_in(asked)
        return not (stranger and self._is_subject(stranger))

    def _is_subject(self, name: str) -> bool:
        """Tell whether something else that we know bears this name of two words or more."""
        named = " ".join(words(name))
        return " " in named and any(named in subject for subject in self._subjects)

    def about_person(self, text: str) -> tuple[Item, str] | None:
        """Return the item whose list holds a person that the text names, with that name."""
        for list_id, item in self._items.items():
            reader = self._readers.get(list_id)
            if isinstance(reader, ListReader) and (person := reader.person_in(text)):
                return item, person
        return None


def _wordings(item: Item | None) -> list[str]:
    return [item.vraag, *item.voorbeeldvragen] if item else []
