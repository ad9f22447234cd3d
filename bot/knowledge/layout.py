"""Which files of `knowledge/` hold what: for the check, the forms of staff, and editors that know the schema."""

from dataclasses import dataclass

from pydantic import BaseModel

from bot.knowledge.schema import (
    Bron,
    Initiatief,
    Item,
    Landsdeel,
    Lijst,
    Namen,
    Streek,
    Tabel,
    Thema,
    Website,
    Woord,
)


@dataclass(frozen=True)
class Part:
    """A kind of entry: its schema, and the files that hold such entries."""

    model: type[BaseModel]
    patterns: tuple[str, ...]


PARTS: dict[str, Part] = {
    "bron": Part(Bron, ("bronnen.yml",)),
    "thema": Part(Thema, ("themas.yml",)),
    "item": Part(Item, ("faq/*.yml", "regelingen/*.yml", "pact/*.yml", "concepten/*.yml")),
    "initiatief": Part(Initiatief, ("pact/initiatieven/*.yml",)),
    "landsdeel": Part(Landsdeel, ("regios/*.yml",)),
    "tabel": Part(Tabel, ("pact/tabellen/*.yml",)),
    "lijst": Part(Lijst, ("pact/lijsten/*.yml",)),
    "woord": Part(Woord, ("woorden.yml",)),
    "website": Part(Website, ("website.yml",)),
    "streek": Part(Streek, ("plaatsen/streken.yml",)),
    "namen": Part(Namen, ("plaatsen/namen.yml",)),
}
