"""Publishing and going back in the browser, by an editor, a manager, and a reader who may only look."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.beheer.overview import Overview
from bot.beheer.publishing import Order, Places, publish
from tests.beheer.conftest import Staff
from tests.beheer.test_publishing import STAGES, edit, trained


@pytest.fixture
def app(few_app: FastAPI) -> Iterator[FastAPI]:
    """The application on a few items, of which version 1 is live."""
    places = few_app.state.services.overview.places
    publish(Order("Anna", "Eerste versie.", "geen"), places)
    yield few_app
    deadline = time.monotonic() + 120
    while places.busy() and time.monotonic() < deadline:  # no publish outlives its test
        time.sleep(0.2)


@pytest.fixture
def overview(app: FastAPI) -> Overview:
    return app.state.services.overview


@pytest.fixture
def places(overview: Overview, tmp_path: Path) -> Places:
    found = overview.places
    trained(Places(found.knowledge, found.state, tmp_path / "models", found.store))
    return found


def ended(staff: Staff, places: Places) -> str:
    deadline = time.monotonic() + 180
    while places.busy():
        assert time.monotonic() < deadline
        time.sleep(0.3)
    return staff.get("/publiceren")


def test_an_editor_sees_what_changed_and_publishes_it(editor: Staff, places: Places, overview: Overview):
    assert "is live (versie 1)" in editor.get("/publiceren")
    edit(places, "stagemarkt.nl", "www.stagemarkt.nl/<b>nieuw</b>")
    page = editor.get("/publiceren")
    assert "vraag veranderd" in page
    assert "&lt;b&gt;nieuw&lt;/b&gt;" in page
    assert "<b>nieuw</b>" not in page
    running = editor.post("/publiceren", {"bericht": "Adres bijgewerkt.", "bestanden": overview.waiting().key})
    assert "gepubliceerd" in running
    assert "Versie 2 is live." in ended(editor, places)
    newest = places.store.versions()[0]
    assert (newest.author, newest.note) == ("jan-redacteur", "Adres bijgewerkt.")
    versions = editor.get("/versies")
    assert "Adres bijgewerkt." in versions
    assert "kort, goed" in versions
    assert "erbij: </span>www.stagemarkt.nl" in editor.get("/versies/2")


def test_what_was_published_stands_in_the_audit_log(editor: Staff, places: Places, overview: Overview, app: FastAPI):
    edit(places, "stagemarkt.nl", "www.stagemarkt.nl")
    editor.post("/publiceren", {"bericht": "Adres.", "bestanden": overview.waiting().key})
    ended(editor, places)
    entries, _ = app.state.services.audit.page(1, 10)
    assert ("jan-redacteur", "gepubliceerd", "versie 2", "Adres.") in {
        (entry.who, entry.what, entry.about, entry.detail) for entry in entries
    }


def test_what_somebody_changed_meanwhile_is_not_published_unseen(editor: Staff, places: Places, overview: Overview):
    edit(places, "stagemarkt.nl", "www.stagemarkt.nl")
    seen = overview.waiting().key
    edit(places, "www.stagemarkt.nl", "www.kwaad.nl")
    editor.post("/publiceren", {"bestanden": seen})
    assert "veranderd sinds je ze bekeek" in ended(editor, places)
    assert places.store.version() == 1


def test_mistakes_are_named_with_file_and_line_and_there_is_no_button(editor: Staff, places: Places):
    edit(places, "antwoord:", "antword:")
    page = editor.get("/publiceren")
    assert STAGES in page
    assert "antword" in page
    assert "<button>Publiceren</button>" not in page


def test_an_earlier_version_comes_back(editor: Staff, places: Places, overview: Overview):
    edit(places, "stagemarkt.nl", "www.stagemarkt.nl")
    publish(Order("Bram", trial="geen"), places)
    page = editor.get("/versies/1")
    assert "Versie 1 terugzetten" in page
    editor.post("/versies/1/terugzetten", {"bericht": "Te vroeg.", "bestanden": overview.waiting().key})
    ended(editor, places)
    assert places.store.files() == places.store.files(1)
    assert places.store.versions()[0].note == "Te vroeg."


def test_edits_that_were_never_live_must_be_given_up_first(editor: Staff, places: Places, overview: Overview):
    edit(places, "stagemarkt.nl", "www.stagemarkt.nl")
    publish(Order("Bram", trial="geen"), places)
    edit(places, "www.stagemarkt.nl", "nog-niet-live.nl")
    assert "Die wijzigingen mogen weg" in editor.get("/versies/1")
    editor.post("/versies/1/terugzetten", {"bestanden": overview.waiting().key})
    assert "nog niet live" in ended(editor, places)
    assert places.store.version() == 2


def test_a_reader_sees_all_and_may_do_nothing(reader: Staff, places: Places):
    edit(places, "stagemarkt.nl", "www.stagemarkt.nl")
    page = reader.get("/publiceren")
    assert "vraag veranderd" in page
    assert "<button>Publiceren</button>" not in page
    assert "Eerste versie." in reader.get("/versies")
    assert "terugzetten" not in reader.get("/versies/1")
    reader.post("/publiceren", status=403)
    reader.post("/versies/1/terugzetten", status=403)
    assert places.store.version() == 1


def test_only_a_manager_may_accept_what_is_worse(editor: Staff, places: Places):
    editor.post("/publiceren", {"aanvaard": "Mag."}, status=403)
    editor.post("/publiceren", {"aanvaard": " "}, status=422)


def test_a_version_that_never_was(reader: Staff, places: Places):
    reader.get("/versies/99", status=404)
    reader.get("/versies/x", status=400)
    reader.get("/versies?pagina=-5")
