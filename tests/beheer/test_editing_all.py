"""What holds for every kind of entry, on all that the assistant knows."""

import html
from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.beheer.entries import EDITABLE
from bot.knowledge.check import check
from tests.beheer.conftest import Staff, change, sent_by


@pytest.mark.parametrize("kind", EDITABLE)
def test_a_save_of_an_untouched_form_changes_no_byte(editor: Staff, app: FastAPI, scratch: Path, kind: str):
    before = {path: path.read_bytes() for path in scratch.rglob("*.yml")}
    found = list(app.state.services.entries.of(kind))
    for held in (found[0], found[len(found) // 2], found[-1]):
        assert "Opgeslagen" in change(editor, f"/kennis/{kind}/{held.id}")
    assert {path: path.read_bytes() for path in scratch.rglob("*.yml")} == before


def test_a_cell_of_a_table_is_changed_and_its_sum_is_checked(editor: Staff, scratch: Path):
    path = "/kennis/tabel/baankansen-2011-2016"
    page = change(editor, path, 422, **{"maten.0.waarden.noord.vmbo": "-1"})
    assert "maar de som is" in page
    change(editor, path, **{"maten.1.waarden.noord.vmbo": "-18"})
    (table,) = check(scratch)[0].tabellen
    assert table.maten[1].waarden["noord"]["vmbo"] == -18
    page = change(editor, path, 422, **{"maten.1.waarden.noord.vmbo": "veel"})
    assert "Er is niets opgeslagen" in page


def test_taking_away_what_others_refer_to_is_refused_with_who(editor: Staff, scratch: Path):
    page = editor.get("/kennis/item/leerbaan-zoeken")
    answer = editor.post("/kennis/item/leerbaan-zoeken/weg", {"getoond": sent_by(page)["getoond"][0]}, 409)
    assert "kan niet weg" in answer
    assert "stage-zoeken: zie_ook" in html.unescape(answer)
    assert check(scratch)[0].item("leerbaan-zoeken")
