"""Makes the picture of the README: `.venv/bin/python docs/beelden/maak.py ADDRESS` while the assistant runs."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

QUESTIONS = ["hoi, mijn zoon zoekt n stage bij een installatiebedrijf in Enschede", "en in Limburg?"]


def main(address: str) -> None:
    """Talk to the page and take a picture of it."""
    with sync_playwright() as playwright:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(viewport={"width": 760, "height": 900}, device_scale_factor=1.5)
        page.goto(address)
        for number, question in enumerate(QUESTIONS, start=1):
            page.locator("#vraag").fill(question)
            page.keyboard.press("Enter")
            page.locator(".bericht.assistent").nth(number).wait_for()
        page.locator(".bericht.bezoeker").first.scroll_into_view_if_needed()
        page.evaluate("document.querySelector('.bericht.bezoeker').scrollIntoView({block: 'start'})")
        page.screenshot(path=Path(__file__).with_name("gesprek.png"))
        browser.close()


main(sys.argv[1])
