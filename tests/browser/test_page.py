"""The page at `/` in a real browser: by keyboard, without errors, accessible."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import Assistant, skip_unless_ci

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def chromium() -> str:
    found = shutil.which("chromium")
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, capture_output=True)
        found = shutil.which("chromium")
    if not found:
        skip_unless_ci("Chromium is not installed, and this user may not install it")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, assistant: Assistant) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1000, "height": 800})
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(assistant.address)
    yield opened
    opened.close()
    assert problems == []


def violations(page: Page) -> list[str]:
    results = Axe().run(page)
    return [f"{v['id']}: {v['help']}" for v in results.response["violations"]]


def test_a_question_by_keyboard_alone(page: Page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    page.keyboard.type("waar vind ik een stageplek")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("stagemarkt.nl")
    expect(page.get_by_role("log")).to_contain_text("Bron:")
    expect(page.locator("#vraag")).to_be_focused()
    assert violations(page) == []


def test_a_choice_by_mouse(page: Page):
    page.get_by_role("button", name="Hoe word ik leraar?").click()
    expect(page.get_by_role("log")).to_contain_text("Onderwijsloket")


def test_html_stays_text(page: Page):
    page.locator("#vraag").fill("<img src=x onerror=document.title='kapot'> waar vind ik een stage")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("stagemarkt")
    assert page.title() == "Techniekpact-assistent"
    assert page.locator("#gesprek img").count() == 0


def test_links_lead_where_they_say(page: Page):
    page.locator("#vraag").fill("waar vind ik een stage")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="https://www.stagemarkt.nl", exact=True)
    expect(link).to_have_attribute("href", "https://www.stagemarkt.nl")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1000])
def test_accessible_and_no_sideways_scrolling(page: Page, scheme: str, width: int, tmp_path: Path):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 700})
    page.locator("#vraag").fill("wie zit er in de regiegroep")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Techniek Nederland")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_lost_connection_keeps_the_question(browser: Browser, assistant: Assistant):
    page = browser.new_page()
    page.goto(assistant.address)
    page.route("**/webhooks/**", lambda route: route.abort())
    page.locator("#vraag").fill("waar vind ik een stage")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Dat lukte niet")
    expect(page.locator("#vraag")).to_have_value("waar vind ik een stage")
    page.close()
