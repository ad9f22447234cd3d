"""What a question names exactly: landsdelen, a numbered action or ambition, one of the three lines."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from text_to_num import alpha2digit

from bot.knowledge.names import Names
from bot.knowledge.schema import Item, Landsdeel, Lijn
from bot.language.text import clean, fold
from bot.places import Gazetteer, Mention, Place

NUMBERED = ("actie", "ambitie", "doel")
"""What has a number in the agreement, or in what followed on it."""
_KIND = rf"({'|'.join(NUMBERED)})"
_AFTER = re.compile(
    rf"\b{_KIND}(?:punt|nummer)?(?:s|en)?\s+(?:nr\b\.?\s*|nummer\s+)?(\d{{1,3}}(?:\s*(?:,|en|of)\s*\d{{1,3}})*)\b"
)
_BEFORE = re.compile(rf"\b(\d{{1,3}})\s?(?:e|de|ste)\s+{_KIND}(?:punt)?\b")
_TITLE_ID = re.compile(rf"(?:pact-)?{_KIND}-(\d+)")
_ONLY_NUMBER = re.compile(r"^\W*(?:en\s+)?(?:nr\.?\s*|nummer\s+)?(\d{1,3})(?:e|de|ste)?(?:\s+dan)?\W*$")
_LINES: dict[str, Lijn] = {
    "kiezen": "kiezen", "kiezen voor techniek": "kiezen",
    "leren": "leren", "leren in de techniek": "leren",
    "werken": "werken", "werken in de techniek": "werken",
}  # fmt: skip


@dataclass(frozen=True)
class Facets:
    """What a question names. Everything is empty when it names nothing exactly."""

    landsdelen: tuple[str, ...] = ()
    """Ids of the landsdelen that are named themselves."""
    area: Place | None = None
    """A place that is no landsdeel: a province, a town, a country."""
    lijn: Lijn | None = None
    numbers: tuple[tuple[str, int], ...] = ()
    """Actions, ambitions and goals that are named by their number: `("actie", 17)`."""

    @property
    def regions(self) -> tuple[str, ...]:
        """The landsdelen that are named or in which the named area lies."""
        return self.landsdelen or (self.area.landsdelen if self.area else ())

    @property
    def allow(self) -> Callable[[Item], bool] | None:
        """What tells whether an item can answer; None when any item can."""
        return self._allow if self.regions or self.numbers else None

    def _allow(self, item: Item) -> bool:
        """Tell whether an item is not about another landsdeel, action, ambition or goal than the question."""
        about = item.over
        if self.regions and about.landsdeel and about.landsdeel not in self.regions:
            return False
        return not self.numbers or any(_bears(item, kind, number) for kind, number in self.numbers)

    def following(self, before: "Facets") -> "Facets":
        """Return these facets, completed with those of the question that this one goes on from."""
        if self.numbers:
            return self
        regions = self if self.regions else before
        return replace(self, landsdelen=regions.landsdelen, area=regions.area, lijn=self.lijn or before.lijn)


class FacetReader:
    """Reads facets from texts. Immutable; threads may share it."""

    def __init__(self, landsdelen: Sequence[Landsdeel], gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._landsdelen = Names((name, part.id) for part in landsdelen for name in (part.naam, *part.ook_bekend_als))
        self._lines: Names[Lijn] = Names(_LINES.items())

    def read(self, text: str) -> Facets:
        """Return what a text names."""
        named: dict[str, None] = {}
        areas, rest = [], text
        for mention in self._gazetteer.find(text):
            rest = rest.replace(mention.text, " ")
            place = mention.places[0]
            named.update(dict.fromkeys(parts := self._landsdelen_of(mention)))
            # "Noordoost" is not a misspelt "Noordwest": one wrong letter may be, two are another name.
            if not parts and place.kind != "landsdeel":
                areas.append(place)
        named.update((value, None) for name in self._landsdelen.find(rest) if name.exact for value in name.values)
        lines = [value for name in self._lines.find(text) if name.exact for value in name.values]
        return Facets(
            landsdelen=tuple(named),
            area=areas[0] if areas and not named else None,
            lijn=lines[0] if lines else None,
            numbers=tuple(dict.fromkeys(_numbers(text))),
        )

    def _landsdelen_of(self, mention: Mention) -> tuple[str, ...]:
        """Return the landsdelen of which a mention is a name, not just a part."""
        place = mention.places[0]
        misspelt = OSA.distance(fold(mention.text), fold(place.name))
        by_name = self._landsdelen.get(place.name) if place.kind != "landsdeel" or misspelt <= 1 else ()
        # "in noord een" looks like a misspelt Noord-Sleen: what is spelt right goes first.
        inside = [name for name in self._landsdelen.find(mention.text) if name.exact] if misspelt else []
        return self._landsdelen.get(mention.text) or by_name or tuple(part for name in inside for part in name.values)


def only_number(text: str) -> int | None:
    """Return the number that is all of a message: "en 9?"."""
    match = _ONLY_NUMBER.match(alpha2digit(clean(text).lower(), "nl", threshold=0))
    return int(match[1]) if match else None


def number_of(item: Item) -> tuple[str, int] | None:
    """Return the action, ambition or goal that an item is about: the innermost of them."""
    return next(((kind, number) for kind in NUMBERED if (number := getattr(item.over, kind)) is not None), None)


def title_number(item: Item) -> tuple[str, int] | None:
    """Return the action, ambition or goal that an item is, not one of which it is a part."""
    match = _TITLE_ID.fullmatch(item.id)
    return (match[1], int(match[2])) if match else None


def _bears(item: Item, kind: str, number: int) -> bool:
    """Tell whether an item is about a numbered thing; an ambition's items are not those of its actions."""
    return number_of(item) == (kind, number)


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """Yield every kind with its number, also of "de zeventiende actie" and "doel 4 en 12"."""
    digits = alpha2digit(clean(text).lower(), "nl", threshold=0)
    for kind, numbers in _AFTER.findall(digits):
        yield from ((kind, int(number)) for number in re.findall(r"\d+", numbers))
    yield from ((kind, int(number)) for number, kind in _BEFORE.findall(digits))
