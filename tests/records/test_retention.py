"""What has had its time goes, from the files too; what may stay are counts without text."""

from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session, sessionmaker

from bot.records.accounts import Attempts, AuditEntry
from bot.records.database import open_records
from bot.records.inbox import Handled
from bot.records.log import reply_columns
from bot.records.retention import KEPT, purge, rules
from bot.records.tables import Base, Choice, Conversation, DayCount, Exchange, now
from bot.records.tracker import Tracker
from bot.settings import Settings

SETTINGS = Settings(
    keep_text_days=90, keep_tracker_days=30, keep_choice_days=365, keep_sign_in_days=30, keep_audit_days=730
)


@pytest.fixture
def records(any_database: str) -> sessionmaker[Session]:
    return open_records(any_database)


@pytest.fixture
def tracker(any_database: str) -> Tracker:
    return Tracker(any_database)


def exchange(days_ago: int, question: str = "een vraag", items: tuple[str, ...] = ("stage-zoeken",)) -> Exchange:
    custom = {"kind": "answer", "items": list(items)}
    return Exchange(
        channel="website", conversation="web:a", message_id=f"{question}-{days_ago}",
        asked_at=now() - timedelta(days=days_ago), question=question, **reply_columns([{"custom": custom}]),
    )  # fmt: skip


def keep(records: sessionmaker[Session], *rows: Base) -> None:
    with records.begin() as session:
        session.add_all(rows)


def counts(records: sessionmaker[Session]) -> list[tuple]:
    with records() as session:
        columns = (DayCount.items, DayCount.count, DayCount.useful, DayCount.not_useful)
        return [tuple(row) for row in session.execute(select(*columns).order_by(DayCount.items))]


def test_old_texts_leave_counts(records: sessionmaker[Session], tracker: Tracker):
    good, bad = exchange(91, "a"), exchange(91, "b")
    good.useful, bad.useful = True, False
    keep(records, good, bad, exchange(91, "c", items=()), exchange(89, "blijft"))
    purge(records, tracker, SETTINGS)
    with records() as session:
        assert session.scalars(select(Exchange.question)).all() == ["blijft"]
        assert session.scalars(select(DayCount.day)).first() == date.today() - timedelta(days=91)
    assert counts(records) == [("", 1, 0, 0), ("stage-zoeken", 2, 1, 1)]


def test_a_second_purge_adds_to_the_counts(records: sessionmaker[Session], tracker: Tracker):
    for question in ("a", "b"):
        keep(records, exchange(91, question))
        purge(records, tracker, SETTINGS)
    purge(records, tracker, SETTINGS)
    assert counts(records) == [("stage-zoeken", 2, 0, 0)]


def test_every_period_is_kept_to(records: sessionmaker[Session], tracker: Tracker):
    for days in (0, 29, 31, 89, 91, 364, 366):
        at = now() - timedelta(days=days)
        chosen = Choice(conversation="web:a", chosen_at=at, question="q", offered=[], chosen="stage-zoeken")
        done_then = AuditEntry(at=at - timedelta(days=366), who="a", what="opslaan")
        keep(records, Conversation(id=f"web:{days}", started_at=at), chosen, done_then)
        keep(records, Attempts(key=str(days), count=1, last_at=at))
        keep(records, Handled(wording="x", at=at, who="a", what="afgewezen"))
        with tracker._engine.begin() as connection:
            connection.execute(
                text("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES ('a', 'user', :at, '{}')"),
                {"at": at.replace(tzinfo=UTC).timestamp()},
            )
    done = {purged.what: purged.count for purged in purge(records, tracker, SETTINGS)}
    assert done == {
        "berichten met hun antwoord": 0,
        "begonnen gesprekken": 3,
        "afgehandelde vragen": 3,
        "keuzes van bezoekers": 1,
        "aanmeldingen bij Beheer": 0,
        "mislukte aanmeldingen": 5,
        "regels in het logboek van Beheer": 2,
        "gebeurtenissen in Rasa": 5,
    }


def test_a_trial_only_counts(records: sessionmaker[Session], tracker: Tracker):
    keep(records, exchange(91), exchange(1))
    assert purge(records, tracker, SETTINGS, trial=True)[0].count == 1
    assert purge(records, tracker, SETTINGS)[0].count == 1
    assert purge(records, tracker, SETTINGS, trial=True)[0].count == 0


def test_purged_text_is_gone_from_the_files(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'administratie.db'}"
    records, tracker = open_records(url), Tracker(url)
    for number in range(200):  # enough for the tree of pages to be split and shifted
        keep(records, exchange(91, f"zeldzaamwoord {number} " * 20), exchange(1, f"blijft {number} " * 20))
    assert holding(tmp_path, b"zeldzaamwoord")
    purge(records, tracker, SETTINGS)
    assert holding(tmp_path, b"zeldzaamwoord") == []
    assert holding(tmp_path, b"blijft")


def holding(folder: Path, content: bytes) -> list[Path]:
    return [path for path in folder.iterdir() if content in path.read_bytes()]


def test_every_table_with_people_in_it_has_a_period(records: sessionmaker[Session]):
    """A new table is to say how long it is kept."""
    ruled = {rule.table.__tablename__ for rule in rules(Settings())}
    free = {table.__tablename__ for table in KEPT} | {"alembic_version"}
    assert set(inspect(records.kw["bind"]).get_table_names()) == ruled | free
