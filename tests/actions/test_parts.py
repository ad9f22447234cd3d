import pytest

from actions.parts import introduces, leans, own_words


@pytest.mark.parametrize(
    "part",
    ["ik ben docent op een mbo", "Hoi, ik werk bij een metaalbedrijf", "mijn dochter zit in 3 havo", "als wethouder"],
)
def test_who_only_says_who_asks_asks_nothing(part: str):
    assert introduces(part)


@pytest.mark.parametrize(
    "part",
    [
        "ik ben lasser en wil leraar worden",
        "ik zoek een stage",
        "mijn zoon heeft geen stageplek",
        "als bedrijf meedoen?",
        "wat is bbl",
    ],
)
def test_who_wants_something_asks(part: str):
    assert not introduces(part)


@pytest.mark.parametrize("part", ["en krijg ik dan geld", "hoe lang duurt dat", "wanneer moet ik dat aanvragen"])
def test_a_part_that_points_back_leans_on_another(part: str):
    assert leans(part)


@pytest.mark.parametrize("part", ["welke subsidie is er voor bedrijven", "waar vind ik daar een stage in de techniek"])
def test_a_part_that_says_enough_stands_by_itself(part: str):
    assert not leans(part)


def test_words_of_its_own_are_those_that_say_what_a_part_is_about():
    assert own_words("hoe heet dat") == 1
    assert own_words("waar vind ik een stage in de techniek") == 3
