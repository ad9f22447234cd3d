from pathlib import Path

import pytest

from bot.knowledge.snapshot import WriteBack, changed_names, files_key, read_files, write_files
from bot.knowledge.writing import write_whole

OLD = {"bronnen.yml": b"- id: x\n", "faq/a.yml": b"# oud\n", "faq/weg.yml": b"- weg\n"}
NEW = {"bronnen.yml": b"- id: x\n", "faq/a.yml": b"# nieuw\n", "pact/b.yml": b"- b\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(tmp_path / "kennis", OLD)
    return tmp_path / "kennis"


@pytest.fixture
def back(tmp_path: Path) -> WriteBack:
    return WriteBack(tmp_path / "terug")


def test_the_real_files_come_back_to_the_byte(scratch: Path, tmp_path: Path):
    files = read_files(scratch)
    assert {"bronnen.yml", "plaatsen/plaatsen.csv", "regios/noord.yml"} <= files.keys()
    write_files(tmp_path / "kopie", files)
    assert read_files(tmp_path / "kopie") == files


def test_hidden_and_foreign_files_are_no_knowledge(folder: Path):
    before = files_key(read_files(folder))
    (folder / ".schema").mkdir()
    for name in (".schema/item.yml", "faq/.a.yml.swp", "faq/.#a.yml", "faq/a.yml~", "lees mij.docx"):
        (folder / name).write_bytes(b"x")
    assert files_key(read_files(folder)) == before


def test_what_differs_is_named():
    assert changed_names(OLD, NEW) == ["faq/a.yml", "faq/weg.yml", "pact/b.yml"]
    assert files_key(OLD) != files_key(NEW)


def test_preparing_changes_nothing_and_applying_all(folder: Path, back: WriteBack):
    back.prepare(folder, NEW)
    assert read_files(folder) == OLD
    assert back.pending
    assert back.apply() == []
    assert read_files(folder) == NEW
    assert not back.pending


def test_half_applied_it_goes_on_where_it_was(folder: Path, back: WriteBack, monkeypatch: pytest.MonkeyPatch):
    back.prepare(folder, NEW)
    put = []

    def stop_after_one(path: Path, body: bytes) -> None:
        if put:
            raise KeyboardInterrupt
        put.append(path)
        write_whole(path, body)

    with monkeypatch.context() as patched:
        patched.setattr("bot.knowledge.snapshot._put", stop_after_one)
        with pytest.raises(KeyboardInterrupt):
            back.apply()
    assert read_files(folder) not in (OLD, NEW)
    assert WriteBack(back.journal).apply() == []
    assert read_files(folder) == NEW


def test_an_edit_of_somebody_else_in_the_meantime_stays(folder: Path, back: WriteBack):
    back.prepare(folder, NEW)
    (folder / "faq/a.yml").write_bytes(b"# van een collega\n")
    (folder / "faq/weg.yml").write_bytes(b"- toch niet\n")
    assert back.apply() == ["faq/a.yml", "faq/weg.yml"]
    assert read_files(folder) == {**NEW, "faq/a.yml": b"# van een collega\n", "faq/weg.yml": b"- toch niet\n"}


def test_a_cancelled_change_leaves_nothing(folder: Path, back: WriteBack):
    back.prepare(folder, NEW)
    back.cancel()
    assert not back.pending
    assert not back.journal.exists()
    assert read_files(folder) == OLD


def test_no_file_gets_outside_its_folder(folder: Path, back: WriteBack):
    with pytest.raises(ValueError, match="buiten"):
        back.prepare(folder, {"../../kwaad.yml": b"x"})
    assert not back.pending
