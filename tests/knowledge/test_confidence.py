import pytest

from bot.knowledge.confidence import Logistic, Subjects, fit_of, log_odds
from bot.knowledge.expects import asks_for_now, can_answer, counts_things, counts_what_is_asked, is_about_years
from bot.knowledge.schema import Knowledge


def test_a_logistic_regression_gives_a_probability():
    model = Logistic(0.0, {"x": 2.0})
    assert model({"x": 0.0, "unknown": 5.0}) == 0.5
    assert model({"x": 1000.0}) == pytest.approx(1.0)
    assert model({"x": -1000.0}) == pytest.approx(0.0)


def test_log_odds_are_bounded_and_rise():
    found = [log_odds(p) for p in (0.0, 0.1, 0.5, 0.9, 1.0)]
    assert found == sorted(found)
    assert found[2] == pytest.approx(0)
    assert found[4] == pytest.approx(-found[0])
    assert found[4] < 8


def test_coverage_weighs_what_an_item_speaks_of(knowledge: Knowledge):
    subjects = Subjects(knowledge.items)
    row = next(n for n, item in enumerate(knowledge.items) if item.id == "stage-zoeken")
    near = subjects.coverage("waar vind ik een stageplaats", row)
    far = subjects.coverage("waar vind ik een okapi met krokodillenleren laarzen", row)
    assert near.covered > far.covered
    assert near.unknown == 0 < far.unknown
    assert subjects.coverage("de het een", row).count == 0


def test_the_fit_has_no_feature_without_a_number(knowledge: Knowledge):
    item = knowledge.items[0]
    found = fit_of("hoeveel", item, Subjects(knowledge.items).coverage("hoeveel", 0))
    assert all(isinstance(value, float) for value in found.values())


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("hoeveel pabo's deden mee", "Er deden 12 pabo's mee.", True),
        ("hoeveel pabo's deden mee", "Er was 8 miljoen euro. De pabo's kregen les.", False),
        ("hoeveel euro is het", "Het is 5 miljoen.", True),
        ("hoeveel krijgt de school", "Het is 25.000 euro.", True),
        ("hoeveel miljoen trok de provincie uit", "Het was € 15 miljoen.", True),
        ("wat is een pabo", "Een school.", True),
    ],
)
def test_a_number_must_be_of_what_is_counted(question: str, answer: str, expected: bool):
    assert counts_what_is_asked(question, answer) is expected


def test_only_named_things_are_counted():
    assert counts_things("hoeveel bedrijven doen mee in Limburg")
    assert not counts_things("hoeveel kost een cursus in Limburg")
    assert not counts_things("welke bedrijven doen mee in Limburg")


@pytest.mark.parametrize(
    ("question", "answer", "can"),
    [
        ("hoeveel vrouwen tekenden er", "Er tekenden 60 mensen.", False),
        ("hoeveel meisjes kiezen techniek", "Van de meisjes kiest 20 procent techniek.", True),
        ("wie is de directeur van PTvT", "PTvT is een platform.", False),
        ("wie is de voorzitter", "Thea Koster.", True),
        ("wie leidde het plan", "Het plan was van de stad.", False),
        ("wat is het kvk-nummer", "Kijk op de site.", False),
        ("welke sprekers waren er", "De conferentie was in Assen.", False),
        ("hoeveel is eraan uitgegeven", "Het plan was van de stad.", False),
        ("waar woont de voorzitter", "Thea Koster is voorzitter.", False),
        ("Ik bel al jaren met scholen. Wat is een roc?", "Een mbo-school.", True),
        ("waar kan ik bellen", "Kijk op de site.", False),
        ("hoeveel moest de school groeien", "De school moest verdubbeld zijn.", True),
        ("hoeveel scholen zijn er", "Het is een soort school.", False),
    ],
)
def test_an_answer_must_have_the_kind_of_thing_that_is_asked(question: str, answer: str, can: bool):
    assert can_answer(question, [answer]) is can


@pytest.mark.parametrize(
    ("question", "answer", "about"),
    [
        ("wat is het bedrag in 2027", "In 2026 was het € 2.700.", False),
        ("wat is het bedrag in 2026", "In 2026 was het € 2.700.", True),
        ("wat is het bedrag in 2027", "In 2026 was het € 2.700. Het bedrag van 2027 vonden we niet.", False),
        ("bestaat het in 2027 nog", "Het stopte in 2024.", True),
        ("Mijn vader begon in 1983 met een bus. Welke subsidie is er?", "Er is SLIM.", True),
    ],
)
def test_an_answer_must_be_about_the_years_that_are_asked(question: str, answer: str, about: bool):
    assert is_about_years(question, answer) is about


def test_an_age_is_no_amount():
    assert not can_answer("hoe oud is de voorzitter", ["Er zijn 28 leden."])
    assert can_answer("hoe oud mag ik zijn", ["Je mag hooguit 57 jaar zijn."])


def test_now_is_heard():
    assert asks_for_now("wie is nu minister")
    assert asks_for_now("Wat kost het in 2027?")
    assert not asks_for_now("wie tekende in 2013")
