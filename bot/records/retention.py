"""How long records are kept. What is past its time is removed; of conversations only counts without text stay."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, sessionmaker

from bot.database import forget_deleted
from bot.records.accounts import Account, Attempts, AuditEntry, SignIn
from bot.records.inbox import Handled
from bot.records.links import LinkCheck
from bot.records.tables import Choice, Conversation, DayCount, Exchange, now
from bot.records.tracker import Tracker
from bot.settings import Settings

ITEMS_CHARACTERS = 500
KEPT: tuple[type[DeclarativeBase], ...] = (DayCount, Account, LinkCheck)
"""Tables that no period holds for: counts without text, accounts, which a beheerder ends, and checks of addresses."""


@dataclass(frozen=True)
class Rule:
    """Rows of a table go when their moment lies more than so many days back."""

    what: str
    """As the staff read it."""
    table: type[DeclarativeBase]
    moment: InstrumentedAttribute[datetime]
    days: int

    def past(self, moment: datetime) -> ColumnElement[bool]:
        """Return which rows have had their time at a moment."""
        return self.moment < moment - timedelta(days=self.days)


@dataclass(frozen=True)
class Purged:
    """What went, or would go."""

    what: str
    days: int
    count: int


@dataclass
class _Counts:
    """Replies of one day, channel, kind and set of items."""

    count: int = 0
    judged: Counter[bool] = field(default_factory=Counter)


def rules(settings: Settings) -> list[Rule]:
    """Return how long each table of the records is kept."""
    return [
        Rule("berichten met hun antwoord", Exchange, Exchange.asked_at, settings.keep_text_days),
        Rule("begonnen gesprekken", Conversation, Conversation.started_at, settings.keep_text_days),
        Rule("afgehandelde vragen", Handled, Handled.at, settings.keep_text_days),
        Rule("keuzes van bezoekers", Choice, Choice.chosen_at, settings.keep_choice_days),
        Rule("aanmeldingen bij Beheer", SignIn, SignIn.seen_at, settings.keep_sign_in_days),
        Rule("mislukte aanmeldingen", Attempts, Attempts.last_at, settings.keep_sign_in_days),
        Rule("regels in het logboek van Beheer", AuditEntry, AuditEntry.at, settings.keep_audit_days),
    ]


def purge(sessions: sessionmaker[Session], tracker: Tracker, settings: Settings, trial: bool = False) -> list[Purged]:
    """Remove what has had its time, or with `trial` only count it.

    Several processes may do this at once: each row is removed, and counted, by one of them.
    """
    at = now()
    done = []
    with sessions.begin() as session:
        for rule in rules(settings):
            count = _due(session, rule, at) if trial else _remove(session, rule, at)
            done.append(Purged(rule.what, rule.days, count))
    before = at - timedelta(days=settings.keep_tracker_days)
    events = tracker.count_before(before) if trial else tracker.erase_before(before)
    if not trial:
        forget_deleted(sessions.kw["bind"], at_night=True)
    return [*done, Purged("gebeurtenissen in Rasa", settings.keep_tracker_days, events)]


def _due(session: Session, rule: Rule, at: datetime) -> int:
    return session.scalar(select(func.count()).select_from(rule.table).where(rule.past(at))) or 0


def _remove(session: Session, rule: Rule, at: datetime) -> int:
    statement = delete(rule.table).where(rule.past(at)).execution_options(synchronize_session=False)
    if rule.table is not Exchange:
        return session.execute(statement).rowcount
    gone = session.execute(
        statement.returning(Exchange.asked_at, Exchange.channel, Exchange.kind, Exchange.items, Exchange.useful)
    ).all()
    _keep_counts(session, gone)
    return len(gone)


def _keep_counts(session: Session, gone: Iterable[tuple[datetime, str, str | None, list[str], bool | None]]) -> None:
    counts: dict[tuple[date, str, str, str], _Counts] = {}
    for asked_at, channel, kind, items, useful in gone:
        names = " ".join(sorted(items))[:ITEMS_CHARACTERS]
        counted = counts.setdefault((asked_at.date(), channel, kind or "", names), _Counts())
        counted.count += 1
        if useful is not None:
            counted.judged[useful] += 1
    for (day, channel, kind, items), counted in counts.items():
        _add(session, DayCount(
            day=day, channel=channel, kind=kind, items=items, count=counted.count,
            useful=counted.judged[True], not_useful=counted.judged[False],
        ))  # fmt: skip


def _add(session: Session, more: DayCount) -> None:
    """Add to what was counted of that day before, if anything was."""
    same = select(DayCount).filter_by(day=more.day, channel=more.channel, kind=more.kind, items=more.items)
    if (known := session.scalar(same)) is None:
        session.add(more)
        return
    known.count += more.count
    known.useful += more.useful
    known.not_useful += more.not_useful
