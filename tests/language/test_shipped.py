"""Vectors that come with the release are those of the encoder, but for a rounding."""

from pathlib import Path

import numpy as np

from bot.knowledge.schema import Knowledge
from bot.language.encoder import CachedEncoder, default_encoder
from bot.language.shipped import ShippedVectors, ship, shipped_vectors
from bot.language.text import question_text


class Fixed:
    name, dim = "fixed", 384

    def encode(self, texts):
        vectors = np.random.default_rng(1).standard_normal((len(texts), self.dim), dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_what_is_shipped_comes_back(tmp_path: Path):
    cache = CachedEncoder(Fixed(), tmp_path / "cache.db")
    texts = [f"tekst {n}" for n in range(50)]
    vectors = cache.encode(texts)
    assert ship(tmp_path / "cache.db", tmp_path / "vectors.npz") == 50
    shipped = ShippedVectors(tmp_path / "vectors.npz")
    for text, vector in zip(texts, vectors, strict=True):
        assert shipped.get(cache.key(text)) @ vector > 0.9999
    assert shipped.get(cache.key("een andere tekst")) is None


def test_without_a_file_nothing_is_known(tmp_path: Path):
    assert ShippedVectors(tmp_path / "geen.npz").get(b"x") is None


def test_the_release_has_the_vectors_of_its_encoder(knowledge: Knowledge, tmp_path: Path):
    encoder = default_encoder()
    keys = CachedEncoder(encoder, tmp_path / "cache.db")
    texts = [question_text(item.vraag) for item in knowledge.items[::20]]
    known = {text: vector for text in texts if (vector := shipped_vectors().get(keys.key(text))) is not None}
    assert len(known) > len(texts) / 2
    for vector, shipped in zip(encoder.encode(list(known)), known.values(), strict=True):
        assert vector @ shipped > 0.9999
