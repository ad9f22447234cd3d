"""How long one search takes in much more knowledge than there is: part of `make bench`.

The extra items are copies of the real ones with a number in each text; their vectors are random,
which changes nothing about the time. One core; the vector of the question is given, as Rasa gives it.
"""

import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.questions import load_questions
from bot.knowledge.check import check
from bot.knowledge.schema import Item, Knowledge
from bot.knowledge.search import Index, Prior
from bot.language.encoder import Encoder, default_encoder, pack

SIZES = (100, 1_000, 10_000)
QUESTIONS = 200
SEED = 20261122


class RandomEncoder:
    """Gives any text a random vector of length one, shape (dim,)."""

    def __init__(self, like: Encoder) -> None:
        self.name, self.dim = like.name, like.dim
        self._random = np.random.default_rng(SEED)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 unit vectors, shape (len(texts), dim)."""
        vectors = self._random.standard_normal((len(texts), self.dim), dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def enlarged(knowledge: Knowledge, size: int) -> Knowledge:
    """Return knowledge of this many items, copies of the real ones that differ by a number."""
    real = knowledge.items
    return knowledge.model_copy(update={"items": [_copy(real[n % len(real)], n) for n in range(size)]})


def _copy(item: Item, number: int) -> Item:
    examples = [f"{text} {number}" for text in item.voorbeeldvragen]
    return item.model_copy(update={"id": f"{item.id}-{number}", "voorbeeldvragen": examples, "opzoeken": None})


def measure_search(size: int) -> dict[str, float]:
    """Return the milliseconds of one search, on one core, in so many items."""
    encoder = default_encoder()
    knowledge, _ = check(Path("knowledge"))
    index = Index(enlarged(knowledge, size), encoder, RandomEncoder(encoder))
    questions = [question.text for question in load_questions("afstellen")][:QUESTIONS]
    priors = [Prior(vector=pack(vector, encoder.name)) for vector in encoder.encode(questions)]
    cores = os.sched_getaffinity(0)
    taken = []
    try:
        os.sched_setaffinity(0, {min(cores)})
        with threadpool_limits(1):
            for question, prior in zip(questions, priors, strict=True):
                started = time.perf_counter()
                index.search(question, prior)
                taken.append((time.perf_counter() - started) * 1000)
    finally:
        os.sched_setaffinity(0, cores)
    return {"items": size, "p50_ms": statistics.median(taken), "p95_ms": statistics.quantiles(taken, n=20)[18]}


def search_table(rows: Sequence[dict[str, float]]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| items | search, median (ms) | 95th percentile (ms) |", "|---:|---:|---:|"]
    return "\n".join([*lines, *(f"| {row['items']} | {row['p50_ms']:.1f} | {row['p95_ms']:.1f} |" for row in rows)])


if __name__ == "__main__":
    print(search_table([measure_search(size) for size in SIZES]))
