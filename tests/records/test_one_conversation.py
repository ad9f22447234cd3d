"""One conversation, exported and erased wherever anything is kept of it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner

from bot.cli import app
from bot.records.conversations import Conversations
from bot.records.database import open_records
from bot.records.tables import Choice, Conversation, Exchange, now
from bot.records.tracker import Tracker

EVENT = {"event": "user", "text": "een zeldzaamwoord"}


@pytest.fixture
def records(any_database: str) -> sessionmaker[Session]:
    """Return records with two conversations, and a table in them that this code has never heard of."""
    sessions = open_records(any_database)
    Tracker(any_database)  # makes Rasa's table
    with sessions.begin() as session:
        session.execute(text("CREATE TABLE nieuw (conversation VARCHAR(200), note TEXT)"))
        for name in ("web:een", "web:ander"):
            session.add_all([
                Conversation(id=name, started_at=now()),
                Choice(conversation=name, chosen_at=now(), question="zeldzaamwoord", offered=["a"], chosen="a"),
                Exchange(channel="website", conversation=name, message_id="1", asked_at=now(), items=[],
                         question="een zeldzaamwoord", reply=[{"text": "antwoord"}]),
            ])  # fmt: skip
            session.execute(text("INSERT INTO nieuw VALUES (:name, 'zeldzaamwoord')"), {"name": name})
            session.execute(
                text("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:name, 'user', 0, :data)"),
                {"name": name, "data": json.dumps(EVENT)},
            )
    return sessions


@pytest.fixture
def conversations(records: sessionmaker[Session], any_database: str) -> Conversations:
    return Conversations(records, Tracker(any_database))


def test_an_export_has_all(conversations: Conversations):
    export = conversations.export("web:een")
    assert set(export) == {"bericht", "gesprek", "keuze", "nieuw", "rasa"}
    assert export["rasa"] == [EVENT]
    assert export["bericht"][0]["reply"] == [{"text": "antwoord"}]
    assert "web:ander" not in str(export)


def test_erased_is_gone_everywhere_and_nothing_else_is(conversations: Conversations):
    other = conversations.export("web:ander")
    assert conversations.erase("web:een") == {"bericht": 1, "gesprek": 1, "keuze": 1, "nieuw": 1, "rasa": 1}
    assert conversations.export("web:een") == {}
    assert conversations.export("web:ander") == other
    assert conversations.erase("web:een") == {}


def test_erased_text_is_gone_from_the_files(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'administratie.db'}"
    sessions = open_records(url)
    conversations = Conversations(sessions, Tracker(url))
    for number in range(200):  # enough for the tree of pages to be split and shifted
        with sessions.begin() as session:
            for name, said in (("web:een", "zeldzaamwoord"), ("web:ander", "blijft")):
                session.add(Exchange(channel="website", conversation=name, message_id=str(number), asked_at=now(),
                                     items=[], question=f"{said} {number} " * 30))  # fmt: skip
    files = [path for path in tmp_path.iterdir() if b"zeldzaamwoord" in path.read_bytes()]
    assert files
    conversations.erase("web:een")
    assert [path for path in files if path.exists() and b"zeldzaamwoord" in path.read_bytes()] == []
    assert any(b"blijft" in path.read_bytes() for path in files if path.exists())


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for name in ("RECORDS", "TRACKER"):
        monkeypatch.setenv(f"{name}_DATABASE_URL", f"sqlite:///{tmp_path / 'administratie.db'}")
    sessions = open_records()
    with sessions.begin() as session:
        session.add(Conversation(id="web:een", started_at=now()))
    return CliRunner()


def test_the_command_exports_and_erases(command: CliRunner):
    shown = command.invoke(app, ["gesprek", "web:een", "--exporteer"])
    assert json.loads(shown.stdout)["gesprek"][0]["id"] == "web:een"
    assert "1 uit gesprek" in command.invoke(app, ["gesprek", "web:een", "--wis"]).stdout
    gone = command.invoke(app, ["gesprek", "web:een", "--wis"])
    assert gone.exit_code == 1
    assert "niets bewaard" in gone.stdout


@pytest.mark.parametrize("options", [[], ["--wis", "--exporteer"]])
def test_the_command_wants_one_choice(command: CliRunner, options: list[str]):
    result = command.invoke(app, ["gesprek", "web:een", *options])
    assert result.exit_code == 1
    assert "Kies --exporteer of --wis" in result.stdout


def test_the_purge_command_shows_and_does(command: CliRunner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KEEP_TEXT_DAYS", "0")
    shown = command.invoke(app, ["opruimen", "--proef"]).stdout
    assert "1 begonnen gesprekken van meer dan 0 dagen oud zouden weggaan" in shown
    assert "1 begonnen gesprekken van meer dan 0 dagen oud verwijderd" in command.invoke(app, ["opruimen"]).stdout
    assert "0 begonnen gesprekken" in command.invoke(app, ["opruimen", "--proef"]).stdout


def test_a_period_that_is_no_number_is_explained(command: CliRunner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KEEP_TEXT_DAYS", "lang")
    result = command.invoke(app, ["opruimen"])
    assert result.exit_code == 1
    assert "KEEP_TEXT_DAYS moet een getal zijn" in result.stdout
