"""A document becomes drafts; what is no document, too large or a trap is refused."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from fastapi import FastAPI

from bot.beheer.app import create_app
from bot.knowledge.check import check
from bot.records.database import open_records
from bot.settings import Settings
from tests.beheer.conftest import Staff

WORDS = " ".join(["Scholen en bedrijven maken samen een plan voor techniek in de regio."] * 5)


@pytest.fixture
def app(few: Path, tmp_path: Path) -> FastAPI:
    records = open_records(f"sqlite:///{tmp_path / 'administratie.db'}")
    return create_app(Settings(knowledge_folder=few, state_folder=tmp_path / "var"), records)


def send(staff: Staff, name: str, body: bytes, status: int = 200) -> str:
    return staff.post("/importeren", status=status, files={"document": (name, body)})


def test_a_word_file_becomes_drafts(editor: Staff, few: Path, manager: Staff):
    document, body = docx.Document(), io.BytesIO()
    document.add_heading("Plan 2027")
    document.add_paragraph(WORDS)
    document.save(body)
    page = send(editor, "../../Plan 2027.docx", body.getvalue())
    assert "1 concepten gemaakt" in page
    assert [path.parent for path in few.rglob("*plan-2027.yml")] == [few / "concepten"]
    assert check(few)[0]
    assert "geïmporteerd" in manager.get("/logboek")
    assert "Er zijn al concepten" in send(editor, "../../Plan 2027.docx", body.getvalue(), 422)


def test_a_zip_bomb_is_refused(editor: Staff, few: Path):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(3):
            bomb.writestr(f"word/{number}.xml", b"0" * 100_000_000)
    assert len(body.getvalue()) < 1_000_000
    assert "uitgepakt groter dan 200 MB" in send(editor, "bom.docx", body.getvalue(), 422)
    assert not (few / "concepten").exists()


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("plan.exe", b"MZ", "van een soort die ik niet ken"),
        ("plan.pdf", b"geen pdf", "geen goede PDF"),
        ("plan.docx", b"PK\x03\x04kapot", "geen goed Word-bestand"),
        ("plan.txt", b"", "geen tekst"),
        ("", b"", "Kies eerst een document"),
    ],
)
def test_what_is_no_document_is_refused(editor: Staff, name: str, body: bytes, why: str):
    page = send(editor, name, body, 422)
    assert why in page
    assert "/tmp" not in page


def test_a_hundred_megabytes_are_refused_at_once(editor: Staff):
    headers = {"content-length": "100000000", "content-type": "multipart/form-data; boundary=x"}
    response = editor.client.post("/importeren", content=iter([b"x"]), headers=headers)
    assert response.status_code == 413
    assert "hooguit 50 MB" in response.text
