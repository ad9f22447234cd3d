"""How many messages, how fast, for how long: part of `make bench`, or `python -m benchmarks.load`.

Everything over real HTTP on the REST channel, on this machine to itself, one set-up after another
in one run: a stock Rasa bot whose every reply comes from a custom action, as ours do, our scaled set-up
with one node and with two, each kept to one core as if on a machine of its own, and our single machine.
"""

import argparse
import csv
import json
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from rich.console import Console

from benchmarks import plots, stock
from benchmarks.cluster import RATES, running_cluster
from benchmarks.questions import load_questions
from benchmarks.server import cpu_of_children, memory_of_children, running_assistant
from benchmarks.visitors import REQUEST_SECONDS, SEED, drive

RESULTS = Path(__file__).parent / "results"
CLIENTS = (1, 8, 32, 128)
SECONDS = 15.0
MINUTES = 30.0
SHORT_MINUTES = 0.5
"""How long memory is watched of the set-ups that are only there to compare with."""
MEMORY_CLIENTS = 8
MEMORY_EVERY_SECONDS = 5.0
TURNS = (10, 100, 300, 1000)
TURN_WINDOW = 10
"""Latency at turn N is the median of the so many turns up to it."""

console = Console(highlight=False, soft_wrap=True)


@dataclass
class Figures:
    """What was measured of one set-up."""

    name: str
    start_seconds: float = 0.0
    rows: list[dict[str, float]] = field(default_factory=list)
    turns: list[dict[str, float]] = field(default_factory=list)
    memory: list[dict[str, float]] = field(default_factory=list)

    @property
    def growth(self) -> float | None:
        """Return how much resident memory grew in percent, from the second fifth of the time to the last."""
        fifth = len(self.memory) // 5
        if not fifth:
            return None
        first, last = (
            statistics.median(row["resident_mb"] for row in part)
            for part in (self.memory[fifth : 2 * fifth], self.memory[-fifth:])
        )
        return 100 * (last / first - 1)


@contextmanager
def single(folder: Path) -> Iterator[str]:
    """Yield our single machine."""
    environment = {
        name: f"sqlite:///{folder / file}"
        for name, file in (
            ("KNOWLEDGE_DATABASE_URL", "kennis.db"),
            ("RECORDS_DATABASE_URL", "administratie.db"),
            ("TRACKER_DATABASE_URL", "gesprekken.db"),
        )
    }
    with running_assistant(STATE_FOLDER=str(folder / "var"), **environment, **RATES) as address:
        yield address


@contextmanager
def scaled(nodes: int) -> Iterator[str]:
    """Yield our scaled set-up."""
    with running_cluster(nodes, own_core=True) as cluster:
        yield cluster.address


def measure(
    name: str, start: Callable[[], Iterator[str]], texts: Sequence[str], minutes: float, options: argparse.Namespace
) -> Figures:
    """Start a set-up and measure it."""
    figures = Figures(name)
    began = time.monotonic()
    with start() as address:
        figures.start_seconds = time.monotonic() - began
        drive(address, texts, 4, min(5.0, options.seconds))  # what is done once is done
        for clients in options.clients:
            before = cpu_of_children()
            row = drive(address, texts, clients, options.seconds).row()
            row["cpu_ms"] = 1000 * (cpu_of_children() - before) / max(row["messages"], 1)
            console.print(f"  {name}: {row}", markup=False)
            figures.rows.append(row)
        figures.turns = by_turn(address, texts, options.turns)
        figures.memory = over_time(address, texts, minutes * 60)
    return figures


def by_turn(address: str, texts: Sequence[str], turns: Sequence[int]) -> list[dict[str, float]]:
    """Return the latency in one conversation, by how long it has been going on."""
    chosen, taken, sender = random.Random(SEED), [], f"lang-{time.time_ns()}"
    with httpx.Client(base_url=address, timeout=REQUEST_SECONDS, trust_env=False, verify=False) as client:
        for _ in range(max(turns, default=0)):
            began = time.perf_counter()
            client.post(
                "/webhooks/rest/webhook", json={"sender": sender, "message": chosen.choice(texts)}
            ).raise_for_status()
            taken.append((time.perf_counter() - began) * 1000)
    return [{"turn": turn, "p50_ms": statistics.median(taken[turn - TURN_WINDOW : turn])} for turn in turns]


def over_time(address: str, texts: Sequence[str], seconds: float) -> list[dict[str, float]]:
    """Return the memory of all processes of this run under a steady load."""
    measured: list[dict[str, float]] = []
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        drive(address, texts, MEMORY_CLIENTS, MEMORY_EVERY_SECONDS)
        memory = {"mb": memory_of_children(), "resident_mb": memory_of_children("rss")}
        measured.append({"seconds": time.monotonic() - began, **memory})
    return measured


def report(measured: Sequence[Figures], options: argparse.Namespace) -> str:
    """Return the figures as Markdown."""
    names = ("set-up", "clients", "messages a second", "p50 (ms)", "p95 (ms)", "p99 (ms)", "refused (429)", "errors",
             "processor (ms a message)")  # fmt: skip
    lines = ["# Under load", "", f"| {' | '.join(names)} |", f"|---|{'---:|' * (len(names) - 1)}"]
    lines += [
        f"| {each.name} | {row['clients']} | {row['per_second']:.1f} | {row['p50_ms']:.0f} | {row['p95_ms']:.0f} "
        f"| {row['p99_ms']:.0f} | {row['refused']} | {row['errors']} | {row['cpu_ms']:.0f} |"
        for each in measured
        for row in each.rows
    ]
    turns = " | ".join(f"turn {turn} (ms)" for turn in options.turns)
    lines += ["", f"| set-up | start (s) | {turns} | memory (MB) | growth (%) |",
              f"|---|{'---:|' * (len(options.turns) + 3)}"]  # fmt: skip
    for each in measured:
        by = " | ".join(f"{row['p50_ms']:.0f}" for row in each.turns)
        end = f"{each.memory[-1]['mb']:.0f}" if each.memory else "–"
        grown = "–" if each.growth is None else f"{each.growth:+.1f}"
        lines.append(f"| {each.name} | {each.start_seconds:.0f} | {by} | {end} | {grown} |")
    load = ", ".join(f"{value:.1f}" for value in psutil.getloadavg())
    lines += [
        "",
        f"{options.seconds:.0f} s at each number of clients, each in conversations of 5 messages, seed {SEED}; "
        "processor time is that of all processes but PostgreSQL, and hardly depends on what else the machine does; "
        f"memory of our one machine under {MEMORY_CLIENTS} clients for {options.minutes:g} minutes, of the others for "
        f"{min(options.minutes, SHORT_MINUTES):g}; the clients run on the same "
        f"{psutil.cpu_count()} cores, Python {platform.python_version()}. Load average of the machine at the end: "
        f"{load}. "
        "Made by `make bench`.",
        "",
    ]
    return "\n".join(lines)


def write(measured: Sequence[Figures], options: argparse.Namespace, folder: Path = RESULTS) -> None:
    """Keep the figures as Markdown, CSV, JSON and plots."""
    folder.mkdir(exist_ok=True)
    text = report(measured, options)
    (folder / "load.md").write_text(text, "utf-8")
    with (folder / "load.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["set-up", *measured[0].rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows({"set-up": each.name, **row} for each in measured for row in each.rows)
    body = [vars(each) | {"growth_percent": each.growth} for each in measured]
    (folder / "load.json").write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    plots.load(measured, folder)
    console.print(text, markup=False)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="at each number of clients")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long the memory of one machine is watched")
    parser.add_argument("--clients", type=int, nargs="*", default=CLIENTS)
    parser.add_argument("--turns", type=int, nargs="*", default=TURNS)
    parser.add_argument("--only", default="", help="set-ups that have this in their name")
    return parser.parse_args(given)


def main(options: argparse.Namespace | None = None) -> None:
    """Measure every set-up in turn, print the tables and keep them in `benchmarks/results`."""
    options = options or arguments()
    questions = [question.text for question in load_questions() if question.kind == "answer"]
    measured = []
    with tempfile.TemporaryDirectory(prefix="load") as name:
        folder = Path(name)
        short = min(options.minutes, SHORT_MINUTES)
        setups: dict[str, tuple[Callable[[], Iterator[str]], Sequence[str], float]] = {
            "stock Rasa with an action": (lambda: stock.running_bot(bot), stock.MESSAGES, short),
            "assistant, scaled, 1 node of one core": (lambda: scaled(1), questions, short),
            "assistant, scaled, 2 nodes of one core": (lambda: scaled(2), questions, short),
            "assistant, one machine": (lambda: single(folder), questions, options.minutes),
        }
        chosen = {name: setup for name, setup in setups.items() if options.only in name}
        if any("stock" in name for name in chosen):
            console.print("Training a stock Rasa bot …")
            bot = stock.make_bot(folder, with_action=True)
        for name, (start, texts, minutes) in chosen.items():
            console.print(f"Measuring: {name} …")
            measured.append(measure(name, start, texts, minutes, options))
    if options.only:
        console.print(report(measured, options), markup=False)
    else:
        write(measured, options)


if __name__ == "__main__":
    main()
