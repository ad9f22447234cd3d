import pytest

from bot.language.sentences import split_questions, split_sentences


def test_sentences():
    assert split_sentences("Ik ben Jan. Ik zoek werk! Waar?") == ["Ik ben Jan.", "Ik zoek werk!", "Waar?"]


def test_numbers_do_not_end_a_sentence():
    assert split_sentences("Is het 2. of 3. doel gehaald?") == ["Is het 2. of 3. doel gehaald?"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("wie is de voorzitter en wat doet ptvt precies", ["wie is de voorzitter", "wat doet ptvt precies"]),
        ("Waar vind ik een stage? Wat kost omscholing?", ["Waar vind ik een stage?", "Wat kost omscholing?"]),
        ("waar vind ik een stage en een leerbaan", ["waar vind ik een stage en een leerbaan"]),
        ("wie en wat", ["wie en wat"]),
        ("", []),
    ],
)
def test_questions(text: str, parts: list[str]):
    assert split_questions(text) == parts
