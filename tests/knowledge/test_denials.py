"""An answer that says what its source lacks is no answer to a question for just that."""

import pytest

from bot.knowledge.decide import Decision, checked
from bot.knowledge.denials import says_it_is_missing, without_denials
from bot.knowledge.schema import Knowledge

PILOTS = (
    "In het najaar begonnen pilots. De invoering was in 2015. Het document noemt niet hoeveel pilots en welke scholen."
)
METAL = "Friesland had veel behoefte aan metaal. Bijlage 1 noemt dat. Een aantal geeft het document niet."
GROWTH = "Het aantal meisjes steeg met 180 procent. Aantallen noemt het document niet, alleen deze percentages."
PROVINCES = "Brabant gaf € 15 miljoen. Limburg investeerde ook. Een bedrag voor Limburg staat er niet bij."


@pytest.mark.parametrize(
    ("question", "answer", "missing"),
    [
        ("hoeveel pilots waren er", PILOTS, True),
        ("welke scholen deden mee aan de pilots", PILOTS, True),
        ("wanneer was de invoering", PILOTS, False),
        ("om hoeveel mensen ging het in Friesland", METAL, True),
        ("wat had Friesland nodig", METAL, False),
        ("met hoeveel procent steeg het aantal meisjes", GROWTH, False),
        ("hoeveel miljoen gaf Brabant", PROVINCES, False),
        ("welk bedrag stak Limburg erin", PROVINCES, True),
        ("wie zat er in de commissie", "De commissie deed onderzoek. Wie in de commissie zaten, zegt het niet.", True),
        ("wat deed de commissie", "De commissie deed onderzoek. Wie in de commissie zaten, zegt het niet.", False),
        ("hoeveel groeide de school", "De school moest verdubbeld zijn. Het document noemt geen aantal.", False),
    ],
)
def test_the_sentence_nearest_to_the_question_decides(question: str, answer: str, missing: bool):
    assert says_it_is_missing(question, answer) is missing


def test_a_year_of_which_nothing_is_known_is_no_year_of_the_answer():
    assert without_denials("De ronde van 2026 is voorbij. Die van 2027 vonden we niet.") == (
        "De ronde van 2026 is voorbij."
    )


def test_a_question_for_what_an_item_lacks_shows_it_as_what_comes_nearest(knowledge: Knowledge):
    item = knowledge.item("pact-vmbo-examenprogrammas")

    def kind(question: str, confidence: float) -> str:
        decision = Decision("answer", [item], [], confidence)
        return checked(decision, question, lambda *_: [], lambda _: True).kind

    assert kind("welke scholen deden de pilot", 0.9) == "fallback"
    assert kind("wanneer begon de pilot", 0.9) == "answer"
    assert kind("welke scholen deden de pilot", 1.0) == "answer", "an example question is answered as staff wrote it"


def test_what_was_looked_up_must_be_the_kind_of_thing_asked(knowledge: Knowledge):
    item = knowledge.item("pact-ondertekenaars")
    decision = Decision("answer", [item], [], 0.9)
    said = "Jet Bussemaker tekende als minister van Onderwijs."
    for question, kind in (("namens wie tekende Bussemaker", "answer"), ("waar woont Bussemaker", "fallback")):
        assert checked(decision, question, lambda *_: [], lambda _: True, lambda _: said).kind == kind
