"""The inbox: what visitors asked that the assistant did not answer well, questions that mean the same together."""

import hashlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session, sessionmaker

from bot.beheer.audit import entry
from bot.knowledge.search import Index
from bot.language.text import key
from bot.records.inbox import Handled, What
from bot.records.tables import Exchange, now

DAYS = 90
"""How far back the inbox looks."""
UNSURE = 0.5
"""Below this confidence an answer is worth a look."""
ALIKE = 0.55
"""From this similarity on, two questions mean much the same (cosine of centred sentence vectors)."""
MAX_WORDINGS = 600
"""More are not grouped at once: the most frequent and newest come first."""

REASONS = {
    "fallback": "geen antwoord",
    "clarify": "doorgevraagd",
    "duim": "niet nuttig",
    "onzeker": "onzeker",
}
"""Why a question is in the inbox, as staff read it."""


@dataclass(frozen=True)
class Missed:
    """A question as it was asked, personal data masked, and why it is here."""

    question: str
    asked_at: datetime
    reason: str
    """A key of `REASONS`."""
    comment: str = ""
    """What the visitor wrote with a thumb down."""


@dataclass(frozen=True)
class Wording:
    """The same words, however often they were asked."""

    text: str
    count: int
    newest: datetime


@dataclass(frozen=True)
class Group:
    """Questions that mean much the same, the most frequent wording first."""

    wordings: Sequence[Wording]
    reasons: Sequence[tuple[str, int]]
    """Keys of `REASONS` with how often, the most frequent first."""
    comments: Sequence[str]

    @property
    def text(self) -> str:
        """The wording that stands for all."""
        return self.wordings[0].text

    @property
    def key(self) -> str:
        """What identifies it in an address."""
        return wording_key(self.text)

    @property
    def count(self) -> int:
        """How often any of it was asked."""
        return sum(wording.count for wording in self.wordings)

    @property
    def newest(self) -> datetime:
        """When it was asked last."""
        return max(wording.newest for wording in self.wordings)


@dataclass(frozen=True)
class Done:
    """A wording that left the inbox."""

    question: str
    what: str
    who: str
    at: datetime
    item: str


class Inbox:
    """Reads what was missed from the log, and remembers what staff did with it."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def missed(self) -> list[Missed]:
        """Return what was asked lately and not answered well, without what was handled since; the newest first."""
        unsure = and_(Exchange.kind == "answer", Exchange.confidence < UNSURE)
        query = (
            select(Exchange.question, Exchange.asked_at, Exchange.kind, Exchange.useful, Exchange.comment)
            .where(Exchange.asked_at >= now() - timedelta(days=DAYS), Exchange.reply.is_not(None))
            .where(or_(Exchange.kind.in_(("fallback", "clarify")), Exchange.useful.is_(False), unsure))
            .order_by(Exchange.id.desc())
        )
        with self._sessions() as session:
            gone = _handled(session)
            return [
                Missed(question, asked_at, _reason(kind, useful), comment or "")
                for question, asked_at, kind, useful, comment in session.execute(query)
                if key(question) and not _is_gone(gone.get(wording_key(question), ()), asked_at)
            ]

    def handled(self) -> list[Done]:
        """Return what left the inbox and is still in the log, the latest first."""
        query = select(Exchange.question).where(Exchange.asked_at >= now() - timedelta(days=DAYS))
        with self._sessions() as session:
            texts = {wording_key(question): question for question in session.scalars(query)}
            rows = session.scalars(select(Handled).order_by(Handled.id.desc()))
            latest = {row.wording: row for row in reversed(rows.all()) if row.wording in texts}
        found = [Done(texts[row.wording], row.what, row.who, row.at, row.item) for row in latest.values()]
        return sorted(found, key=lambda done: done.at, reverse=True)

    def put_back(self, question: str, who: str) -> None:
        """Undo what was done with a question; an example question that was made of it stays."""
        with self._sessions.begin() as session:
            session.execute(delete(Handled).where(Handled.wording == wording_key(question)))
            session.add(entry(who, "vraag teruggezet in het postvak"))

    def handle(self, wordings: Iterable[str], who: str, what: What, item: str = "") -> None:
        """Take wordings out of the inbox. Asked again after that, only what was dismissed stays away."""
        texts = list(wordings)
        # A dismissed question is nobody's example: its text goes with the log and may not stay in the audit log.
        detail = "" if what == "afgewezen" else "; ".join(texts)
        with self._sessions.begin() as session:
            session.add_all(
                Handled(wording=wording_key(text), at=now(), who=who, what=what, item=item) for text in texts
            )
            session.add(entry(who, f"vraag {what}", item, detail))


def group(missed: Sequence[Missed], encode: Callable[[Sequence[str]], np.ndarray]) -> list[Group]:
    """Put questions that mean the same together, the most frequent group first.

    Each wording goes to the group whose first wording is most like it, and begins a new one when none
    is like it; the most frequent wordings come first, so that they give a group its name.

    Args:
        missed: What to group.
        encode: Gives unit vectors of questions, shape (questions, dimensions).
    """
    alike: dict[str, list[Missed]] = defaultdict(list)
    for each in missed:
        alike[key(each.question)].append(each)
    ordered = sorted(alike.values(), key=lambda same: (-len(same), -same[0].asked_at.timestamp()))[:MAX_WORDINGS]
    if not ordered:
        return []
    vectors = encode([same[0].question for same in ordered])
    leaders: list[int] = []
    members: dict[int, list[int]] = {}
    for row in range(len(ordered)):
        likeness = vectors[leaders] @ vectors[row]
        if leaders and likeness.max() >= ALIKE:
            members[leaders[int(likeness.argmax())]].append(row)
        else:
            leaders.append(row)
            members[row] = [row]
    groups = [_group([ordered[row] for row in rows]) for rows in members.values()]
    return sorted(groups, key=lambda each: (-each.count, -each.newest.timestamp()))


class Grouper:
    """Groups what was missed, and remembers in memory the vectors of questions that it has seen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._vectors: dict[str, np.ndarray] = {}

    def groups(self, missed: Sequence[Missed], index: Index | None) -> list[Group]:
        """Return the groups; as long as there is nothing to compare with, the same words only."""
        if index is None:
            return group(missed, lambda questions: np.eye(len(questions)))
        with self._lock:
            if index is not self._index or len(self._vectors) > 10 * MAX_WORDINGS:
                self._index, self._vectors = index, {}
            return group(missed, self._encode)

    def _encode(self, questions: Sequence[str]) -> np.ndarray:
        new = [question for question in dict.fromkeys(questions) if question not in self._vectors]
        if new and self._index:
            self._vectors.update(zip(new, self._index.question_vectors(new), strict=True))
        return np.stack([self._vectors[question] for question in questions])


def wording_key(question: str) -> str:
    """Return what identifies a question, whatever its case and punctuation; the text can't be read from it."""
    return hashlib.sha256(key(question).encode()).hexdigest()


def _group(wordings: Sequence[Sequence[Missed]]) -> Group:
    everything = [missed for same in wordings for missed in same]
    return Group(
        wordings=[
            Wording(same[0].question, len(same), max(missed.asked_at for missed in same))
            for same in sorted(wordings, key=len, reverse=True)
        ],
        reasons=Counter(missed.reason for missed in everything).most_common(),
        comments=list(dict.fromkeys(missed.comment for missed in everything if missed.comment)),
    )


def _reason(kind: str | None, useful: bool | None) -> str:
    if useful is False:
        return "duim"
    return kind if kind in ("fallback", "clarify") else "onzeker"


def _handled(session: Session) -> dict[str, list[tuple[str, datetime]]]:
    found = defaultdict(list)
    for wording, what, at in session.execute(select(Handled.wording, Handled.what, Handled.at)):
        found[wording].append((what, at))
    return found


def _is_gone(handled: Iterable[tuple[str, datetime]], asked_at: datetime) -> bool:
    return any(what == "afgewezen" or asked_at <= at for what, at in handled)
