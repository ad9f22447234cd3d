"""The staff application on scratch tables and a scratch copy of the knowledge, and people who use it."""

import html
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from bot.beheer.app import create_app
from bot.beheer.security import CSRF_FIELD, SESSION_COOKIE, csrf_of
from bot.processes import free_ports
from bot.records.database import open_records
from bot.settings import Settings
from tests.conftest import ROOT

PASSWORD = "vier blauwe fietsen buiten"


@dataclass(frozen=True)
class Staff:
    """Somebody at a browser without JavaScript; forms are sent with their token."""

    client: TestClient

    def get(self, path: str, status: int = 200) -> str:
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code, response.text[:2000])
        return response.text

    def post(self, path: str, data: dict | None = None, status: int = 200, **options) -> str:
        response = self.send(path, data, **options)
        assert response.status_code == status, (path, response.status_code, response.text[:2000])
        return response.text

    def send(self, path: str, data: dict | None = None, **options) -> httpx.Response:
        token = csrf_of(self.client.cookies[SESSION_COOKIE])
        return self.client.post(path, data={CSRF_FIELD: token, **(data or {})}, **options)


def sent_by(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of the first form with `getoond` or a file, as the page stands."""
    form = next(part for part in re.findall(r"<form.*?</form>", page, re.DOTALL) if "novalidate" in part)
    sent: dict[str, list[str]] = {}
    pattern = r"<input([^>]*)>|<textarea([^>]*)>\n?(.*?)</textarea>|<select([^>]*)>(.*?)</select>"
    for control in re.finditer(pattern, form, re.DOTALL):
        attributes = next(filter(None, control.group(1, 2, 4)))
        name = re.search(r'name="([^"]*)"', attributes)
        if not name or ('type="checkbox"' in attributes and " checked" not in attributes):
            continue
        if control.group(4):
            chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', control.group(5))
            first = re.search(r'<option(?: value="([^"]*)")?>([^<]*)', control.group(5))
            found = chosen or first
            value = "" if not found else found.group(1) if found.group(1) is not None else found.group(2)
        else:
            value = (
                control.group(3) if control.group(2) else (re.search(r'value="([^"]*)"', attributes) or [None, ""])[1]
            )
        sent.setdefault(html.unescape(name.group(1)), []).append(html.unescape(value or ""))
    return sent


def change(staff: Staff, path: str, status: int = 200, **values) -> str:
    sent = {**sent_by(staff.get(path)), **values}
    return staff.post(path, sent, status)


@pytest.fixture
def settings(tmp_path: Path, scratch: Path) -> Settings:
    return Settings(knowledge_folder=scratch, state_folder=tmp_path / "var")


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Return a copy of the knowledge with a few dozen items, where all of it would only take time."""
    return only_a_few(Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")))


def only_a_few(folder: Path) -> Path:
    """Take most of the items out of a copy of the knowledge."""
    for part in ("pact", "regelingen", "concepten"):
        shutil.rmtree(folder / part, ignore_errors=True)
    for path in (folder / "faq").glob("*.yml"):
        if path.name in ("stages.yml", "nieuws.yml"):
            _without_line(path, "zie_ook")
        else:
            path.unlink()
    _without_line(folder / "themas.yml", "startvragen")
    return folder


def _without_line(path: Path, key: str) -> None:
    path.write_text(re.sub(rf"^ *{key}:.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings, open_records(f"sqlite:///{settings.state_folder / 'administratie.db'}"))


@pytest.fixture
def few_app(tmp_path: Path, few: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The application on a few items; whatever it starts keeps to the folder of the test too."""
    monkeypatch.chdir(ROOT)
    records = f"sqlite:///{tmp_path / 'administratie.db'}"
    monkeypatch.setenv("KNOWLEDGE_DATABASE_URL", f"sqlite:///{tmp_path / 'kennis.db'}")
    monkeypatch.setenv("RECORDS_DATABASE_URL", records)
    monkeypatch.setenv("MODEL_FOLDER", str(tmp_path / "models"))
    return create_app(Settings(knowledge_folder=few, state_folder=tmp_path / "var"), open_records(records))


@pytest.fixture
def anonymous(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.fixture
def sign_in(app: FastAPI) -> Callable[[str], Staff]:
    """Return what gives a signed-in member of staff with a role; the name says which."""

    def signed_in(role: str, name: str | None = None) -> Staff:
        accounts, name = app.state.services.accounts, name or f"jan-{role}"
        accounts.create(name, role, by="test", password=PASSWORD)
        client = TestClient(app)
        client.cookies.set(SESSION_COOKIE, accounts.sign_in(name, PASSWORD, "127.0.0.1"))
        return Staff(client)

    return signed_in


@pytest.fixture
def reader(sign_in: Callable[[str], Staff]) -> Staff:
    return sign_in("lezen")


@pytest.fixture
def editor(sign_in: Callable[[str], Staff]) -> Staff:
    return sign_in("redacteur")


@pytest.fixture
def manager(sign_in: Callable[[str], Staff]) -> Staff:
    return sign_in("beheerder")


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    (port,) = free_ports(1)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@dataclass
class Person:
    """Somebody at a browser; `problems` are errors of the page."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def person(browser: Browser, address: str) -> Iterator[Callable[..., Person]]:
    """Return what gives a person who has signed in, each in a browser profile of their own."""
    met: list[Person] = []

    def sign_in(name: str, **options) -> Person:
        found = Person(browser.new_context(**options).new_page(), address)
        found.page.on("pageerror", lambda error: found.problems.append(str(error)))
        found.page.on(
            "console", lambda m: m.type == "error" and "status of 4" not in m.text and found.problems.append(m.text)
        )
        page = found.go("/aanmelden")
        page.get_by_label("Naam").fill(name)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        met.append(found)
        return found

    yield sign_in
    for each in met:
        each.page.context.close()
        assert each.problems == []
