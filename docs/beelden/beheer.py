"""Makes the pictures of docs/beheer.md: `.venv/bin/python docs/beelden/beheer.py`, on scratch accounts."""

import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import Page

from benchmarks.browser import chromium, open_browser
from bot.beheer.app import create_app
from bot.processes import free_ports
from bot.records.database import open_records
from bot.settings import Settings

NAME, PASSWORD = "emma", "vier blauwe fietsen buiten"
STRAY = "\nik zoek een stageplek in de techniek voor mijn mbo opleiding"


def main() -> None:
    """Start the staff application, look around in it and take pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        state = Path(scratch)
        app = create_app(Settings(state_folder=state), open_records(f"sqlite:///{state / 'administratie.db'}"))
        app.state.services.accounts.create(NAME, "redacteur", by="plaatjes", password=PASSWORD)
        app.state.services.examples.wait()
        (port,) = free_ports(1)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.05)
        with open_browser(chromium()) as browser:
            page = browser.new_page(viewport={"width": 1200, "height": 1000}, device_scale_factor=1.5)
            look_around(page, f"http://127.0.0.1:{port}")
        server.should_exit = True


def look_around(page: Page, address: str) -> None:
    """Take the pictures."""
    folder = Path(__file__).parent
    page.goto(f"{address}/aanmelden?naar=/kennis")
    page.fill("#naam", NAME)
    page.fill("#wachtwoord", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Zoek").fill("stage")
    page.keyboard.press("Enter")
    page.screenshot(path=folder / "beheer-lijst.png")
    page.goto(f"{address}/kennis/item/nieuwsbrief-aanmelden")
    examples = page.get_by_label("Voorbeeldvragen", exact=True)
    examples.fill(examples.input_value() + STRAY)
    page.locator(".stray", has_text="stageplek").wait_for(timeout=30_000)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.screenshot(path=folder / "beheer-formulier.png")


main()
