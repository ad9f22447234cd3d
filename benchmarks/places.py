"""How well place names are found in sentences: `tests/questions/plaatsen.yml`."""

from pathlib import Path

import yaml

from benchmarks.questions import FOLDER, PLACES
from benchmarks.replies import PARTS, Section
from bot.places import Gazetteer, load_gazetteer


def names_in(gazetteer: Gazetteer, text: str) -> set[str]:
    """Return the official names of the Dutch towns, municipalities and provinces that a text names."""
    places = (mention.places[0] for mention in gazetteer.find(text))
    return {place.name for place in places if place.landsdelen and place.kind in ("gemeente", "plaats", "provincie")}


def measure_places() -> Section:
    """Return precision and recall over the names in the sentences of each part."""
    gazetteer = load_gazetteer(Path("knowledge"))
    entries = yaml.safe_load((FOLDER / PLACES).read_text("utf-8"))
    rows = [["part", "sentences", "names", "precision", "recall"]]
    for part in PARTS:
        chosen = [entry for entry in entries if entry["deel"] == part]
        pairs = [(set(entry["plaatsen"]), names_in(gazetteer, entry["tekst"])) for entry in chosen]
        hits = sum(len(expected & found) for expected, found in pairs)
        named, said = sum(len(expected) for expected, _ in pairs), sum(len(found) for _, found in pairs)
        rows.append([part, str(len(chosen)), str(named), f"{hits / said:.3f}", f"{hits / named:.3f}"])
    text = "Place names in sentences as visitors type them, and in traps: words and surnames that are also places."
    return "places", "Finding places", text, rows
