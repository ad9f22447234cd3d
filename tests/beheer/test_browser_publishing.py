"""Yesterday's miss becomes an example question, goes live and comes back: in a real browser."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import expect

from benchmarks.browser import axe_violations
from bot.beheer.app import create_app
from bot.beheer.inbox import wording_key
from bot.beheer.links import Found, keep
from bot.beheer.publishing import Order, Places, publish
from bot.records.database import open_records
from bot.records.tables import Exchange, now
from bot.settings import Settings
from tests.beheer.conftest import PASSWORD, only_a_few
from tests.beheer.test_publishing import trained
from tests.conftest import ROOT

PUBLISH_MS = 180_000
LAPTOP, AGE = "krijg ik een laptop van de school", "مرحبا tot welke leeftijd kan ik bbl doen"
PAGES = (
    "/publiceren",
    "/versies",
    "/versies/1",
    "/versies/2",
    "/postvak",
    f"/postvak/{wording_key(AGE)}",
    f"/postvak/{wording_key(AGE)}?zoek=bbl",
    "/postvak/afgehandeld",
    "/zorg",
    "/zorg/adressen",
    "/zorg/bronnen",
    "/cijfers",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("beheer")
    shutil.copytree(ROOT / "knowledge", root / "knowledge")
    return only_a_few(root / "knowledge")


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[FastAPI]:
    """The application with two versions, and visitors whose questions went wrong."""
    root = folder.parent
    records = f"sqlite:///{root / 'administratie.db'}"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("KNOWLEDGE_DATABASE_URL", f"sqlite:///{root / 'kennis.db'}")
        patched.setenv("RECORDS_DATABASE_URL", records)
        patched.setenv("MODEL_FOLDER", str(root / "models"))
        made = create_app(Settings(knowledge_folder=folder, state_folder=root / "var"), open_records(records))
        work = made.state.services
        for name, role in (("rik", "redacteur"), ("lena", "lezen"), ("emma", "beheerder")):
            work.accounts.create(name, role, by="test", password=PASSWORD)
        publish(Order("anna", "Eerste versie.", "geen"), work.overview.places)
        change_answer(folder, "Kijk hier: ")
        publish(Order("anna", "Een antwoord verbeterd.", "geen"), work.overview.places)
        visitors(made)
        work.examples.wait()
        yield made


def visitors(app: FastAPI) -> None:
    sessions = app.state.services.sessions
    with sessions.begin() as session:
        for number in range(60):
            kind, question = ("fallback", (LAPTOP, AGE)[number % 2]) if number % 5 == 0 else ("answer", "stage")
            session.add(Exchange(
                channel="website", conversation=f"g{number}", message_id="1", question=question, kind=kind,
                items=["stage-zoeken"] if kind == "answer" else [], confidence=0.9, useful=number % 3 == 0 or None,
                asked_at=now() - timedelta(days=1 + number % 9), reply=[{"text": "?"}], seconds=0.05 * number,
            ))  # fmt: skip
    keep([Found("https://www.stagemarkt.nl", "weg", "de site zegt 404: bestaat niet")], sessions)


def change_answer(folder: Path, words: str) -> None:
    path = folder / "faq/stages.yml"
    text = path.read_text("utf-8")
    place = text.index("stagemarkt.nl")
    path.write_text(f"{text[:place]}{words}{text[place:]}", "utf-8")


def test_a_miss_becomes_an_example_question_and_goes_live(person: Callable, folder: Path, app: FastAPI):
    rik, places = person("rik"), app.state.services.overview.places
    page = rik.go("/postvak")
    page.get_by_role("link", name=LAPTOP).click()
    page.get_by_label("Bij welk item hoort dit?").fill("stage techniek")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Voeg toe aan: Waar vind ik een stage in de techniek?").click()
    if page.get_by_role("button", name="Toch toevoegen").count():
        rik.press("Toch toevoegen")
    expect(page.get_by_role("status")).to_contain_text("Toegevoegd aan")
    expect(page.get_by_role("link", name=LAPTOP)).to_have_count(0)

    page = rik.go("/publiceren")
    expect(page.get_by_text("nieuwe voorbeeldvragen")).to_be_visible()
    page.locator("summary", has_text="voorbeeldvragen (1 erbij)").click()
    expect(page.locator("ins", has_text=LAPTOP)).to_be_visible()
    # The model counts as trained on it, for training takes minutes; the trial is then the short one.
    trained(Places(folder, places.state, folder.parent / "models", places.store))
    page.get_by_label("Wat heb je veranderd?").fill("Vraag uit het postvak.")
    rik.press("Publiceren")
    expect(page.get_by_text("Versie 3 is live.")).to_be_visible(timeout=PUBLISH_MS)
    assert axe_violations(page) == []
    page = rik.go("/versies")
    expect(page.get_by_role("row", name="Vraag uit het postvak.")).to_contain_text("rik")

    page = rik.go("/versies/2")
    page.get_by_label("Waarom?").fill("Toch niet.")
    rik.press("Versie 2 terugzetten")
    expect(page.get_by_text("Versie 4 is live.")).to_be_visible(timeout=PUBLISH_MS)
    assert LAPTOP not in (folder / "faq/stages.yml").read_text("utf-8")


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1200, "dark")])
def test_every_page_is_accessible_and_fits(person: Callable, folder: Path, width: int, scheme: str):
    change_answer(folder, f"Op {width} breed. ")
    emma = person("emma", viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in PAGES:
        page = emma.go(path)
        for summary in page.locator("main summary").all()[:8]:
            summary.click()
        assert axe_violations(page) == [], path
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert fits, path


def test_a_reader_finds_no_button(person: Callable, folder: Path):
    change_answer(folder, "Voor lezers. ")
    lena = person("lena")
    for path in PAGES:
        page = lena.go(path)
        names = page.get_by_role("main").get_by_role("button").all_inner_texts()
        assert set(names) <= {"Toon", "Vergelijk", "Zoek"}, (path, names)


def test_publishing_works_without_javascript(person: Callable, folder: Path, app: FastAPI):
    change_answer(folder, "Zonder script. ")
    places = app.state.services.overview.places
    trained(Places(folder, places.state, folder.parent / "models", places.store))
    rik = person("rik", java_script_enabled=False)
    rik.go("/publiceren")
    rik.press("Publiceren")
    for _ in range(PUBLISH_MS // 1000):
        page = rik.go("/publiceren")
        if not page.get_by_text("Er wordt gepubliceerd").count():
            break
        page.wait_for_timeout(1000)
    expect(page.get_by_text("is live.")).to_be_visible()
