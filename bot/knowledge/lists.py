"""Answers from a list: who acted for whom, who belongs to it, and who does not."""

import re
from collections.abc import Iterator, Sequence

from bot.knowledge.asked import Asked, Found
from bot.knowledge.names import Named, Names
from bot.knowledge.schema import Lid, Lijst
from bot.language.dictionary import is_word
from bot.language.text import FUNCTION_WORDS, fold, words

NAMES = "naam"
MAX_SENTENCES = 5
_CAPITALISED = re.compile(r"(?<=[\w,;:] )(?:[A-Z0-9][\w'&.-]*)(?: (?:(?:van|de|der|den|'t|te|en) )*[A-Z0-9][\w'&.-]*)*")
_NAME = r"(?:de |het |een )?(?P<name>[\w'&.-]+(?: [\w'&.-]+)?)"
_PLACES_OF_A_NAME = tuple(
    re.compile(pattern.format(name=_NAME))
    for pattern in (
        r"\bnamens {name}",
        r"\b\w*teken\w*\b(?: \w+){{0,2}} voor {name}",
        r"\b(?:onder)?tekende {name}",
        r"\b(?:heeft|hebben|had) {name}\b.*teken",
        r"\b(?:zit|zitten|hoort|horen|is|valt) {name} (?:in|bij|onder|lid|een|ook)\b",
        r"^en {name}$",
        r"^{name}$",
    )
)
_YES_OR_NO = re.compile(
    r"(?:klopt het|is het waar|weet (?:je|u) of)\b|(?:en )?(?:heeft|hebben|stond|stonden|staat|staan|tekende|tekenden"
    r"|was|waren|deed|deden|zat|zaten|zit|zitten|is|zijn|hoort|horen)\b"
)
_TITLES = frozenset(
    "heer mevrouw madame meneer mw mr dhr drs dr ir prof premier minister staatssecretaris voorzitter burgemeester "
    "oud".split()
)
_PREFIX = re.compile(r"(?:van|de|der|den|ter|ten|'t|in|te|het)\b", re.IGNORECASE)


class ListReader:
    """Looks up in one list."""

    def __init__(self, members: Lijst, ordinary: frozenset[str] = frozenset()) -> None:
        """Prepare the list; `ordinary` are words of the questions about it, which are nobody's name."""
        self.list = members
        self._ordinary = ordinary
        self._members: Names[int] = Names(
            (name, number) for number, lid in enumerate(members.leden) for name in (lid.naam, *lid.ook)
        )
        self._people: Names[int] = Names(
            (name, number) for number, lid in enumerate(members.leden) for name in _names_of(lid.persoon)
        )
        self._words = Names((word, word) for word in members.woorden)
        self._groups = Names((name, group.id) for group in members.groepen for name in (group.naam, *group.ook))

    def names_any(self, asked: Asked) -> bool:
        """Tell whether a question names somebody on the list."""
        return any(names.find(asked.text) for names in (self._people, self._members, self._groups))

    def asked_by_its_words(self, asked: Asked) -> bool:
        """Tell whether a question has a word for what is on the list, and a name, be it on the list or not."""
        return bool(self._words.find(asked.text)) and self.look_up(asked) is not None

    def stranger_in(self, asked: Asked) -> str | None:
        """Return what looks like a name that is not on the list, when the question names nobody who is."""
        return None if self.names_any(asked) else next(self._unknown(asked.text), None)

    def person_in(self, text: str) -> str | None:
        """Return the person of the list that a text names in full, or by a surname that is no ordinary word."""
        for name in self._people.find(text):
            if self._is_namesake(name, name.values[0]):
                continue
            person = self.list.leden[name.values[0]].persoon
            if name.text == " ".join(words(person or "")) or not all(is_word(word) for word in name.text.split()):
                return person
        return None

    def look_up(self, asked: Asked) -> Found | None:
        """Return what the list says about those whom the question names; None when it names nobody."""
        people = self._people_in(asked.text)
        members = [n for n in self._numbers(self._members, asked.text) if n not in people]
        sentences = [self._of_person(self.list.leden[n]) for n in people]
        sentences += [self._of_member(self.list.leden[n]) for n in members]
        if sentences:
            return self._found("\n".join(list(dict.fromkeys(sentences))[:MAX_SENTENCES]), asked)
        if asked.facets.landsdelen:  # "en wie tekende daar?"
            parts = [f"landsdeel {part}" for part in asked.facets.landsdelen]
            members = [number for part in parts for number in self._members.get(part)]
            if members:
                return self._found("\n".join(self._of_member(self.list.leden[n]) for n in members), asked)
        groups = [value for name in self._groups.find(asked.text) if name.exact for value in name.values]
        if groups and self.list.zinnen.groep:
            return self._found(self._of_group(groups[0]), asked)
        unknown = next(self._unknown(asked.text), None)
        return self._nobody(unknown, asked) if unknown else None

    def _found(self, text: str, asked: Asked) -> Found:
        return Found(text, self.list.vindplaats, {NAMES: (asked.text,)})

    def _people_in(self, text: str) -> list[int]:
        """Return the people that a text names: "Klaas van Dijk" is not Arthur van Dijk."""
        found = self._people.find(text)
        exact = [name for name in found if name.exact] or found
        return list(dict.fromkeys(n for name in exact for n in name.values if not self._is_namesake(name, n)))

    def _is_namesake(self, name: Named[int], number: int) -> bool:
        person = self.list.leden[number].persoon or ""
        whole = len(words(name.text)) >= len(words(person))
        return not (whole or name.before in self._ordinary | FUNCTION_WORDS | _TITLES or not name.before)

    @staticmethod
    def _numbers(names: Names[int], text: str) -> list[int]:
        found = names.find(text)
        exact = [name for name in found if name.exact]
        return list(dict.fromkeys(number for name in exact or found for number in name.values))

    def _of_person(self, lid: Lid) -> str:
        sentence = lid.zin or (self.list.zinnen.persoon or self.list.zinnen.lid).format(
            naam=lid.naam, persoon=lid.persoon
        )
        return " ".join(filter(None, [sentence, lid.later]))

    def _of_member(self, lid: Lid) -> str:
        sentence = lid.zin or self.list.zinnen.lid.format(naam=lid.naam, persoon=lid.persoon)
        return " ".join(filter(None, [sentence, lid.later]))

    def _of_group(self, group_id: str) -> str:
        group = next(group for group in self.list.groepen if group.id == group_id)
        members = [lid for lid in self.list.leden if lid.groep == group_id]
        lines = [f"- {lid.naam}" + (f": {lid.persoon}" if lid.persoon else "") for lid in members]
        return "\n".join([(self.list.zinnen.groep or "").format(groep=group.naam), *lines])

    def _nobody(self, name: str, asked: Asked) -> Found:
        sentence = self.list.zinnen.niemand.format(naam=name, aantal=len(self.list.leden))
        near = dict.fromkeys([*self._people.nearest(name, 1), *self._members.nearest(name, 2)])
        shown = [self.list.leden[number] for number in near]
        lines = [f"- {lid.naam}" + (f" ({lid.persoon})" if lid.persoon else "") for lid in shown]
        suggestion = "\n".join([self.list.zinnen.lijken, *lines]) if lines else ""
        text = "\n\n".join(filter(None, [sentence, suggestion]))
        # A whole list answers "heeft … getekend?": no. Where a name is near, it may be meant, and that is open.
        complete = bool(_YES_OR_NO.match(fold(asked.text))) and not lines
        return Found(f"Nee. {text}" if complete else text, self.list.vindplaats, {}, complete)

    def _unknown(self, text: str) -> Iterator[str]:
        """Yield what looks like a name that is not on the list."""
        text = text.rstrip("?!. ")
        for match in _CAPITALISED.finditer(text):
            if any(word not in self._ordinary and not word.isdigit() for word in words(match[0])):
                yield match[0].strip(" ?!.,")
        for pattern in _PLACES_OF_A_NAME:
            for match in pattern.finditer(fold(text)):
                named = [word for word in words(match["name"]) if self._may_be_name(word)]
                if named and (pattern is _PLACES_OF_A_NAME[0] or not all(is_word(word) for word in named)):
                    yield " ".join(named)

    def _may_be_name(self, word: str) -> bool:
        return word not in self._ordinary and word not in FUNCTION_WORDS and not word.isdigit()

    def leaves_open(self, asked: Asked) -> bool:
        """Tell whether a question is nothing but a name, perhaps with words of the questions about this list."""
        known = {word for names in (self._people, self._members, self._groups) for name in names.find(asked.text)
                 for word in words(name.text)}  # fmt: skip
        content = {part for word in words(asked.text) for part in word.split("-")} - known - FUNCTION_WORDS
        return all(word in self._ordinary or not is_word(word) for word in content)


def _names_of(person: str | None) -> Sequence[str]:
    """Return a name in full, the surname with its prefixes, and the surname alone."""
    if not person:
        return []
    _given, *rest = person.split()
    surname = " ".join(rest)
    last = rest[-1]
    return [person, surname, last] if len(last) > 3 or not _PREFIX.match(surname) else [person, surname]
