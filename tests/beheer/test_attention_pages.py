"""Inbox, care and figures in the browser: by an editor, and by a reader who may only look."""

import re
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote

import hypothesis
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bot.beheer.inbox import wording_key
from bot.beheer.links import Found, keep
from bot.beheer.services import Services
from bot.records.tables import Exchange, now
from tests.beheer.conftest import Staff
from tests.conftest import ROOT

LAPTOP = "krijg ik een laptop van de school"
AGE = "tot welke leeftijd kan ik bbl doen"


@pytest.fixture
def app(few_app: FastAPI) -> FastAPI:
    return few_app


@pytest.fixture
def work(app: FastAPI) -> Services:
    """Return what the pages work with, after visitors asked questions that went wrong."""
    services: Services = app.state.services
    questions = [LAPTOP, LAPTOP, "betaalt de school mijn laptop", AGE, "<img src=x onerror=alert(1)>"]
    with services.sessions.begin() as session:
        for number, question in enumerate(questions):
            session.add(Exchange(
                channel="website", conversation=f"g{number}", message_id="1", question=question, kind="fallback",
                items=[], asked_at=now() - timedelta(days=1), reply=[{"text": "?"}], seconds=0.2,
            ))  # fmt: skip
    services.examples.wait()
    return services


def examples(work: Services, item: str = "stage-zoeken") -> list[str]:
    return list(work.entries.find("item", item).data["voorbeeldvragen"])


def test_questions_that_mean_the_same_are_one_row_and_html_stays_text(editor: Staff, work: Services):
    page = editor.get("/postvak")
    assert page.index(LAPTOP) < page.index(AGE)
    assert "en 1 keer anders gezegd" in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_assigning_adds_example_questions_and_empties_the_inbox(editor: Staff, work: Services):
    address = f"/postvak/{wording_key(LAPTOP)}"
    assert "stage-zoeken" in editor.get(f"{address}?zoek=stage in de techniek")
    after = editor.post(f"{address}/toewijzen", {"item": "stage-zoeken", "vraag": [LAPTOP], "toch": "ja"})
    assert "Toegevoegd aan" in after
    assert LAPTOP not in after.replace("Toegevoegd", "")
    assert examples(work)[-1] == LAPTOP
    assert "toegewezen" in editor.get("/postvak/afgehandeld")
    with work.sessions() as session:
        assert session.query(Exchange).count() == 5


def test_a_wording_of_another_item_is_not_taken_silently(editor: Staff, work: Services):
    taken = examples(work)[0]
    with work.sessions.begin() as session:
        session.add(Exchange(channel="website", conversation="h", message_id="1", question=taken, kind="clarify",
                             items=[], asked_at=now(), reply=[], seconds=0.1))  # fmt: skip
    other = next(row.id for row in work.catalogue.rows() if row.kind == "item" and row.id != "stage-zoeken")
    before = examples(work, other)
    page = editor.post(f"/postvak/{wording_key(taken)}/toewijzen", {"item": other, "vraag": [taken]}, status=409)
    assert "staat al" in page
    page = editor.post(f"/postvak/{wording_key(taken)}/toewijzen", {"item": other, "vraag": [taken], "toch": "ja"},
                       status=422)  # fmt: skip
    assert "staat ook bij" in page
    assert examples(work, other) == before


def test_a_new_item_begins_with_the_questions(editor: Staff, work: Services):
    form = {"vraag": [LAPTOP, "betaalt de school mijn laptop"]}
    response = editor.send(f"/postvak/{wording_key(LAPTOP)}/nieuw", form, follow_redirects=False)
    address = unquote(response.headers["location"].replace("+", " "))
    assert address.startswith("/kennis/nieuw/item?")
    assert "betaalt de school mijn laptop" in address
    assert LAPTOP in editor.get(response.headers["location"])
    assert LAPTOP not in editor.get("/postvak")


def test_what_is_dismissed_can_be_put_back(editor: Staff, work: Services):
    assert AGE not in editor.post(f"/postvak/{wording_key(AGE)}/afwijzen")
    assert AGE in editor.get("/postvak/afgehandeld")
    editor.post("/postvak/terug", {"vraag": AGE})
    assert AGE in editor.get("/postvak")


def test_what_a_colleague_just_handled_is_explained(editor: Staff, work: Services):
    editor.post(f"/postvak/{wording_key(AGE)}/afwijzen")
    assert "al afgehandeld" in editor.get(f"/postvak/{wording_key(AGE)}", status=404)
    assert "al afgehandeld" in editor.post(f"/postvak/{wording_key(AGE)}/afwijzen", status=404)


@pytest.mark.parametrize(
    ("form", "status"), [({}, 422), ({"vraag": [LAPTOP]}, 404), ({"vraag": [LAPTOP], "item": "bestaat-niet"}, 404)]
)
def test_a_form_that_says_too_little_changes_nothing(editor: Staff, work: Services, form: dict, status: int):
    editor.post(f"/postvak/{wording_key(LAPTOP)}/toewijzen", {**form, "toch": "ja"}, status=status)
    assert LAPTOP in editor.get("/postvak")


def test_care_names_what_is_overdue_and_what_is_broken(reader: Staff, work: Services):
    address = work.entries.find("item", "stage-zoeken").data["links"][0]["url"]
    keep([Found(address, "weg", "de site zegt 404: bestaat niet")], work.sessions)
    assert "werkt niet" in reader.get("/zorg")
    page = reader.get("/zorg/adressen")
    assert page.index("de site zegt 404") < page.index("nog niet nagekeken")
    assert "keer gebruikt" in reader.get("/zorg/bronnen")


def test_a_round_along_the_addresses_reports_what_it_found(
    editor: Staff, work: Services, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.beheer.links.TIMEOUT_SECONDS", 1.0)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nobody listens there: as without a connection
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    editor.post("/zorg/adressen")
    deadline = time.monotonic() + 120
    while work.link_round.progress and time.monotonic() < deadline:
        assert "data-poll" in editor.get("/zorg/adressen/voortgang") or not work.link_round.progress
        time.sleep(0.5)
    assert "geen verbinding" in editor.get("/zorg/adressen")


def test_figures_show_a_plot_with_a_table_and_hide_what_is_small(reader: Staff, work: Services):
    page = reader.get("/cijfers")
    assert page.count("<svg") == page.count("<table>") == 6
    assert "te weinig" in page
    spreadsheet = reader.get("/cijfers.csv?periode=7")
    assert re.search(r"Hoe het afliep;niet geweten;\d", spreadsheet)
    reader.get("/cijfers?periode=8", status=400)


TEXT = st.text(max_size=30) | st.sampled_from(["", "-1", "9" * 40, "\x00", "../x", "<b>", "stage-zoeken", LAPTOP])
FUZZ = hypothesis.settings(
    max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)  # the same every time


@FUZZ
@given(
    form=st.dictionaries(st.sampled_from(["item", "vraag", "toch", "bericht"]), st.lists(TEXT, max_size=3)), key=TEXT
)
def test_whatever_is_sent_the_answer_is_a_page(editor: Staff, work: Services, form: dict, key: str):
    for path in ("toewijzen", "nieuw"):
        for group in (wording_key(AGE), quote(key, safe="")):
            assert editor.send(f"/postvak/{group}/{path}", form, follow_redirects=False).status_code < 500
    assert editor.send("/postvak/terug", form, follow_redirects=False).status_code < 500
    for path in (
        "/postvak",
        "/zorg",
        "/zorg/adressen",
        "/versies",
        "/cijfers",
        "/cijfers.csv",
        f"/versies/{quote(key)}",
    ):
        parameters = {"pagina": key, "periode": key, "zoek": key, "met": key}
        assert editor.client.get(path, params=parameters).status_code < 500, path
    assert work.entries.check()[0] is not None


def test_what_was_made_of_an_initiative_leads_to_it(reader: Staff, work: Services, few: Path):
    folder = few / "pact/initiatieven"
    folder.mkdir(parents=True)
    text = (ROOT / "knowledge/pact/initiatieven").glob("*.yml")
    (folder / "een.yml").write_text(sorted(text)[0].read_text("utf-8"), "utf-8")
    assert work.entries.check()[0], work.entries.check()[1]
    row = next(row for row in work.catalogue.rows() if row.kind == "initiatief")
    assert f'href="/kennis/initiatief/{row.id}"' in reader.get("/zorg/bronnen")
    assert f'href="/kennis/item/{row.id}"' not in reader.get("/zorg/bronnen")


def test_a_reader_may_look_and_change_nothing(reader: Staff, work: Services):
    page = reader.get(f"/postvak/{wording_key(LAPTOP)}")
    assert LAPTOP in page
    assert "toewijzen" not in page
    for path in (f"/postvak/{wording_key(LAPTOP)}/toewijzen", f"/postvak/{wording_key(LAPTOP)}/nieuw",
                 f"/postvak/{wording_key(LAPTOP)}/afwijzen", "/postvak/terug", "/zorg/adressen"):  # fmt: skip
        reader.post(path, {"item": "stage-zoeken", "vraag": [LAPTOP]}, status=403)
    assert LAPTOP in reader.get("/postvak")
    assert LAPTOP not in examples(work)
