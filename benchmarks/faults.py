"""What becomes of messages when something breaks: `make faults`.

Visitors talk on the channel of the widget and send a message again, with the same id, until it is
answered, as the widget does. Meanwhile one thing after another is broken in the scaled set-up
(`benchmarks.cluster`), and the disk of the single machine is filled. Afterwards the log and Rasa's
own conversations are read: each message that was sent must have been answered once, with the reply
that belongs to it, at its place in its conversation.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
from rich.console import Console
from sqlalchemy import text

from benchmarks.cluster import RATES, Cluster, running_cluster
from benchmarks.server import running_assistant
from bot.database import open_engine

RESULTS = Path(__file__).parent / "results"
PATH = "/webhooks/website"
VISITORS = 6
CALM_SECONDS = 3.0
BROKEN_SECONDS = 6.0
AFTER_SECONDS = 15.0
RETRY_SECONDS = 0.5
"""How long a visitor waits before a message is sent again. The widget waits longer; this shows how soon it could."""
GIVE_UP_SECONDS = 60.0
RECOVER_SECONDS = 10.0
# What each visitor says in turn. What comes second depends on what came first, so a reply to the
# wrong conversation, or to one that lost its memory, is another reply.
CONVERSATIONS = (
    ("bij welk landsdeel hoort Zwolle", "en Eindhoven?", "waar vind ik een stage in de techniek"),
    ("wat is het techniekpact", "wie hebben het getekend", "bij welk landsdeel hoort Leeuwarden"),
    ("hoeveel mbo'ers komt noordwest tekort", "en hbo'ers?", "en in Noord?"),
)

console = Console(highlight=False)


@dataclass
class Sent:
    """A message of a visitor, and what became of it."""

    id: str
    text: str
    at: float
    expected: str | None
    """How the reply begins; None when it is asked to find out."""
    answered_at: float | None = None
    reply: str = ""
    statuses: Counter[str] = field(default_factory=Counter)
    untold: int = 0
    """Errors of the server that did not say when to come back."""

    @property
    def waited(self) -> float:
        """Return the seconds until the answer."""
        return (self.answered_at or time.monotonic()) - self.at


class Visitor:
    """One conversation of the widget."""

    def __init__(self, address: str, number: int, expected: dict[tuple[str, ...], str] | None) -> None:
        self.sent: list[Sent] = []
        self.script = CONVERSATIONS[number % len(CONVERSATIONS)]
        self._expected = expected
        self._client = httpx.Client(base_url=address, verify=False, trust_env=False, timeout=GIVE_UP_SECONDS)
        self._headers: dict[str, str] = {}
        self.begin()

    def begin(self) -> None:
        """Begin the conversation."""
        token = self._client.post(f"{PATH}/session", json={}).raise_for_status().json()["token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def talk(self, until: Callable[[], bool]) -> None:
        """Say the script over and over; ends between two rounds."""
        while not until():
            for turn in range(len(self.script)):
                said = self.script[: turn + 1]
                self.send(said[-1], self._expected[said] if self._expected else None)

    def send(self, message: str, expected: str | None) -> Sent:
        """Send a message until it is answered."""
        sent = Sent(str(uuid4()), message, time.monotonic(), expected)
        self.sent.append(sent)
        while sent.answered_at is None and sent.waited < GIVE_UP_SECONDS:
            try:
                response = self._client.post(
                    f"{PATH}/messages", json={"id": sent.id, "text": message}, headers=self._headers
                )
            except httpx.HTTPError as error:
                sent.statuses[type(error).__name__] += 1
            else:
                sent.statuses[str(response.status_code)] += 1
                if response.status_code == 200:
                    sent.answered_at = time.monotonic()
                    sent.reply = " ".join(each["text"] for each in response.json()["messages"])
                    break
                sent.untold += response.status_code >= 500 and "retry-after" not in response.headers
            time.sleep(RETRY_SECONDS)
        return sent

    def history(self) -> list[dict]:
        """Return the conversation as the assistant has it."""
        response = self._client.get(f"{PATH}/messages", headers=self._headers)
        return response.raise_for_status().json()["exchanges"]


@dataclass
class Outcome:
    """What one fault did."""

    fault: str
    sent: int
    answered: int
    lost: int
    doubled: int
    mixed: int
    retried: int
    untold: int
    """Answers of 500 and above without `Retry-After`."""
    calm: float
    """How long a visitor waited for a reply before the fault, at the median, in seconds."""
    longest: float
    """How long at most from the fault on."""

    @property
    def passed(self) -> bool:
        """Tell whether nothing went wrong that a visitor could notice for longer than we allow."""
        return not (self.lost or self.doubled or self.mixed or self.untold) and self.recovered <= RECOVER_SECONDS

    @property
    def recovered(self) -> float:
        """Return the seconds that the fault added to the wait."""
        return max(self.longest - self.calm, 0.0)


def judge(fault: str, visitors: list[Visitor], broken_at: float, tracker_url: str) -> Outcome:
    """Compare what visitors sent and read with what was kept."""
    sent = [each for visitor in visitors for each in visitor.sent]
    asked = Counter(_asked(tracker_url))
    lost = doubled = mixed = 0
    for visitor in visitors:
        kept = [exchange["id"] for exchange in visitor.history()]
        mixed += kept != [each.id for each in visitor.sent if each.answered_at]
        lost += sum(each.id not in kept or not asked[each.id] for each in visitor.sent)
        doubled += sum(kept.count(each.id) > 1 or asked[each.id] > 1 for each in visitor.sent)
    for each in sent:
        if each.answered_at and each.expected not in (None, each.reply):
            mixed += 1
            console.print(f"  {each.text!r} got {each.reply!r} and not {each.expected!r}", markup=False)
    return Outcome(
        fault=fault,
        sent=len(sent),
        answered=sum(each.answered_at is not None for each in sent),
        lost=lost,
        doubled=doubled,
        mixed=mixed,
        retried=sum(each.statuses.total() - 1 for each in sent),
        untold=sum(each.untold for each in sent),
        calm=statistics.median(each.waited for each in sent if (each.answered_at or broken_at) <= broken_at),
        longest=max(each.waited for each in sent if (each.answered_at or broken_at) >= broken_at),
    )


def _asked(tracker_url: str) -> Iterator[str]:
    """Yield the id of every message that Rasa kept, as often as it kept it."""
    with open_engine(tracker_url).connect() as connection:
        for (data,) in connection.execute(text("SELECT data FROM events WHERE type_name = 'user'")):
            yield json.loads(data)["metadata"]["message_id"]


def learn(address: str) -> dict[tuple[str, ...], str]:
    """Return the reply to every message of the scripts, as it is when nothing is broken."""
    expected = {}
    for number, script in enumerate(CONVERSATIONS):
        visitor = Visitor(address, number, None)
        for turn in range(len(script)):
            expected[script[: turn + 1]] = visitor.send(script[turn], None).reply
    return expected


def try_out(
    fault: str,
    address: str,
    tracker_url: str,
    expected: dict[tuple[str, ...], str],
    break_it: Callable[[], None],
    mend_it: Callable[[], None] | None = None,
    visitors: int = VISITORS,
) -> Outcome:
    """Break something under visitors who talk, mend it, and see what became of their messages."""
    stop = threading.Event()
    talking = [Visitor(address, number, expected) for number in range(visitors)]
    threads = [threading.Thread(target=visitor.talk, args=(stop.is_set,)) for visitor in talking]
    for thread in threads:
        thread.start()
    time.sleep(CALM_SECONDS)
    while not any(each.answered_at for visitor in talking for each in visitor.sent):
        time.sleep(0.1)
    broken_at = time.monotonic()
    break_it()
    if mend_it:
        time.sleep(BROKEN_SECONDS)
        mend_it()
    time.sleep(AFTER_SECONDS)
    stop.set()
    for thread in threads:
        thread.join(2 * GIVE_UP_SECONDS)
    outcome = judge(fault, talking, broken_at, tracker_url)
    console.print(f"  {fault}: {'in orde' if outcome.passed else 'NIET in orde'} {outcome}", markup=False)
    return outcome


def faults_of(cluster: Cluster) -> dict[str, tuple[Callable[[], None], Callable[[], None] | None]]:
    """Return what can be broken in the scaled set-up: how, and how it is mended when it does not mend itself."""
    gateway, node, proxy = cluster.gateways[0], cluster.nodes[0], cluster.proxy
    faults: dict[str, tuple[Callable[[], None], Callable[[], None] | None]] = {
        "kill -9: gateway": (lambda: cluster.part(gateway, "bot.website.app").kill(), None),
        "kill -9: Rasa": (lambda: cluster.part(node, "--credentials").kill(), None),
        "kill -9: action server": (lambda: cluster.part(node, "-m actions").kill(), None),
        "kill -9: a whole node": (lambda: _kill_all(node.process), None),
        "kill -9: proxy": (lambda: _kill_all(proxy.process), None),
        "PostgreSQL killed and started": (cluster.postgres.stop, cluster.postgres.start),
        "PostgreSQL restarted": (lambda: _restart(cluster), None),
        "Redis stopped and started": (cluster.redis.stop, cluster.redis.start),
    }
    if cluster.clocks:
        faults["clock an hour ahead, and back"] = (lambda: cluster.set_clocks(3600), lambda: cluster.set_clocks(0))
        faults["clock an hour back, and ahead"] = (lambda: cluster.set_clocks(-3600), lambda: cluster.set_clocks(0))
    if cluster.separate:
        faults["network to one node cut, and mended"] = (lambda: cluster.cut(True), lambda: cluster.cut(False))
    return faults


def _restart(cluster: Cluster) -> None:
    cluster.postgres.stop("fast")
    cluster.postgres.start()


def _kill_all(process: psutil.Process) -> None:
    for each in [process, *process.children(recursive=True)]:
        each.kill()


def disk_full(expected: dict[tuple[str, ...], str] | None = None) -> Outcome:
    """Fill the disk of a single machine, on which SQLite and the logs stand, and empty it again. Needs root."""
    with _small_disk() as disk:
        tracker = f"sqlite:///{disk / 'gesprekken.db'}"
        environment = {
            "STATE_FOLDER": str(disk / "var"),
            "KNOWLEDGE_DATABASE_URL": f"sqlite:///{disk / 'kennis.db'}",
            "RECORDS_DATABASE_URL": f"sqlite:///{disk / 'administratie.db'}",
            "TRACKER_DATABASE_URL": tracker,
            **RATES,
        }
        with running_assistant(**environment) as address:
            ballast = disk / "ballast"
            return try_out(
                "disk full, and emptied", address, tracker, expected or learn(address), lambda: _fill(ballast),
                ballast.unlink,
            )  # fmt: skip


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            console.print("  the disk is full")


@contextmanager
def _small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="schijf") as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)


def table(outcomes: list[Outcome]) -> str:
    """Return the outcomes as a Markdown table."""
    names = ("fault", "sent", "answered", "lost", "doubled", "mixed up", "sent again", "5xx without Retry-After",
             "wait before (s)", "longest wait after (s)", "")  # fmt: skip
    lines = [f"| {' | '.join(names)} |", f"|---|{'---:|' * (len(names) - 2)}---|"]
    lines += [
        f"| {o.fault} | {o.sent} | {o.answered} | {o.lost} | {o.doubled} | {o.mixed} | {o.retried} | {o.untold} "
        f"| {o.calm:.1f} | {o.longest:.1f} | {'passed' if o.passed else '**failed**'} |"
        for o in outcomes
    ]
    return "\n".join(lines)


def main() -> None:
    """Break everything in turn, print the table and keep it in `benchmarks/results`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="faults that have this in their name")
    only = parser.parse_args().only
    root, outcomes = os.geteuid() == 0, []
    with running_cluster(separate=root, clocks=True) as cluster:
        console.print("The scaled set-up answers.")
        expected = learn(cluster.address)
        for name, (break_it, mend_it) in faults_of(cluster).items():
            if only in name:
                cluster.wait_until_whole()
                outcomes.append(try_out(name, cluster.address, cluster.postgres.url(), expected, break_it, mend_it))
    if root and only in "disk full":
        outcomes.append(disk_full())
    written = table(outcomes)
    console.print(written, markup=False)
    if not only:
        how = (
            f"{VISITORS} visitors on the widget's channel of the scaled set-up: nginx, 2 gateways, 2 nodes (one in a "
            "network of its own), PostgreSQL, Redis; the disk is that of a single machine with SQLite. A visitor sends "
            f"a message again with the same id every {RETRY_SECONDS} s. {psutil.cpu_count()} cores. "
            "Made by `make faults`."
        )
        (RESULTS / "faults.md").write_text(f"# Faults\n\n{written}\n\n{how}\n", "utf-8")
    raise SystemExit(not all(outcome.passed for outcome in outcomes))


if __name__ == "__main__":
    main()
