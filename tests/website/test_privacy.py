"""Personal data that visitors type are in no reply, table, log or file, on either channel."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import MetaData, create_engine, select

from tests.conftest import Assistant, Conversation

# What is typed, and what of it may be found nowhere.
PLANTED = {
    "bsn 111222333": "111222333",
    "111.222.333": "111.222.333",
    "06-12345678": "12345678",
    "06 98 76 54 32": "76 54 32",
    "+31 6 11223344": "11223344",
    "020 551 93 28": "551 93 28",
    "geheim.persoon@voorbeeld.example": "geheim.persoon",
    "verborgen.mens (at) voorbeeld punt nl": "verborgen.mens",
    "NL91ABNA0417164300": "0417164300",
    "BE68 5390 0754 7034": "0754 7034",
    "Zeldzamestraat 12a, 6711 QZ Ede": "eldzamestraat",
    "8765 ZX 43": "8765 ZX",
    "ik heet Xaveria van Quispel": "Quispel",
    "geboren op 29-02-1996": "29-02-1996",
    "leerlingnummer 40302010": "40302010",
}
QUESTION = "mijn gegevens: {} en waar vind ik een stage in de techniek"


@pytest.fixture(scope="module")
def said(assistant: Assistant, client: httpx.Client) -> str:
    """Type all of it on both channels and in feedback; return all that was replied, and what is given back of it."""
    replies = []
    for typed in PLANTED:
        question = QUESTION.format(typed)
        visitor = Conversation(client)
        visitor.say(question)
        assert "persoonlijke gegevens" in str(visitor.messages)
        replies.append(visitor.messages)
        token = client.post("/webhooks/website/session", json={}).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        body = {"id": str(uuid4()), "text": question}
        replies.append(client.post("/webhooks/website/messages", json=body, headers=headers).json())
        judged = {"id": body["id"], "useful": False, "text": question}
        assert client.post("/webhooks/website/feedback", json=judged, headers=headers).status_code == 204
        replies.append(client.get("/webhooks/website/messages", headers=headers).json())
    replies.append(client.get("/metrics").text)
    return json.dumps(replies, ensure_ascii=False)


def test_no_reply_repeats_it(said: str):
    assert [value for value in PLANTED.values() if value in said] == []


@pytest.mark.usefixtures("said")
def test_no_file_holds_it(assistant: Assistant):
    files = [path for path in assistant.state.parent.rglob("*") if path.is_file() and "knowledge" not in path.parts]
    assert {"website.log", "acties.log", "rasa.log", "gesprekken.db", "administratie.db"} <= {
        path.name for path in files
    }
    found = [(path.name, value) for path in files for value in PLANTED.values() if value.encode() in path.read_bytes()]
    assert found == []


@pytest.mark.usefixtures("said")
def test_no_table_holds_it(assistant: Assistant):
    rows = list(_rows(assistant.state.parent))
    assert sum("mijn gegevens" in row for row in rows) > 2 * len(PLANTED)
    assert [(row[:200], value) for row in rows for value in PLANTED.values() if value in row] == []


def _rows(folder: Path) -> Iterator[str]:
    """Yield every row of every table, with what JSON hides behind escapes made readable."""
    for path in folder.rglob("*.db"):
        engine, found = create_engine(f"sqlite:///{path}"), MetaData()
        found.reflect(engine)
        with engine.connect() as connection:
            for table in found.tables.values():
                for row in connection.execute(select(table)):
                    yield f"{table.name}: {row}"
