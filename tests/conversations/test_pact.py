"""The agreement of 2013 over REST: every cell, every signatory, every action, in other words than the examples."""

import pytest
from babel.numbers import format_decimal

from bot.knowledge.schema import Knowledge
from bot.language.text import key
from tests.conftest import Conversation

CELLS = "Kun je me vertellen hoe het er in {row} voor stond met {column}-technici, in {measure}: te veel of te weinig?"
BY_ORGANISATION = "Door wie is er ondertekend namens {name}?"
BY_PERSON = "Voor welke partij zette {person} een handtekening?"

# One fact of each action, read from the source document.
ACTIONS = {
    1: ["SLO", "2014"],
    2: ["PO-Raad", "meerjarenplan"],
    3: ["45 procent", "55 procent", "2015"],
    4: ["Technasium", "Vakcolleges"],
    5: ["50 procent", "30 procent", "47 procent", "23 procent"],
    6: ["2016", "doorgaande leerlijn"],
    7: ["3.000", "7.000"],
    8: ["€ 100 miljoen", "€ 8 miljoen", "160", "1.500"],
    9: ["nascholing", "lump"],
    10: ["minor", "3 maanden"],
    11: ["kwaliteitskader"],
    12: ["€ 200 miljoen", "€ 100 miljoen"],
    13: ["Van der Touw"],
    14: ["bekostiging"],
    15: ["Macrodoelmatigheid"],
    16: ["studiebijsluiter", "SBB"],
    17: ["30 procent", "25 procent", "€ 209 miljoen"],
    18: ["65", "25", "zes domeinen"],
    19: ["verblijfsvergunning", "1 juni 2013"],
    20: ["1.000"],
    21: ["€ 300 miljoen", "sectorplan"],
    22: ["behoud van uitkering"],
}


def test_the_wordings_of_these_tests_are_no_examples(knowledge: Knowledge):
    examples = {key(text) for item in knowledge.items for text in (item.vraag, *item.voorbeeldvragen)}
    asked = [BY_ORGANISATION.format(name=lid.naam) for lid in _signatories(knowledge).leden]
    asked += [BY_PERSON.format(person=lid.persoon) for lid in _signatories(knowledge).leden]
    asked += [_explain(number) for number in ACTIONS]
    assert [text for text in asked if key(text) in examples] == []


def test_every_cell_of_both_tables(knowledge: Knowledge, new_visitor):
    table = knowledge.tabellen[0]
    wrong = []
    for measure in table.maten:
        for row in table.rijen:
            for column in table.kolommen:
                value = measure.waarden[row.id][column.id]
                question = CELLS.format(row=row.naam, column=column.naam, measure=measure.naam)
                visitor = new_visitor()
                text = visitor.say(question)
                said = measure.eenheid.format(getal=format_decimal(abs(value), locale="nl"))
                which = "tekort van" if value < 0 else "overschot van" if value else ""
                if visitor.kind != "answer" or f"{which} {said}".strip() not in text:
                    wrong.append((question, said, text[:120]))
    assert wrong == []


def test_every_signatory_by_organisation_and_by_person(knowledge: Knowledge, new_visitor):
    wrong = []
    for lid in _signatories(knowledge).leden:
        for question in (BY_ORGANISATION.format(name=lid.naam), BY_PERSON.format(person=lid.persoon)):
            visitor = new_visitor()
            text = visitor.say(question)
            # A minister is named by his office: "minister van …" stands in the middle of the sentence.
            names = lid.naam.lower() in text.lower() or "ambassadeur" in text
            if visitor.kind != "answer" or lid.persoon not in text or not names:
                wrong.append((question, text[:120]))
    assert wrong == []


@pytest.mark.parametrize("number", ACTIONS)
def test_every_action_by_its_number(number: int, visitor: Conversation):
    text = visitor.say(_explain(number))
    assert visitor.kind == "answer"
    assert visitor.messages[-1]["custom"]["items"] == [f"pact-actie-{number}"]
    assert f"actie {number}" in text.split("Bron:")[-1]
    missing = [fact for fact in ACTIONS[number] if fact.lower() not in text.replace("\u00a0", " ").lower()]
    assert missing == [], text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("hoeveel technici komt Vlaanderen tekort", "landsdeel Noordwest"),
        ("hoe groot is het tekort aan havo-technici in oost", "vmbo, mbo, hbo, wo"),
        ("hoe groot was het tekort aan technici in Drenthe volgens tabel 1", "landsdeel Noord"),
        ("wie tekende er namens Philips", "naam Philips vind ik niet"),
        ("wat staat er in actie 23", "actie 1 tot en met 22"),
        ("leg ambitie 7 eens uit", "ambitie 1 tot en met 4"),
    ],
)
def test_what_does_not_exist_is_told(question: str, told: str, visitor: Conversation):
    text = visitor.say(question)
    assert visitor.kind == "fallback"
    assert told in text
    assert visitor.messages[-1]["custom"]["items"] == []


def test_a_list_answers_who_is_not_on_it(visitor: Conversation):
    text = visitor.say("heeft Mark Rutte het pact ondertekend")
    assert visitor.kind == "answer"
    assert "Nee. De naam Mark Rutte vind ik niet" in text


def test_a_lookup_goes_on_until_the_subject_changes(visitor: Conversation):
    assert "15.400" in visitor.say("hoeveel mbo'ers komt noordwest tekort")
    assert "9 procent" in visitor.say("en in procenten?")
    assert "4 procent" in visitor.say("en Noord dan?")
    assert "overschot van 3 procent" in visitor.say("en voor hbo?")
    assert "Ineke Dezentjé" in visitor.say("wie tekende namens FME")
    assert "Rinda den Besten" in visitor.say("en de PO-Raad?")
    assert "Elco Brinkman" in visitor.say("en Bouwend Nederland?")
    assert "Henk Kamp" in visitor.say("en Kamp?")
    assert "actie 17" in visitor.say("wat staat er in actie 17").split("Bron:")[-1]
    assert "actie 18" in visitor.say("en de volgende?").split("Bron:")[-1]
    visitor.say("waar vind ik een stage in de techniek")
    assert "procent" not in visitor.say("en Noord dan?")


@pytest.mark.parametrize("others", ["en de andere landsdelen?", "en in de rest van het land?"])
def test_a_lookup_goes_on_to_all_landsdelen_and_to_the_worst(others: str, visitor: Conversation):
    assert "3.100" in visitor.say("hoeveel mbo tekort in noord")
    assert all(value in visitor.say(others) for value in ("14.000", "15.400", "11.800", "13.800"))
    assert "Noordwest: een tekort van 15.400" in visitor.say("en waar is het het krapst?")


def test_there_is_the_landsdeel_of_the_answer_before(visitor: Conversation):
    assert "31.700" in visitor.say("hoe groot was het tekort aan technici in landsdeel oost")
    assert "Theo Rietkerk" in visitor.say("en wie tekende daar?")


def test_a_plan_goes_on_with_another_landsdeel_and_another_line(visitor: Conversation):
    assert "250" in visitor.say("wat wil Oost met omscholing")
    assert "Zuidwest" in visitor.say("en zuidwest?")
    assert "leren in de techniek" in visitor.say("en onder leren?")
    assert visitor.messages[-1]["custom"]["items"][0].startswith("pact-zuidwest-")


def _signatories(knowledge: Knowledge):
    return next(members for members in knowledge.lijsten if members.id == "ondertekenaars")


def _explain(number: int) -> str:
    return f"Kun je actie {number} uit dat document voor me samenvatten?"
