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
from contextlib import contextmanager, suppress
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
# What visitors say, each one of these again and again. What comes second depends on what came first, so a reply to the
# wrong conversation, or to one that lost its memory, is another reply.
CONVERSATIONS = (
    ("bij welk landsdeel hoort Zwolle", "en Eindhoven?", "waar vind ik een stage in de techniek"),
    ("wat is het techniekpact", "wie hebben het getekend", "bij welk landsdeel hoort Leeuwarden"),
    ("hoeveel mbo'ers komt noordwest tekort", "en hbo'ers?", "en in Noord?"),
)

console = Console(highlight=False, soft_wrap=True)


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


@dataclass
class Conversation:
    """One conversation of the widget: its token, and what was sent in it."""

    headers: dict[str, str]
    sent: list[Sent] = field(default_factory=list)


class Visitor:
    """Somebody who has one conversation after another."""

    def __init__(self, address: str, number: int, expected: dict[tuple[str, ...], str] | None = None) -> None:
        self.conversations: list[Conversation] = []
        self._script = CONVERSATIONS[number % len(CONVERSATIONS)]
        self._expected = expected
        self._client = httpx.Client(base_url=address, verify=False, trust_env=False, timeout=GIVE_UP_SECONDS)

    @property
    def sent(self) -> list[Sent]:
        """Return all messages."""
        return [each for conversation in self.conversations for each in conversation.sent]

    def talk(self, until: Callable[[], bool]) -> None:
        """Have conversations; ends between two."""
        while not until():
            self.converse()

    def converse(self) -> dict[tuple[str, ...], str]:
        """Have one conversation; return the reply to each message, by all that was said up to it."""
        conversation = self._begin()
        self.conversations.append(conversation)
        replies = {}
        for turn in range(1, len(self._script) + 1):
            said = self._script[:turn]
            sent = Sent(str(uuid4()), said[-1], time.monotonic(), self._expected[said] if self._expected else None)
            conversation.sent.append(sent)
            self._send(sent, conversation.headers)
            replies[said] = sent.reply
        return replies

    def _begin(self) -> Conversation:
        while True:
            with suppress(httpx.HTTPError):
                begun = self._client.post(f"{PATH}/session", json={}).raise_for_status().json()
                return Conversation({"Authorization": f"Bearer {begun['token']}"})
            time.sleep(RETRY_SECONDS)

    def _send(self, sent: Sent, headers: dict[str, str]) -> None:
        """Send a message until it is answered."""
        body = {"id": sent.id, "text": sent.text}
        while sent.answered_at is None and sent.waited < GIVE_UP_SECONDS:
            try:
                response = self._client.post(f"{PATH}/messages", json=body, headers=headers)
            except httpx.HTTPError as error:
                sent.statuses[type(error).__name__] += 1
            else:
                sent.statuses[str(response.status_code)] += 1
                if response.status_code == 200:
                    sent.answered_at = time.monotonic()
                    sent.reply = " ".join(each["text"] for each in response.json()["messages"])
                    return
                sent.untold += response.status_code >= 500 and "retry-after" not in response.headers
            time.sleep(RETRY_SECONDS)

    def kept(self, conversation: Conversation) -> list[str]:
        """Return the ids of the messages of a conversation as the assistant has them."""
        response = self._client.get(f"{PATH}/messages", headers=conversation.headers).raise_for_status()
        return [exchange["id"] for exchange in response.json()["exchanges"]]


@dataclass(frozen=True)
class Fault:
    """Something that can be broken: how, and how it is mended when it does not mend itself."""

    break_it: Callable[[], None]
    mend_it: Callable[[], None] | None = None
    outage: bool = False
    """Whether nobody can be answered before it is mended; waiting counts from then."""


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
    """How long at most from the fault on; where nobody can be answered, from when it was mended."""

    @property
    def passed(self) -> bool:
        """Tell whether nothing went wrong that a visitor could notice for longer than we allow."""
        return not (self.lost or self.doubled or self.mixed or self.untold) and self.recovered <= RECOVER_SECONDS

    @property
    def recovered(self) -> float:
        """Return the seconds that the fault added to the wait."""
        return max(self.longest - self.calm, 0.0)


def judge(fault: str, visitors: list[Visitor], broken_at: float, whole_at: float, tracker_url: str) -> Outcome:
    """Compare what visitors sent and read with what was kept."""
    sent = [each for visitor in visitors for each in visitor.sent]
    asked = Counter(_asked(tracker_url))
    lost = doubled = mixed = 0
    for visitor in visitors:
        for conversation in visitor.conversations:
            kept = visitor.kept(conversation)
            mixed += kept != [each.id for each in conversation.sent if each.answered_at]
            lost += sum(each.id not in kept or not asked[each.id] for each in conversation.sent)
            doubled += sum(kept.count(each.id) > 1 or asked[each.id] > 1 for each in conversation.sent)
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
        longest=max(
            end - max(each.at, whole_at) for each in sent if (end := each.answered_at or time.monotonic()) >= broken_at
        ),
    )


def _asked(tracker_url: str) -> Iterator[str]:
    """Yield the id of every message that Rasa kept, as often as it kept it."""
    with open_engine(tracker_url).connect() as connection:
        for (data,) in connection.execute(text("SELECT data FROM events WHERE type_name = 'user'")):
            yield json.loads(data)["metadata"]["message_id"]


def learn(address: str) -> dict[tuple[str, ...], str]:
    """Return the reply to every message of the conversations, as it is when nothing is broken."""
    expected: dict[tuple[str, ...], str] = {}
    for number in range(len(CONVERSATIONS)):
        expected |= Visitor(address, number).converse()
    return expected


def try_out(
    name: str,
    fault: Fault,
    address: str,
    tracker_url: str,
    expected: dict[tuple[str, ...], str],
    visitors: int = VISITORS,
    after: float = AFTER_SECONDS,
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
    fault.break_it()
    if fault.mend_it:
        time.sleep(BROKEN_SECONDS)
        fault.mend_it()
    whole_at = time.monotonic() if fault.outage else 0.0
    time.sleep(after)
    stop.set()
    for thread in threads:
        thread.join(2 * GIVE_UP_SECONDS)
    outcome = judge(name, talking, broken_at, whole_at, tracker_url)
    console.print(f"  {name}: {'in orde' if outcome.passed else 'NIET in orde'} {outcome}", markup=False)
    return outcome


def faults_of(cluster: Cluster) -> dict[str, Fault]:
    """Return what can be broken in the scaled set-up."""
    gateway, node, proxy, postgres = cluster.gateways[0], cluster.nodes[0], cluster.proxy, cluster.postgres
    faults = {
        "kill -9: gateway": Fault(lambda: cluster.part(gateway, "bot.website.app").kill()),
        "kill -9: Rasa": Fault(lambda: cluster.part(node, "--credentials").kill()),
        "kill -9: action server": Fault(lambda: cluster.part(node, "-m actions").kill()),
        "kill -9: a whole node": Fault(lambda: _kill_all(node.process)),
        "kill -9: proxy": Fault(lambda: _kill_all(proxy.process)),
        "PostgreSQL killed and started": Fault(postgres.stop, postgres.start, outage=True),
        "PostgreSQL restarted": Fault(lambda: _restart(cluster), outage=True),
        "Redis stopped and started": Fault(cluster.redis.stop, cluster.redis.start),
    }
    if cluster.clocks:
        for name, seconds in (("ahead", 3600), ("back", -3600)):
            faults[f"clock an hour {name}, then right"] = Fault(
                lambda seconds=seconds: cluster.set_clocks(seconds), lambda: cluster.set_clocks(0)
            )
    if cluster.separate:
        faults["network to one node cut, and mended"] = Fault(lambda: cluster.cut(True), lambda: cluster.cut(False))
    return faults


def _restart(cluster: Cluster) -> None:
    cluster.postgres.stop("fast")
    cluster.postgres.start()


def _kill_all(process: psutil.Process) -> None:
    for each in [process, *process.children(recursive=True)]:
        each.kill()


def disk_full(visitors: int = VISITORS) -> Outcome:
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
            fault = Fault(lambda: _fill(ballast), ballast.unlink, outage=True)
            return try_out("disk full, and emptied", fault, address, tracker, learn(address), visitors)


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
        for name, fault in faults_of(cluster).items():
            if only in name:
                cluster.wait_until_whole()
                outcomes.append(try_out(name, fault, cluster.address, cluster.postgres.url(), expected))
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
