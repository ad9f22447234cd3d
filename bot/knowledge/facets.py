"""What a question names exactly: landsdelen, a numbered action or ambition, one of the three lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from text_to_num import alpha2digit

from bot.knowledge.names import Names
from bot.knowledge.schema import Item, Landsdeel, Lijn
from bot.language.text import clean, fold
from bot.places import Gazetteer, Mention, Place

_AFTER = re.compile(r"\b(actie|ambitie)(?:punt|nummer)?s?\s+(?:nr\b\.?\s*|nummer\s+)?(\d{1,3})\b")
_BEFORE = re.compile(r"\b(\d{1,3})\s?(?:e|de|ste)\s+(actie|ambitie)(?:punt)?\b")
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
    ambitie: int | None = None
    actie: int | None = None

    @property
    def regions(self) -> tuple[str, ...]:
        """The landsdelen that are named or in which the named area lies."""
        return self.landsdelen or (self.area.landsdelen if self.area else ())

    @property
    def numbered(self) -> bool:
        """Whether an action or ambition is named by its number."""
        return self.actie is not None or self.ambitie is not None

    def allow(self, item: Item) -> bool:
        """Tell whether an item can answer: it is not about another landsdeel, action or ambition."""
        about = item.over
        if self.regions and about.landsdeel and about.landsdeel not in self.regions:
            return False
        if self.actie is not None:
            return about.actie == self.actie
        return self.ambitie is None or (about.ambitie == self.ambitie and about.actie is None)

    def following(self, before: "Facets") -> "Facets":
        """Return these facets, completed with those of the question that this one goes on from."""
        if self.numbered:
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
        numbers = dict(_numbers(text))
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
            ambitie=numbers.get("ambitie"),
            actie=numbers.get("actie"),
        )

    def _landsdelen_of(self, mention: Mention) -> tuple[str, ...]:
        """Return the landsdelen of which a mention is a name, not just a part."""
        place = mention.places[0]
        misspelt = OSA.distance(fold(mention.text), fold(place.name))
        by_name = self._landsdelen.get(place.name) if place.kind != "landsdeel" or misspelt <= 1 else ()
        return self._landsdelen.get(mention.text) or by_name


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """Yield "actie" or "ambitie" with its number, also of "de zeventiende actie"."""
    digits = alpha2digit(clean(text).lower(), "nl", threshold=0)
    yield from ((kind, int(number)) for kind, number in _AFTER.findall(digits))
    yield from ((kind, int(number)) for number, kind in _BEFORE.findall(digits))
