"""Whatever is sent to a form, the answer is a page that says so, and the files stay valid."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.beheer.app import create_app
from bot.beheer.entries import EDITABLE, MODELS
from bot.knowledge.check import check
from bot.records.database import open_records
from bot.settings import Settings
from tests.beheer.conftest import Staff

TEXT = st.text(max_size=40) | st.sampled_from(
    ["", "stages", "2026-11-21", "9" * 30, "-1", "[x", "- a: b", "a\r\nb", "\x00", "%s", "../../etc", "é" * 90]
)
NAMES = [
    *sorted({name for kind in EDITABLE for name in MODELS[kind].model_fields}),
    *("links.0.url", "links.99999.titel", "links.x.y", "regeling.naam", "over.actie", "maten.0.waarden.noord.mbo"),
    *("getoond", "bestand", "kenmerk", "rol", "actief", "wachtwoord", "oud", "nieuw", "nogmaals", "naar"),
]
FORM = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=10), st.lists(TEXT, max_size=3), max_size=8)
FUZZ = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)  # the same every time


@pytest.fixture
def app(few: Path, tmp_path: Path) -> FastAPI:
    records = open_records(f"sqlite:///{tmp_path / 'administratie.db'}")
    return create_app(Settings(knowledge_folder=few, state_folder=tmp_path / "var"), records)


@pytest.mark.parametrize("kind", ["item", "initiatief", "landsdeel", "organisatie", "bron", "thema", "woord"])
@FUZZ
@given(form=FORM)
def test_any_form_of_an_entry_is_answered(editor: Staff, app: FastAPI, few: Path, kind: str, form: dict):
    held = next(app.state.services.entries.of(kind), None)
    for path in (f"/kennis/{kind}/{held.id if held else 'x'}", f"/kennis/nieuw/{kind}", f"/kennis/voorbeeld/{kind}"):
        assert editor.send(path, form).status_code < 500, path
    assert check(few)[0] is not None


@FUZZ
@given(form=FORM)
def test_any_form_of_an_account_is_answered(manager: Staff, form: dict):
    for path in ("/accounts", "/accounts/1", "/accounts/999/wachtwoord", "/wachtwoord", "/aanmelden"):
        assert manager.send(path, form).status_code < 500, path


@FUZZ
@given(values=st.lists(TEXT, min_size=6, max_size=6))
def test_any_question_to_the_list_is_answered(reader: Staff, values: list[str]):
    names = ("zoek", "soort", "thema", "landsdeel", "status", "pagina")
    assert reader.client.get("/kennis", params=dict(zip(names, values, strict=True))).status_code < 500


@FUZZ
@given(path=st.text(max_size=30))
def test_any_address_is_answered(reader: Staff, path: str):
    for address in (f"/{path}", f"/kennis/item/{path}", f"/kennis/{path}/x"):
        try:
            status = reader.client.get(address).status_code
        except (ValueError, httpx.InvalidURL):  # the client will not send it
            continue
        assert status < 500, address
