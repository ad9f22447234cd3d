import csv
from pathlib import Path

import pytest

from bot.places import Gazetteer, asks_where, load_gazetteer
from bot.places.gazetteer import Place

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(ROOT / "knowledge")


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader((ROOT / "knowledge/plaatsen/plaatsen.csv").open(encoding="utf-8")))


def landsdelen(gazetteer: Gazetteer, text: str) -> set[str]:
    return {landsdeel for mention in gazetteer.find(text) for landsdeel in mention.landsdelen}


def test_every_place_leads_to_its_landsdeel(gazetteer: Gazetteer):
    never = {"nederland", "holland", "een", "leer", "namen"}
    missed = [
        row["plaats"]
        for row in rows()
        if row["plaats"].lower() not in never
        and row["landsdeel"].lower() not in landsdelen(gazetteer, row["plaats"].lower())
        and row["plaats"] != "Zeeland"  # the name of the province goes before that of the village
    ]
    assert missed == []


def test_every_place_in_a_sentence_leads_to_its_landsdeel(gazetteer: Gazetteer):
    sentence = "bij welk landsdeel hoort de gemeente {}?"
    gemeenten = {row["gemeente"]: row["landsdeel"].lower() for row in rows()}
    missed = [
        name
        for name, landsdeel in gemeenten.items()
        if landsdeel not in landsdelen(gazetteer, sentence.format(name.split(" (")[0].lower()))
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ik woon in den bosch", {"zuidoost"}),
        ("stage in enschedee", {"oost"}),
        ("ZH", {"zuidwest"}),
        ("den haag", {"zuidwest"}),
        ("denhelder welk landsdeel", {"noordwest"}),
        ("bergen op zoom", {"zuidwest"}),
        ("West-Brabant", {"zuidwest"}),
        ("west brabant", {"zuidwest"}),
        ("Etten-Leur", {"zuidwest"}),
        ("eindhoven", {"zuidoost"}),
        ("fryslan", {"noord"}),
        ("friesland", {"noord"}),
        ("in de achterhoek", {"oost"}),
        ("twente", {"oost"}),
        ("súdwest fryslân", {"noord"}),
        ("s-hertogenbosch", {"zuidoost"}),
        ("'s gravenhage", {"zuidwest"}),
        ("nee ik bedoel Groningen", {"noord"}),
        ("en in limburg?", {"zuidoost"}),
        ("en voor flevoland dan", {"noordwest"}),
        ("provincie utrecht", {"noordwest"}),
        ("zeeland", {"zuidwest"}),
        ("Ik kom uit Best", {"zuidoost"}),
        ("landsdeel oost", {"oost"}),
        ("hoort meppel bij noord of bij oost", {"noord"}),
    ],
)
def test_spellings(gazetteer: Gazetteer, text: str, expected: set[str]):
    assert landsdelen(gazetteer, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "wat is de beste opleiding",
        "echt waar, dat is best goed",
        "how it goes today",
        "goes it",
        "ik heb een heel goed idee gemaakt",
        "wat kost het in heel nederland",
        "made in holland",
        "welke regio is het beste",
        "ik wil leren en werken in de techniek",
        "waarom zijn er landsdelen",
        "wie zit er in de regiegroep",
        "hoeveel geld is er in een jaar",
        "hoeveel regio's zijn er in heel nederland",
        "hoevel landsdelen zijn er",
    ],
)
def test_ordinary_words_are_no_places(gazetteer: Gazetteer, text: str):
    assert gazetteer.find(text) == []


@pytest.mark.parametrize("name", ["Bergen", "Beek", "Haren", "Rijswijk", "Laren", "Valkenburg", "brabant", "randstad"])
def test_ambiguous_names_keep_all_their_landsdelen(gazetteer: Gazetteer, name: str):
    assert len(landsdelen(gazetteer, f"ik woon in {name}")) > 1


@pytest.mark.parametrize(
    ("text", "landsdeel"),
    [
        ("bergen in limburg", "zuidoost"),
        ("Bergen in Noord-Holland", "noordwest"),
        ("Beek in Limburg", "zuidoost"),
        ("Bergen (NH)", "noordwest"),
        ("Valkenburg in Zuid-Holland", "zuidwest"),
        ("Laren gelderland", "oost"),
        ("Bergen (Limburg)", "zuidoost"),
    ],
)
def test_a_province_narrows_an_ambiguous_name(gazetteer: Gazetteer, text: str, landsdeel: str):
    mentions = gazetteer.find(text)
    assert [mention.landsdelen for mention in mentions] == [(landsdeel,)]
    assert gazetteer.lookup(mentions[0].value)[0].landsdelen == (landsdeel,)


@pytest.mark.parametrize("name", ["Antwerpen", "duitsland", "vlaanderen", "Oekraïne"])
def test_places_abroad_have_no_landsdeel(gazetteer: Gazetteer, name: str):
    (mention,) = gazetteer.find(f"ik woon in {name}")
    assert mention.places[0].kind == "buitenland"
    assert mention.landsdelen == ()


def test_unknown_places_are_not_guessed(gazetteer: Gazetteer):
    assert gazetteer.find("ik woon in Blubberdorperveen") == []


def test_mask_makes_places_alike(gazetteer: Gazetteer):
    assert gazetteer.mask("stage in Goes of Ede") == "stage in Amersfoort of Amersfoort"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("waar is een stage in goes", "waar is een stage"),
        ("stage in de buurt van Den Bosch zoeken", "stage zoeken"),
        ("techniekpact twente", "techniekpact twente"),
        ("Goes", ""),
    ],
)
def test_drop_leaves_the_question(gazetteer: Gazetteer, text: str, left: str):
    assert gazetteer.drop(text) == left


def test_asks_where():
    assert asks_where("Bij welk landsdeel hoort Ede?")
    assert not asks_where("Waar vind ik een stage in Ede?")


def test_a_gemeente_knows_its_streken(gazetteer: Gazetteer):
    place: Place = gazetteer.lookup("Enschede")[0]
    assert "twente" in place.streken


@pytest.mark.parametrize(
    ("text", "expected"),
    [("dordrech lasopleiding", {"zuidwest"}), ("vacature elektricien amersfort", {"noordwest"})],
)
def test_a_misspelt_town_at_the_edge_is_seen(gazetteer: Gazetteer, text: str, expected: set[str]):
    assert landsdelen(gazetteer, text) == expected


@pytest.mark.parametrize("text", ["opleidng tot lasser", "ik wil dordrech noch iets anders", "boekhouder worden"])
def test_a_misspelt_word_is_no_town(gazetteer: Gazetteer, text: str):
    assert landsdelen(gazetteer, text) == set()
