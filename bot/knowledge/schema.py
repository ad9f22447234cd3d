"""What a knowledge file may say. Keys are Dutch: staff read and write them."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

INITIATIVE_THEME = "pact_regioplannen"
_PARTIAL_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def _partial_date(value: object) -> object:
    """Accept what YAML makes of 2013, 2013-05 and 2013-05-13."""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if value is None or (_PARTIAL_DATE.fullmatch(text) and not isinstance(value, bool)):
        return None if value is None else text
    raise ValueError("schrijf een datum als 2013, 2013-05 of 2013-05-13")


def _full_date(value: object) -> object:
    """Accept a YAML date, not a time or a number that pydantic would take for one."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("schrijf een datum als 2026-11-21") from None


def _one_line(value: object) -> object:
    if isinstance(value, str) and "\n" in value.strip():
        raise ValueError("schrijf deze tekst op één regel")
    return value


PartialDate = Annotated[
    str,
    BeforeValidator(_partial_date),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^(?:{_PARTIAL_DATE.pattern})$"}, {"type": "integer"}]}),
]
FullDate = Annotated[date, BeforeValidator(_full_date)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=400)]
Text = Annotated[str, Field(min_length=1, max_length=5000)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s<>\"']+$", max_length=500)]
Doelgroep = Literal[
    "leerling",
    "student",
    "werkzoekende",
    "werkende",
    "ouder",
    "leraar",
    "school",
    "bedrijf",
    "regio",
    "beleid",
    "pers",
]
Lijn = Literal["kiezen", "leren", "werken"]
Status = Literal["open", "gesloten", "vervallen", "onbekend"]


class Strict(BaseModel):
    """A part of a file in which an unknown key is an error: most are misspelt known ones."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Link(Strict):
    """An address for the visitor."""

    titel: Line
    url: Url


class Bron(Strict):
    """A source, described once in `bronnen.yml`."""

    id: Id
    titel: Line
    uitgever: Line | None = None
    datum: PartialDate | None = None
    datum_tekst: Line | None = None
    adres: Url | None = None


class Thema(Strict):
    """A subject: also the intent that Rasa learns for its items."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    titel: Line
    knop: Line
    """A question that a visitor can start this subject with."""
    plaatselijk: bool = False
    """Whether people ask about it for the place where they live."""
    startvragen: list[Id] = Field(default=[], max_length=3)
    """Items that a page about this subject offers beside the question of its button."""


class Regeling(Strict):
    """What an item about a subsidy or fund says besides its answer."""

    naam: Line
    voor: list[Doelgroep] = Field(min_length=1)
    uitvoerder: Line | None = None
    status: Status
    stand_op: PartialDate


class Over(Strict):
    """What an item is about, where a question can name that exactly."""

    landsdeel: Id | None = None
    lijn: Lijn | None = None
    ambitie: Annotated[int, Field(ge=1, le=99)] | None = None
    actie: Annotated[int, Field(ge=1, le=99)] | None = None
    doel: Annotated[int, Field(ge=1, le=99)] | None = None


class Item(Strict):
    """One question with its answer."""

    id: Id
    status: Literal["concept", "gepubliceerd"] = "gepubliceerd"
    """A concept is checked like any item, but never answered with."""
    thema: str
    vraag: Annotated[Line, Field(max_length=80)]
    voorbeeldvragen: list[Line] = Field(min_length=1)
    antwoord: Text
    doelgroep: list[Doelgroep] = Field(min_length=1)
    links: list[Link] = []
    bronnen: list[Id] = Field(min_length=1)
    vindplaats: Line | None = None
    """Where in its source the passage stands."""
    gecontroleerd_op: FullDate
    geldig_tot: FullDate | None = None
    zie_ook: list[Id] = []
    regeling: Regeling | None = None
    over: Over = Over()
    opzoeken: Id | None = None
    """The table or list in which the answer is looked up; `antwoord` then is what holds for all of it."""
    onbekend: bool = False
    """Whether the answer says no more than that the sources do not have it, and where to look."""


class Initiatief(Strict):
    """Something that a document names: a school, a network, a plan. It is its own question: what is it?"""

    id: Id
    naam: Annotated[Line, Field(max_length=70)]
    ook: list[Line] = []
    waar: Line | None = None
    landsdeel: Id | None = None
    voorbeeldvragen: list[Line] = []
    tekst: Text
    links: list[Link] = []
    bronnen: list[Id] = Field(min_length=1)
    vindplaats: Line | None = None
    gecontroleerd_op: FullDate

    def as_item(self) -> Item:
        """Return the question what this is, in the words in which people ask that, and in those of its own."""
        where = f" in {self.waar}" if self.waar and self.waar not in self.naam else ""
        questions = [q.format(self.naam) for q in ("wat is {}", "wie doen mee aan {}", "waar is {}")]
        return Item(
            id=self.id,
            thema=INITIATIVE_THEME,
            vraag=f"Wat staat er in het pact over {self.naam}{where}?"[:80],
            voorbeeldvragen=[*questions, f"{self.naam}{where}", *self.ook, *self.voorbeeldvragen],
            antwoord=self.tekst,
            doelgroep=["beleid", "pers", "regio"],
            links=self.links,
            bronnen=self.bronnen,
            vindplaats=self.vindplaats,
            gecontroleerd_op=self.gecontroleerd_op,
            over=Over(landsdeel=self.landsdeel),
        )


class Begrip(Strict):
    """A row, column, measure or group, with the other words that visitors have for it."""

    id: Id
    naam: Line
    ook: list[Line] = []


class Periode(Strict):
    """The first and the last year that a table is about."""

    van: Annotated[int, Field(ge=1900, le=2100)]
    tot: Annotated[int, Field(ge=1900, le=2100)]


class Afwijking(Strict):
    """A sum that is wrong in the source itself."""

    maat: Id
    rij: Id
    kolom: Id
    reden: Line


class Maat(Strict):
    """One measure of a table, with its words and values; a shortage is a negative value."""

    id: Id
    naam: Line
    ook: list[Line] = []
    vindplaats: Line
    optellen: bool
    """Whether the totals are the sums of the other values."""
    eenheid: Line
    """How a value is said: `{getal} procent`."""
    waarden: dict[Id, dict[Id, int]]


class Tabel(Strict):
    """Values by row and column, in one or more measures: shortages and surpluses."""

    id: Id
    titel: Line
    periode: Periode
    kolommen: list[Begrip] = Field(min_length=2)
    geen_kolom: list[Line] = []
    """Words for what visitors may take for a column, but is none."""
    totaalkolom: Id
    rijen: list[Begrip] = Field(min_length=2)
    geen_rij: list[Line] = []
    totaalrij: Id
    maten: list[Maat] = Field(min_length=1)
    woorden: list[Line] = []
    """Words that, with a row and a column, show that a question asks for a value of this table."""
    afwijkingen: list[Afwijking] = []
    uitleg: Text
    bronnen: list[Id] = Field(min_length=1)
    gecontroleerd_op: FullDate


class Lid(Strict):
    """A member of a list: an organisation, with the person who acted for it where the list says so."""

    naam: Line
    ook: list[Line] = []
    persoon: Line | None = None
    groep: Id | None = None
    zin: Line | None = None
    """What to say instead of the sentence of the list."""
    later: Line | None = None
    """What became of it."""


class Zinnen(Strict):
    """How a list answers; `{naam}`, `{persoon}`, `{groep}` and `{aantal}` are filled in."""

    lid: Line
    persoon: Line | None = None
    groep: Line | None = None
    niemand: Line
    lijken: Line


class Lijst(Strict):
    """Who or what belongs to something, all of it: what is not on the list, does not belong to it."""

    id: Id
    titel: Line
    woorden: list[Line] = []
    """Words that, with a name, show that a question asks who is on this list."""
    zinnen: Zinnen
    groepen: list[Begrip] = []
    leden: list[Lid] = Field(min_length=1)
    bronnen: list[Id] = Field(min_length=1)
    vindplaats: Line
    gecontroleerd_op: FullDate


class Organisatie(Strict):
    """A body that works on the pact in (a part of) a landsdeel."""

    id: Id
    naam: Line
    gebied: Line
    provincies: list[str] = []
    gemeenten: list[str] = []
    streken: list[Id] = []
    tekst: Text
    site: Url | None = None
    email: Line | None = None
    telefoon: Line | None = None
    adres: Line | None = None
    bronnen: list[Id] = Field(min_length=1)
    stand: PartialDate | None = None

    @property
    def whole_landsdeel(self) -> bool:
        """Whether it works for the whole landsdeel, not for a part of it."""
        return not (self.provincies or self.gemeenten or self.streken)


class Landsdeel(Strict):
    """One of the five parts of the country, with what is known there."""

    id: Id
    naam: Line
    ook_bekend_als: list[Line] = []
    provincies: list[Line] = Field(min_length=1)
    omschrijving: Text
    bronnen: list[Id] = Field(min_length=1)
    gecontroleerd_op: FullDate
    organisaties: list[Organisatie] = []
    geen_contact_bekend: list[Id] = []


class Streek(Strict):
    """A part of the country that people name: `plaatsen/streken.yml`, a signpost to its landsdeel."""

    id: Id
    naam: Line
    ook: list[str] = []
    landsdelen: list[Id] = Field(min_length=1)
    provincies: list[str] = []
    gemeenten: list[str] = []


class Namen(Strict):
    """Other names of places, and names that are ordinary words too: `plaatsen/namen.yml`."""

    ook_bekend_als: dict[str, str]
    gewone_woorden: list[str]
    nooit_een_plaats: list[str] = []
    buitenlandse_plaatsen: list[str] = []


class Woord(Strict):
    """What the knowledge calls something, with the other words that visitors have for it: `woorden.yml`."""

    id: Id
    naam: Line
    ook: list[Line] = Field(min_length=1)


class Contact(Strict):
    """Where a visitor finds a human."""

    titel: Line
    adres: Annotated[str, Field(pattern=r"^(?:https?://|mailto:)[^\s<>\"']+$", max_length=500)]


class Website(Strict):
    """What the website takes from the knowledge besides answers: `website.yml`."""

    id: Id
    contact: Contact
    themas: list[str] = Field(min_length=1, max_length=6)


class Knowledge(BaseModel):
    """All that the assistant knows, checked: every reference in it points to something."""

    model_config = ConfigDict(frozen=True)

    themas: list[Thema]
    bronnen: list[Bron]
    items: list[Item]
    landsdelen: list[Landsdeel]
    tabellen: list[Tabel] = []
    lijsten: list[Lijst] = []
    woorden: list[Woord] = []
    website: list[Website] = []

    def item(self, item_id: str) -> Item:
        """Return the item with this id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id("items")[item_id]

    def bron(self, bron_id: str) -> Bron:
        """Return the source with this id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id("bronnen")[bron_id]

    def landsdeel(self, landsdeel_id: str) -> Landsdeel:
        """Return the landsdeel with this id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id("landsdelen")[landsdeel_id]

    def _by_id(self, kind: str) -> dict:
        index = self.__dict__.setdefault(f"_{kind}_by_id", {})
        if not index:
            index.update({entry.id: entry for entry in getattr(self, kind)})
        return index
