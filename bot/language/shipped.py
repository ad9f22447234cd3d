"""Vectors of the texts of a release, which come with it: a new machine then trains in one minute instead of four.

They are an 8-bit copy of the cache that training and publishing fill (cosine with the original
above 0.9999). A text that is not among them, or another encoder, is simply encoded.
"""

import argparse
import sqlite3
from functools import lru_cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("vectors.npz")
_LEVELS = 127


class ShippedVectors:
    """The vectors in `vectors.npz`, by the key of their text."""

    def __init__(self, path: Path = FILE) -> None:
        """Read the file; without one there are no vectors."""
        self._rows: dict[bytes, int] = {}
        if path.exists():
            with np.load(path) as stored:
                self._levels, self._scale = stored["levels"], stored["scale"]
                self._rows = {key.tobytes(): row for row, key in enumerate(stored["keys"])}

    def get(self, key: bytes) -> np.ndarray | None:
        """Return the float32 unit vector of a text by its key, or None."""
        row = self._rows.get(key)
        if row is None:
            return None
        vector = self._levels[row].astype(np.float32) * self._scale[row]
        return vector / np.linalg.norm(vector)


@lru_cache(maxsize=1)
def shipped_vectors() -> ShippedVectors:
    """Return the vectors of this release."""
    return ShippedVectors()


def ship(cache: Path, path: Path = FILE) -> int:
    """Write the vectors of a cache as the file of a release; return how many there are."""
    with sqlite3.connect(cache) as database:
        rows = database.execute("SELECT key, value FROM vector ORDER BY key").fetchall()
    vectors = np.stack([np.frombuffer(value, dtype=np.float32) for _, value in rows])
    scale = np.abs(vectors).max(axis=1, keepdims=True) / _LEVELS
    np.savez_compressed(
        path,
        keys=np.array([np.frombuffer(key, dtype=np.uint8) for key, _ in rows]),
        levels=np.round(vectors / scale).astype(np.int8),
        scale=scale.astype(np.float32),
    )
    return len(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Keep the vectors of a cache as those of the release.")
    parser.add_argument("cache", type=Path)
    print(f"{ship(parser.parse_args().cache)} vectors in {FILE.name}")
