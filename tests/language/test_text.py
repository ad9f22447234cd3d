import pytest

from bot.language.text import clean, fold, key, question_text, strip_courtesy, words


def test_clean_drops_control_characters_and_keeps_words():
    assert clean("wat\x00 is\u200b  het\n\ttechniekpact’s") == "wat is het techniekpact's"


def test_fold_drops_case_and_accents():
    assert fold("Súdwest-Fryslân") == "sudwest-fryslan"


def test_words_keep_what_belongs_together():
    assert words("W&T-les: zij-instroom, mbo'er!") == ["w&t-les", "zij-instroom", "mbo'er"]


def test_key_is_the_same_for_the_same_question():
    assert key("Wáár vind ik een stage?") == key("waar vind ik een STAGE")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("hoi, waar vind ik een stage", "waar vind ik een stage"),
        ("Goedemiddag! Waar vind ik een stage? Alvast bedankt", "Waar vind ik een stage?"),
        ("beste meneer, hoe word ik leraar, mvg", "hoe word ik leraar"),
        ("dag van de techniek", "van de techniek"),
        ("hallo", "hallo"),
        ("dank je wel", "dank je wel"),
    ],
)
def test_strip_courtesy(said: str, left: str):
    assert strip_courtesy(said) == left


def test_question_text_leaves_out_html():
    assert question_text("<b>waar</b> is <img src=x onerror=alert(1)> een stage") == "waar is een stage"
    assert question_text("is 3 < 4 en 5 > 2") == "is 3 < 4 en 5 > 2"


def test_question_text_leaves_out_marks_of_personal_data():
    assert question_text("mijn nummer is [telefoonnummer] waar is een stage") == "mijn nummer is waar is een stage"


def test_question_text_leaves_out_who_asks():
    assert question_text("Ik heet Fatima en wil een stage") == "wil een stage"
    assert question_text("Mijn naam is Jan de Vries. Hoe word ik leraar?") == "Hoe word ik leraar?"
    assert question_text("ik ben lasser en zoek werk") == "ik ben lasser en zoek werk"
    assert question_text("ik heet [naam], waar is een stage") == "waar is een stage"
    assert question_text("Ik heet [naam] en zoek werk") == "zoek werk"
