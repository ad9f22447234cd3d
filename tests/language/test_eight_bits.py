import numpy as np
import pytest

from bot.language import eight_bits
from bot.language.eight_bits import Rows


def units(seed: int, count: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, 384)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("signed", [True, False])
def test_products_are_those_of_floats_but_for_rounding(signed: bool, monkeypatch: pytest.MonkeyPatch):
    if signed and not eight_bits.signed_is_exact():
        pytest.skip("this processor overflows with signed numbers, which is why they are not used on it")
    monkeypatch.setattr(eight_bits, "signed_is_exact", lambda: signed)
    rows, vector = units(1, 500), units(2, 1)[0]
    near = rows + vector  # half of what is compared is alike
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    matrix = np.concatenate([rows, near])
    assert np.abs((Rows(matrix) @ vector) - matrix @ vector).max() < 0.005


def test_rows_of_nothing_but_zeros_and_no_rows_at_all():
    vector = units(1, 1)[0]
    assert (Rows(np.zeros((3, 384), np.float32)) @ vector).tolist() == [0.0, 0.0, 0.0]
    assert (Rows(np.zeros((0, 384), np.float32)) @ vector).shape == (0,)
