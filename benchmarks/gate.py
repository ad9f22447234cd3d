"""The guard: is what stands on disk now at least as good as what was accepted last?

The running assistant is asked the tuning questions of `tests/questions`, and every example question
is looked up without itself. The outcome is held against the record of the last accepted state.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.examples import ExampleReport, examine
from benchmarks.questions import load_questions
from benchmarks.replies import ask_all
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Knowledge
from bot.knowledge.search import Index
from bot.language.encoder import default_encoder

RECORD = Path(__file__).parent / "results" / "gate.json"
TOLERANCE = 0.01
"""How far accuracy may fall: one point."""
SHOWN = 20
PROGRESS_EVERY = 25


@dataclass(frozen=True)
class Record:
    """How good one state of knowledge and model is."""

    right: Mapping[str, bool]
    """Whether each question got a right reply."""
    examples: float
    """The part of the example questions that finds its own item without itself."""
    unreachable: Sequence[str]
    """Items that none of their example questions finds."""

    @property
    def accuracy(self) -> float:
        """The part of the questions with a right reply."""
        return sum(self.right.values()) / max(1, len(self.right))

    @classmethod
    def load(cls, path: Path = RECORD) -> "Record | None":
        """Return the record of the last accepted state, or None when nothing was ever accepted."""
        return cls(**json.loads(path.read_text("utf-8"))) if path.exists() else None

    def save(self, path: Path = RECORD) -> None:
        """Keep this as the accepted state."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf-8")


@dataclass(frozen=True)
class Verdict:
    """What became worse."""

    reasons: Sequence[str]
    """Why it does not pass, in Dutch; empty when it does."""
    worse: Sequence[str]
    """Questions that had a right reply and have none now."""

    @property
    def passed(self) -> bool:
        """Whether it may be accepted."""
        return not self.reasons


def measure(
    knowledge: Knowledge, address: str, progress: Callable[[str], None] = lambda said: None
) -> tuple[Record, ExampleReport]:
    """Return how good the running assistant and the knowledge are; `progress` hears in Dutch how far it is."""
    encoder = default_encoder()
    progress("Elke voorbeeldvraag opzoeken zonder zichzelf …")
    report = examine(Index(knowledge, encoder, document_encoder(encoder)))
    questions = load_questions("afstellen")

    def asked(count: int) -> None:
        if count % PROGRESS_EVERY == 0:
            progress(f"{count} van {len(questions)} ontwikkelvragen gesteld …")

    replies = ask_all(address, questions, asked)
    right = {question.text: question.right(messages) for question, messages in zip(questions, replies, strict=True)}
    return Record(right, round(report.accuracy, 4), list(report.unreachable)), report


def compare(before: Record, after: Record) -> Verdict:
    """Hold a new state against the accepted one, on the questions that both have answered."""
    shared = before.right.keys() & after.right.keys()
    worse = sorted(question for question in shared if before.right[question] and not after.right[question])
    better = sum(after.right[question] and not before.right[question] for question in shared)
    lost = (len(worse) - better) / max(1, len(shared))
    unreachable = sorted(set(after.unreachable) - set(before.unreachable))
    reasons = []
    if lost > TOLERANCE:
        reasons.append(f"{len(worse)} ontwikkelvragen gaan slechter en {better} beter: {lost:.1%} achteruit.")
    if before.examples - after.examples > TOLERANCE:
        reasons.append(
            f"Van de voorbeeldvragen vindt {after.examples:.1%} zonder zichzelf het eigen item; "
            f"dat was {before.examples:.1%}."
        )
    if unreachable:
        reasons.append(f"Geen enkele voorbeeldvraag vindt nog: {', '.join(unreachable)}.")
    return Verdict(reasons, worse)


def write_json(record: Record, verdict: Verdict | None, path: Path) -> None:
    """Write the outcome for a program to read."""
    verdict = verdict or Verdict([], [])
    outcome = {"record": asdict(record), "reasons": list(verdict.reasons), "worse": list(verdict.worse)}
    path.write_text(json.dumps(outcome, ensure_ascii=False, indent=1) + "\n", "utf-8")


def lines(record: Record, report: ExampleReport, verdict: Verdict | None) -> Iterable[str]:
    """Yield the outcome as staff read it."""
    yield f"Ontwikkelvragen goed: {sum(record.right.values())} van {len(record.right)} ({record.accuracy:.1%})."
    yield f"Voorbeeldvragen die zonder zichzelf hun item vinden: {record.examples:.1%}."
    yield from _listed("Items die geen van hun voorbeeldvragen vindt", report.unreachable)
    yield from _listed("Items met te weinig voorbeeldvragen", report.few)
    yield from _listed(
        "Items die elkaars vragen afpakken",
        [f"{item}: {count} voorbeeldvragen lijken meer op {thief}" for item, thief, count in report.stealing],
    )
    yield from _listed(
        "Voorbeeldvragen die misschien bij een ander item horen",
        [f"{each.text} (nu {each.item}, lijkt op {each.nearer})" for each in report.misplaced],
    )
    if verdict is None:
        yield "Er was nog niets om mee te vergelijken."
        return
    yield from _listed("Vragen die slechter gaan dan bij het vorige model", verdict.worse)
    yield from (f"Afgekeurd: {reason}" for reason in verdict.reasons)
    if verdict.passed:
        yield "Goedgekeurd."


def _listed(title: str, entries: Sequence[str]) -> Iterable[str]:
    if entries:
        yield f"{title} ({len(entries)}):"
        yield from (f"  - {entry}" for entry in entries[:SHOWN])
        if len(entries) > SHOWN:
            yield f"  … en nog {len(entries) - SHOWN}"
