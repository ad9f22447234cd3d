from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.beheer.inbox import Group, Inbox, Missed, group
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Knowledge
from bot.knowledge.search import Index
from bot.language.encoder import default_encoder
from bot.records.accounts import AuditEntry
from bot.records.database import open_records
from bot.records.inbox import Handled
from bot.records.tables import Exchange, now


@pytest.fixture
def records(tmp_path: Path) -> sessionmaker[Session]:
    return open_records(f"sqlite:///{tmp_path / 'administratie.db'}")


@pytest.fixture
def inbox(records: sessionmaker[Session]) -> Inbox:
    return Inbox(records)


def asked(records: sessionmaker[Session], question: str, kind: str = "fallback", days_ago: float = 1, **values) -> None:
    with records.begin() as session:
        number = len(session.scalars(select(Exchange.id)).all())
        session.add(Exchange(
            channel="website", conversation=f"g{number}", message_id=str(number), question=question, kind=kind,
            items=[], asked_at=now() - timedelta(days=days_ago), reply=[{"text": "?"}], seconds=0.1, **values,
        ))  # fmt: skip


def reasons(inbox: Inbox) -> dict[str, str]:
    return {missed.question: missed.reason for missed in inbox.missed()}


def test_what_was_not_answered_well_is_in_it_and_why(inbox: Inbox, records: sessionmaker[Session]):
    asked(records, "krijg ik een laptop")
    asked(records, "iets met techniek", "clarify")
    asked(records, "waar is het", "answer", confidence=0.2)
    asked(records, "waar vind ik een stage", "answer", confidence=0.9, useful=False, comment="klopt niet")
    asked(records, "hoe word ik leraar", "answer", confidence=0.9)
    asked(records, "hallo", "smalltalk")
    asked(records, "lang geleden", days_ago=200)
    assert reasons(inbox) == {
        "krijg ik een laptop": "fallback",
        "iets met techniek": "clarify",
        "waar is het": "onzeker",
        "waar vind ik een stage": "duim",
    }
    assert {missed.comment for missed in inbox.missed()} == {"", "klopt niet"}


def test_what_is_handled_is_gone_and_stays_in_the_log(inbox: Inbox, records: sessionmaker[Session]):
    asked(records, "Krijg ik een laptop?")
    inbox.handle(["krijg ik een laptop"], "jan", "toegewezen", "stage-kosten")
    assert inbox.missed() == []
    with records() as session:
        assert session.scalars(select(Exchange.question)).all() == ["Krijg ik een laptop?"]
        handled = session.scalars(select(Handled)).one()
        assert (handled.who, handled.what, handled.item) == ("jan", "toegewezen", "stage-kosten")


def test_asked_again_only_what_was_dismissed_stays_away(inbox: Inbox, records: sessionmaker[Session]):
    for question in ("asdf", "krijg ik een laptop"):
        asked(records, question)
    inbox.handle(["asdf"], "jan", "afgewezen")
    inbox.handle(["krijg ik een laptop"], "jan", "nieuw")
    for question in ("asdf", "krijg ik een laptop"):
        asked(records, question, days_ago=-0.01)
    assert [missed.question for missed in inbox.missed()] == ["krijg ik een laptop"]


def test_the_text_of_a_dismissed_question_is_kept_nowhere_else(inbox: Inbox, records: sessionmaker[Session]):
    inbox.handle(["mijn baas heet Piet"], "jan", "afgewezen")
    with records() as session:
        stored = str([vars(row) for table in (Handled, AuditEntry) for row in session.scalars(select(table))])
    assert "Piet" not in stored
    assert "afgewezen" in stored


def test_what_came_back_by_mistake_can_be_undone(inbox: Inbox, records: sessionmaker[Session]):
    asked(records, "krijg ik een laptop")
    inbox.handle(["krijg ik een laptop"], "jan", "afgewezen")
    (done,) = inbox.handled()
    assert (done.question, done.what, done.who) == ("krijg ik een laptop", "afgewezen", "jan")
    inbox.put_back("krijg ik een laptop", "jan")
    assert reasons(inbox) == {"krijg ik een laptop": "fallback"}
    assert inbox.handled() == []


@pytest.fixture(scope="module")
def index(knowledge: Knowledge) -> Index:
    encoder = default_encoder()
    few = knowledge.model_copy(update={"items": knowledge.items[:60]})
    return Index(few, encoder, document_encoder(encoder))


def grouped(index: Index, *questions: str) -> list[Group]:
    missed = [Missed(question, now(), "fallback") for question in questions]
    return group(missed, index.question_vectors)


def test_questions_that_mean_the_same_stand_together_the_most_frequent_first(index: Index):
    groups = grouped(
        index,
        "betaalt de school mijn laptop",
        "hoe oud mag je zijn voor bbl",
        "is er een maximumleeftijd voor een bbl",
        "tot welke leeftijd kan ik bbl doen",
        "Hoe oud mag je zijn voor BBL?",
    )
    assert [(each.count, len(each.wordings)) for each in groups] == [(4, 3), (1, 1)]
    assert groups[0].text == "hoe oud mag je zijn voor bbl"
    assert groups[1].text == "betaalt de school mijn laptop"


def test_nothing_missed_makes_no_groups(index: Index):
    assert grouped(index) == []
