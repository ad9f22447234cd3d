"""Lookups in tables and lists, and what a question names, on the real knowledge."""

import re
from pathlib import Path

import pytest

from bot.knowledge.asked import Asked
from bot.knowledge.expects import can_answer
from bot.knowledge.facets import FacetReader, Facets
from bot.knowledge.lists import ListReader
from bot.knowledge.names import Names
from bot.knowledge.quantities import join_quantities
from bot.knowledge.schema import Knowledge
from bot.knowledge.strangers import Vocabulary
from bot.knowledge.tables import TableReader
from bot.language.text import words
from bot.places import load_gazetteer
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def reader(knowledge: Knowledge) -> FacetReader:
    return FacetReader(knowledge.landsdelen, load_gazetteer(ROOT / "knowledge"))


@pytest.fixture(scope="module")
def table(knowledge: Knowledge) -> TableReader:
    item = knowledge.item("pact-tekorten")
    ordinary = frozenset(word for text in (item.vraag, *item.voorbeeldvragen) for word in words(text))
    return TableReader(knowledge.tabellen[0], ordinary)


@pytest.fixture(scope="module")
def signatories(knowledge: Knowledge) -> ListReader:
    members = next(members for members in knowledge.lijsten if members.id == "ondertekenaars")
    return ListReader(members, frozenset("wie tekende het pact namens voor de heeft er".split()))


def test_the_table_is_the_one_of_the_source(knowledge: Knowledge, seeds: Path):
    """Each row of the two tables in the source document, cell by cell."""
    text = next(seeds.glob("004*.txt")).read_text("utf-8")
    counts, percentages = knowledge.tabellen[0].maten
    names = {row.naam.removeprefix("landsdeel ").removeprefix("heel "): row.id for row in knowledge.tabellen[0].rijen}
    found = re.findall(
        r"^(Noord|Oost|Noordwest|Zuidwest|Zuidoost|Nederland) ((?:-?[\d.]+%? ?){5})$", text, re.MULTILINE
    )
    assert len(found) == 12
    for row, cells in found:
        measure = percentages if "%" in cells else counts
        values = [int(cell.replace(".", "").rstrip("%")) for cell in cells.split()]
        assert list(measure.waarden[names[row]].values()) == values, (measure.id, row)


def test_the_signatories_are_those_of_the_source(knowledge: Knowledge, seeds: Path):
    lines = next(seeds.glob("004*.txt")).read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if "3TU.Federatie" in line)
    parts = [[part.strip() for part in line.split("\t") if part.strip()] for line in lines[start : start + 70]]
    source = [(name.replace("Staatsecretaris", "Staatssecretaris"), person.replace("‘", "'")) for name, person in
              (part for part in parts if len(part) == 2)]  # fmt: skip
    members = next(members for members in knowledge.lijsten if members.id == "ondertekenaars")
    assert [(lid.naam, lid.persoon) for lid in members.leden] == source


def test_the_regiegroep_is_that_of_the_source(knowledge: Knowledge, seeds: Path):
    text = next(seeds.glob("000*.txt")).read_text("utf-8")
    named = [line.removeprefix(" • ").strip() for line in text.splitlines() if line.startswith(" • ")]
    members = next(members for members in knowledge.lijsten if members.id == "regiegroep")
    assert [lid.naam for lid in members.leden] == named
    assert len(named) == 28


class TestTable:
    def ask(self, table: TableReader, reader: FacetReader, text: str, before=None, goes_on=False):
        return table.look_up(Asked(text, reader.read(text), before or {}, goes_on))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("hoeveel mbo'ers komt noordwest tekort", ["tekort van 15.400"]),
            ("tekort hbo in de noordvleugel", ["tekort van 10.200"]),
            ("is er in noord een overschot aan hbo'ers", ["overschot van 600"]),
            ("hoeveel procent vmbo'ers komt zuidoost te kort", ["tekort van 19 procent"]),
            ("wat is het tekort in heel nederland", ["61.800", "58.100", "25.100", "9.300", "154.300"]),
            ("waar is het tekort het grootst", ["landsdeel Noordwest: een tekort van 47.600", "Zuidoost"]),
            ("waar is het tekort aan vmbo'ers het kleinst", ["landsdeel Noord: een tekort van 5.500"]),
            ("op welk niveau is het tekort in oost het grootst", ["mbo: een tekort van 14.000", "20 procent"]),
            ("waar is er een overschot", ["Noord, hbo", "Oost, wo", "Zuidwest, wo"]),
            ("heeft zuidoost ergens een overschot", ["Nee"]),
            ("vergelijk oost en zuidwest", ["31.700", "33.600"]),
            ("waar is het overschot het grootst", ["Noord, hbo: een overschot van 600"]),
        ],
    )  # fmt: skip
    def test_values(self, table, reader, text, expected):
        found = self.ask(table, reader, text)
        assert found.complete
        assert [fact for fact in expected if fact not in found.text] == []

    @pytest.mark.parametrize(
        "text",
        ["tekort in Vlaanderen", "tekort havo", "tekort in 2025", "noordoost", "Drenthe", "tekort aan leraren in oost"],
    )
    def test_what_it_does_not_have(self, table, reader, text):
        assert not self.ask(table, reader, text).complete

    def test_a_follow_up_keeps_what_it_does_not_name(self, table, reader):
        first = self.ask(table, reader, "hoeveel mbo'ers komt noordwest tekort")
        second = self.ask(table, reader, "en in procenten?", first.slots, goes_on=True)
        assert "9 procent" in second.text
        third = self.ask(table, reader, "en oost?", second.slots, goes_on=True)
        assert third.slots == {"landsdeel": ("oost",), "niveau": ("mbo",), "maat": ("procent",)}

    @pytest.mark.parametrize("text", ["en in de rest van het land?", "en per landsdeel?"])
    def test_a_follow_up_may_ask_for_every_landsdeel(self, table, reader, text):
        before = {"landsdeel": ("oost",), "niveau": ("wo",)}
        answer = self.ask(table, reader, text, before, goes_on=True).text
        assert all(part in answer for part in ("Noord", "Noordwest", "Zuidwest", "Zuidoost"))
        assert answer.startswith("Voor wo")

    def test_where_it_is_worst_is_asked_of_the_level_before(self, table, reader):
        before = {"landsdeel": ("oost",), "niveau": ("wo",)}
        answer = self.ask(table, reader, "welk gebied had het er het slechtst?", before, goes_on=True).text
        assert answer.startswith(
            "Voor wo was het grootste tekort in landsdeel Noordwest: een tekort van 7.100 technici"
        )

    def test_a_new_question_keeps_nothing(self, table, reader):
        first = self.ask(table, reader, "hoeveel mbo'ers komt noordwest tekort")
        assert self.ask(table, reader, "hoeveel technici komt oost tekort", first.slots).slots["niveau"] == ()


class TestList:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("wie tekende namens FME", "Ineke Dezentjé"),
            ("namens wie tekende Ton Heerts", "FNV vakcentrale"),
            ("tekende ton heertz", "FNV vakcentrale"),
            ("en de po raad?", "Rinda den Besten"),
            ("van Straalen", "Koninklijke Metaalunie"),
            ("wie tekende voor de fnv", "Ellen Dekkers"),
            ("de topsectoren", "Loek Hermans"),
            ("minister van ez", "Henk Kamp"),
        ],
    )
    def test_both_ways(self, signatories: ListReader, text: str, expected: str):
        found = signatories.look_up(Asked(text))
        assert found.complete
        assert expected in found.text

    @pytest.mark.parametrize("name", ["Philips", "Mark Rutte", "NS", "Klaas van Dijk", "Mark Smit"])
    def test_who_did_not_sign(self, signatories: ListReader, name: str):
        found = signatories.look_up(Asked(f"wie tekende namens {name}"))
        assert not found.complete
        assert f"De naam {name} vind ik niet op de lijst" in found.text

    @pytest.mark.parametrize("text", ["Heeft Unilever getekend?", "Klopt het dat premier Kok tekende voor Unilever?"])
    def test_a_whole_list_answers_yes_or_no(self, signatories: ListReader, text: str):
        found = signatories.look_up(Asked(text))
        assert found.complete
        assert found.text.startswith("Nee. ")

    @pytest.mark.parametrize("text", ["jan van run, van welk landsdeel was hij", "Madame Louwes, wie was dat?"])
    def test_a_person_by_a_name_of_plain_words_or_with_a_title(self, signatories: ListReader, text: str):
        assert signatories.person_in(text) is not None

    def test_a_question_without_a_name_finds_nobody(self, signatories: ListReader):
        assert signatories.look_up(Asked("wie waren de ondertekenaars")) is None

    @pytest.mark.parametrize("text", ["wat is de beste hypotheek", "naar welk aantal stijgt het", "de bedoeling"])
    def test_ordinary_words_are_nobody(self, signatories: ListReader, text: str):
        assert signatories.person_in(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wat staat er in actie zeventien", Facets(numbers=(("actie", 17),))),
        ("de derde ambitie", Facets(numbers=(("ambitie", 3),))),
        ("actiepunt nr. 5", Facets(numbers=(("actie", 5),))),
        ("noem een actie", Facets()),
        ("doel 4 en 12", Facets(numbers=(("doel", 4), ("doel", 12)))),
        ("wat wil noord west onder werken", Facets(landsdelen=("noordwest",), lijn="werken")),
        ("het noorden", Facets(landsdelen=("noord",))),
        ("oost en zuidwest", Facets(landsdelen=("oost", "zuidwest"))),
    ],
)
def test_facets(reader: FacetReader, text: str, expected: Facets):
    found = reader.read(text)
    assert (set(found.landsdelen), found.lijn) == (set(expected.landsdelen), expected.lijn)
    assert found.numbers == expected.numbers


def test_an_area_is_no_landsdeel(reader: FacetReader):
    found = reader.read("tekort in Drenthe")
    assert found.landsdelen == ()
    assert found.area.name == "Drenthe"
    assert found.regions == ("noord",)


def test_another_name_is_no_misspelt_landsdeel(reader: FacetReader):
    assert reader.read("landsdeel Noordoost").regions == ()
    assert reader.read("landsdeel noordwst").regions == ("noordwest",)


class TestNames:
    names = Names([("PO-Raad", "po"), ("VO-Raad", "vo"), ("Jan van Zijl", "jan"), ("Kamp", "kamp"), ("Kamps", "kamps")])

    def test_what_is_spelt_right_goes_first(self):
        assert [name.values for name in self.names.find("kamp en kamps")] == [("kamp",), ("kamps",)]

    def test_hyphens_and_typing_errors(self):
        assert self.names.find("po raad")[0] == self.names.find("PO-raad")[0]
        assert self.names.find("jan van zijll")[0].values == ("jan",)
        assert not self.names.find("jan van zijll")[0].exact

    def test_short_words_are_not_stretched(self):
        assert self.names.find("ramp") == []


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("€ 22,3 miljoen", "22,3 mln."),
        ("honderd miljoen euro", "€100 mln."),
        ("30 procent", "30%"),
        ("drieduizend scholen", "3.000 scholen"),
        ("€ 2.000", "2000 euro"),
    ],
)
def test_quantities_are_one_word_however_written(written: str, same: str):
    assert join_quantities(written) == join_quantities(same)


@pytest.mark.parametrize(
    ("question", "answer", "can"),
    [
        ("hoeveel kostte het", "Het pact noemt het centrum als voorbeeld.", False),
        ("hoeveel kostte het", "Er was € 8 miljoen.", True),
        ("hoeveel leerlingen deden mee", "Het pact van 2013 noemt het project.", False),
        ("hoeveel leerlingen deden mee", "In 2013 waren het 660 leerlingen.", True),
        ("welk percentage kiest techniek", "In 2016 was het doel hoger.", False),
        ("wanneer begint het", "Vanaf 2014.", True),
        ("welke bedrijven doen mee", "Drie bedrijven. Het document noemt geen namen van de bedrijven.", False),
        ("hoeveel bedrijven doen mee", "Drie bedrijven. Het document noemt geen namen van de bedrijven.", True),
        ("wat is een technasium", "Een school voor onderzoek.", True),
    ],
)
def test_an_answer_must_have_what_is_asked(question: str, answer: str, can: bool):
    assert can_answer(question, [answer]) is can


def test_a_fact_about_one_name_is_no_answer_about_another(knowledge: Knowledge):
    vocabulary = Vocabulary(knowledge.items)
    asml = knowledge.item("pact-asml-1500")
    assert vocabulary.strangers("hoeveel banen verwacht unilever erbij", asml) == ["unilever"]
    assert vocabulary.strangers("hoeveel banen verwacht ASML erbij", asml) == []
    assert vocabulary.strangers("hoevel baanen verwagt asml erbij", asml) == []
