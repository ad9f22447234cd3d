import pytest

from bot.language.spelling import Speller

TEXTS = ["een stage lassen bij het platform talent voor technologie"] * 3 + ["omscholing naar lasser, omscholing"]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.of(TEXTS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("platvorm", "platform"),
        ("omschooling", "omscholing"),
        ("ik wil lasse", "ik wil lassen"),
        ("omsgholnig", "omscholing"),
        ("Wat is het platvorm talnt?", "Wat is het platform talent?"),
    ],
)
def test_a_misspelt_word_of_the_field_is_repaired(speller: Speller, written: str, meant: str):
    assert speller.repair(written) == meant


@pytest.mark.parametrize("text", ["platform", "kleding", "stoel", "the weather", "een bhv'er uit 2013", "xqz", ""])
def test_all_else_stays_as_it_is(speller: Speller, text: str):
    assert speller.repair(text) == text


def test_the_first_letter_must_be_right(speller: Speller):
    assert speller.repair("blatform") == "blatform"


def test_what_sounds_the_same_is_the_same():
    speller = Speller.of(["een extra project van het instituut"] * 2)
    assert speller.repair("ekstra projekt van 't institúútt") == "extra project van 't instituut"


def test_a_typing_error_in_the_texts_themselves_is_no_word_of_the_field():
    speller = Speller.of(["het techniekpact is ondertekend"] * 60 + ["het tegniekpact", "technika en techniekpakt"])
    assert speller.repair("tegniekpact") == "techniekpact"
    assert speller.repair("technika") == "technika"  # too far for a word that is there


def test_a_rare_word_repairs_nothing():
    assert Speller.of(["zzorgbel"]).repair("zzorgbal") == "zzorgbal"
