"""The journeys of an editor, a second editor, a manager and a reader, in a real browser."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from benchmarks.browser import axe_violations
from bot.beheer.app import create_app
from bot.knowledge.check import check
from bot.records.database import open_records
from bot.settings import Settings
from tests.beheer.conftest import PASSWORD, Person
from tests.conftest import ROOT

PAGES = (
    "/",
    "/kennis",
    "/kennis?soort=alles&zoek=techniek",
    "/kennis/item/stage-zoeken",
    "/kennis/initiatief/initiatief-technum-vlissingen",
    "/kennis/landsdeel/noord",
    "/kennis/organisatie/techniekpact-noord-org",
    "/kennis/tabel/baankansen-2011-2016",
    "/kennis/lijst/topsectoren",
    "/kennis/bron/pact-2013",
    "/kennis/thema/stages",
    "/kennis/woord/mbo",
    "/kennis/website/website",
    "/kennis/nieuw/item",
    "/kennis/nieuw/organisatie",
    "/accounts",
    "/logboek",
    "/wachtwoord",
    "/bestaat-niet",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path_factory.mktemp("beheer") / "knowledge"))


@pytest.fixture(scope="module")
def app(folder: Path) -> FastAPI:
    state = folder.parent / "var"
    made = create_app(
        Settings(knowledge_folder=folder, state_folder=state), open_records(f"sqlite:///{state / 'a.db'}")
    )
    for name, role in (("rik", "redacteur"), ("noor", "redacteur"), ("lena", "lezen"), ("emma", "beheerder")):
        made.state.services.accounts.create(name, role, by="test", password=PASSWORD)
    return made


def answer_of(folder: Path, item: str) -> str:
    found, problems = check(folder)
    assert found, problems
    return found.item(item).antwoord.strip()


def test_an_editor_mends_an_answer_by_keyboard_and_sees_it_beside_the_form(person: Callable, folder: Path):
    rik = person("rik")
    page = rik.go("/kennis")
    page.get_by_label("Zoek").fill("erkend leerbedrijf")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Waar vind ik een stage in de techniek?").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Antwoord", exact=True).fill("Kijk op https://www.stagemarkt.nl. <b>Nu</b>.")
    beside = page.get_by_role("region", name="Voorbeeld en hulp")
    expect(beside).to_contain_text("<b>Nu</b>")
    expect(beside.get_by_role("link", name="https://www.stagemarkt.nl").first).to_be_visible()
    expect(beside).to_contain_text("Score")
    page.get_by_label("Antwoord", exact=True).press("Tab")
    rik.press("Opslaan")
    expect(page.get_by_role("status")).to_contain_text("Opgeslagen")
    assert answer_of(folder, "stage-zoeken") == "Kijk op https://www.stagemarkt.nl. <b>Nu</b>."


def test_an_example_question_of_another_item_is_pointed_out(person: Callable, app: FastAPI):
    app.state.services.examples.wait()
    page = person("rik").go("/kennis/item/nieuwsbrief-aanmelden")
    examples = page.get_by_label("Voorbeeldvragen", exact=True)
    examples.fill(f"{examples.input_value()}\nik zoek een stageplek in de techniek voor mijn mbo opleiding")
    beside = page.get_by_role("region", name="Voorbeeld en hulp")
    expect(beside).to_contain_text("Voorbeeldvragen om te bekijken", timeout=20_000)
    expect(beside).to_contain_text("ik zoek een stageplek in de techniek voor mijn mbo opleiding")


def test_two_editors_at_once(person: Callable, folder: Path):
    rik, noor = person("rik"), person("noor")
    path = "/kennis/item/leerbaan-zoeken"
    rik.go(path).get_by_label("Antwoord", exact=True).fill("Van Rik.")
    noor.go(path).get_by_label("Antwoord", exact=True).fill("Van Noor.")
    rik.press("Opslaan")
    expect(rik.page.get_by_role("status")).to_be_visible()
    noor.press("Opslaan")
    expect(noor.page.get_by_role("alert")).to_contain_text("Een collega heeft dit ook veranderd")
    expect(noor.page.get_by_role("alert")).to_contain_text("Van Rik.")
    assert answer_of(folder, "leerbaan-zoeken") == "Van Rik."
    assert axe_violations(noor.page) == []
    noor.press("Opslaan")
    expect(noor.page.get_by_role("status")).to_be_visible()
    assert answer_of(folder, "leerbaan-zoeken") == "Van Noor."


def test_a_new_question_with_a_link_and_a_mistake_on_the_way(person: Callable, folder: Path):
    rik = person("rik")
    page = rik.go("/kennis/nieuw/item")
    page.get_by_label("Bestand").select_option("faq/omscholing.yml")
    page.get_by_label("Vraag", exact=True).fill("Wie leert mij glasblazen?")
    page.get_by_label("Voorbeeldvragen", exact=True).fill("\n".join(f"glas blazen {n}" for n in "abcdef"))
    page.get_by_label("Thema", exact=True).select_option("omscholing")
    page.get_by_role("checkbox", name="werkende", exact=True).check()
    page.get_by_role("combobox", name="Bronnen").fill("faq-techniekpact")
    page.get_by_role("group", name="Links onder het antwoord", exact=True).get_by_role("button", name="Nog een").click()
    second = page.get_by_role("group", name="Links onder het antwoord, 2")
    second.get_by_label("Titel").fill("PTvT")
    second.get_by_label("Adres").fill("ptvt.nl")
    rik.press("Opslaan")
    expect(page.get_by_role("alert")).to_contain_text("Antwoord: Vul dit in.")
    expect(page.get_by_role("alert")).to_contain_text("is geen adres")
    assert axe_violations(page) == []
    page.get_by_label("Antwoord", exact=True).fill("De glasblazer.")
    page.get_by_role("group", name="Links onder het antwoord, 1").get_by_label("Adres").fill("https://ptvt.nl")
    rik.press("Opslaan")
    expect(page.get_by_role("status")).to_contain_text("Toegevoegd")
    item = check(folder)[0].item("wie-leert-mij-glasblazen")
    assert [link.url for link in item.links] == ["https://ptvt.nl"]

    page.once("dialog", lambda dialog: dialog.accept())
    rik.press("Haal dit weg")
    expect(page.get_by_role("status")).to_contain_text("Weggehaald")
    page = rik.go("/kennis/bron/pact-2013")
    page.once("dialog", lambda dialog: dialog.accept())
    rik.press("Haal dit weg")
    expect(page.get_by_role("alert")).to_contain_text("Anderen verwijzen hiernaar")
    assert axe_violations(page) == []


def test_a_manager_lets_somebody_in_who_may_only_read(person: Callable, browser: Browser, address: str):
    emma = person("emma")
    page = emma.go("/accounts")
    page.get_by_role("textbox", name="Naam").fill("piet")
    page.get_by_label("Rol", exact=True).select_option("lezen")
    emma.press("Toevoegen")
    once = page.get_by_role("status").locator("code").inner_text()
    piet = Person(browser.new_context().new_page(), address)
    page = piet.go("/kennis")
    page.get_by_label("Naam").fill("piet")
    page.get_by_label("Wachtwoord").fill(once)
    piet.press("Aanmelden")
    page.get_by_label("Oude wachtwoord").fill(once)
    page.get_by_label("Nieuwe wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_label("Nieuwe wachtwoord, nog een keer").fill(PASSWORD)
    piet.press("Veranderen")
    expect(page.get_by_role("status")).to_contain_text("Je wachtwoord is veranderd")
    piet.page.context.close()


def test_a_reader_may_look_only(person: Callable):
    lena = person("lena")
    page = lena.go("/kennis/item/stage-zoeken")
    expect(page.get_by_label("Antwoord", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Opslaan")).to_have_count(0)
    expect(page.get_by_role("link", name="Accounts")).to_have_count(0)
    expect(lena.go("/accounts").get_by_role("alert")).to_contain_text("de rol beheerder nodig")
    expect(lena.go("/kennis/nieuw/item").get_by_role("alert")).to_contain_text("de rol redacteur nodig")


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1200, "dark")])
def test_every_page_is_accessible_and_fits(person: Callable, width: int, scheme: str):
    emma = person("emma", viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in PAGES:
        page = emma.go(path)
        assert axe_violations(page) == [], path
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert fits, path


def test_it_works_without_javascript(person: Callable, folder: Path):
    rik = person("rik", java_script_enabled=False)
    page = rik.go("/kennis/item/stage-hbo-wo")
    expect(page.get_by_role("region", name="Voorbeeld en hulp")).to_contain_text("Bron")
    page.get_by_label("Antwoord", exact=True).fill("Zonder script.")
    rik.press("Opslaan")
    expect(page.get_by_role("status")).to_contain_text("Opgeslagen")
    assert answer_of(folder, "stage-hbo-wo") == "Zonder script."
