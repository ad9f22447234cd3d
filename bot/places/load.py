"""The gazetteer from the files of `knowledge/`."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from babel import Locale
from ruamel.yaml import YAML

from bot.language.text import key
from bot.places.gazetteer import Gazetteer, Place

# CBS writes "Bergen (NH.)", "Hengelo (Gld)" and "Haren Gn".
_QUALIFIER = re.compile(r"\s*\([^)]+\)$|\s(?:Gn|Gld|NB|NH|L)$")


def _places_from_csv(path: Path) -> Iterator[Place]:
    municipalities: dict[str, Place] = {}
    provinces: dict[str, set[str]] = defaultdict(set)
    for row in csv.DictReader(path.open(encoding="utf-8")):
        landsdeel, provincie, gemeente = (row["landsdeel"].lower(),), row["provincie"], row["gemeente"]
        provinces[provincie].update(landsdeel)
        municipalities[gemeente] = Place(_QUALIFIER.sub("", gemeente), "gemeente", landsdeel, provincie, gemeente)
        yield Place(_QUALIFIER.sub("", row["plaats"]), "plaats", landsdeel, provincie, gemeente)
    yield from municipalities.values()
    for name, landsdelen in provinces.items():
        yield Place(name, "provincie", tuple(sorted(landsdelen)), name)


def _foreign(cities: Iterable[str]) -> Iterator[Place]:
    countries = (
        name for code, name in Locale("nl").territories.items() if code.isalpha() and code not in ("NL", "QO", "ZZ")
    )
    for name in (*countries, *cities):
        yield Place(name, "buitenland", ())


@lru_cache(maxsize=4)
def load_gazetteer(knowledge: Path) -> Gazetteer:
    """Read the places of CBS, streken and names in `plaatsen/`, and the landsdelen in `regios/`.

    Raises:
        FileNotFoundError: a file of `plaatsen/` is missing.
    """
    yaml = YAML(typ="safe")
    folder = knowledge / "plaatsen"
    regions = yaml.load((folder / "streken.yml").read_text("utf-8"))
    names = yaml.load((folder / "namen.yml").read_text("utf-8"))
    landsdelen = [yaml.load(path.read_text("utf-8")) for path in sorted((knowledge / "regios").glob("*.yml"))]

    regions_of = defaultdict(list)
    for region in regions:
        for municipality in region.get("gemeenten") or ():
            regions_of[municipality].append(region["id"])
    places = [replace(p, streken=tuple(regions_of[p.gemeente])) for p in _places_from_csv(folder / "plaatsen.csv")]
    places += [_region(region) for region in regions]
    places += [
        Place(name, "landsdeel", (landsdeel["id"],))
        for landsdeel in landsdelen
        for name in (landsdeel["naam"], *(landsdeel.get("ook_bekend_als") or ()))
    ]
    known = {key(place.name) for place in places}
    foreign = _foreign(names.get("buitenlandse_plaatsen") or ())
    places += [place for place in foreign if key(place.name) not in known]

    aliases = {str(alias): name for alias, name in names["ook_bekend_als"].items()}
    aliases.update({alias: region["naam"] for region in regions for alias in region.get("ook") or ()})
    return Gazetteer(places, aliases, names["gewone_woorden"], names.get("nooit_een_plaats") or ())


def _region(region: dict) -> Place:
    provinces = region.get("provincies") or ()
    province = provinces[0] if len(provinces) == 1 else None
    return Place(region["naam"], "streek", tuple(region["landsdelen"]), province, streken=(region["id"],))
