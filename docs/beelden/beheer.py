"""Makes the pictures of docs/beheer.md: `.venv/bin/python docs/beelden/beheer.py`, on scratch accounts."""

import os
import shutil
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Page
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.browser import chromium, open_browser
from bot.beheer.app import create_app
from bot.beheer.publishing import Order, publish
from bot.processes import free_ports
from bot.records.database import open_records
from bot.records.tables import Exchange, now
from bot.settings import Settings

NAME, PASSWORD = "emma", "vier blauwe fietsen buiten"
OLD, NEW = "Kijk op stagemarkt.nl.", "Kijk op stagemarkt.nl, of vraag het aan je school."
MISSED = (
    "krijg ik een laptop van de school",
    "tot welke leeftijd kan ik bbl doen",
    "hoe oud mag je zijn voor bbl",
    "zijn er beurzen voor studenten uit het buitenland",
    "mag ik stage lopen in de vakantie",
)
ITEMS = ("stage-zoeken", "leerbaan-zoeken", "landsdeel-noord", "landsdeel-oost", "zij-instroom-algemeen")
STRAY = "\nik zoek een stageplek in de techniek voor mijn mbo opleiding"


def main() -> None:
    """Start the staff application, look around in it and take pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        state = Path(scratch)
        os.environ["KNOWLEDGE_DATABASE_URL"] = f"sqlite:///{state / 'kennis.db'}"
        folder = Path(shutil.copytree("knowledge", state / "knowledge"))
        records = open_records(f"sqlite:///{state / 'administratie.db'}")
        app = create_app(Settings(knowledge_folder=folder, state_folder=state), records)
        publish(Order("noor", "Eerste versie.", "geen"), app.state.services.overview.places)
        keep_conversations(records)
        stages = folder / "faq/stages.yml"
        stages.write_text(stages.read_text("utf-8").replace(OLD, NEW, 1), "utf-8")
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


def keep_conversations(records: sessionmaker[Session]) -> None:
    """Fill the log with a month of conversations."""
    with records.begin() as session:
        for number in range(600):
            missed = number % 6 == 0
            session.add(Exchange(
                channel="website", conversation=f"g{number // 2}", message_id=str(number), reply=[{"text": "…"}],
                question=MISSED[number // 6 % len(MISSED)] if missed else "waar vind ik een stage",
                kind="fallback" if missed else ("clarify" if number % 6 == 1 else "answer"), confidence=0.9,
                items=[] if missed else [ITEMS[number % len(ITEMS)]], useful={0: True, 1: False}.get(number % 9),
                asked_at=now() - timedelta(days=1 + number * 7 % 27, hours=number % 11), seconds=number % 40 / 100,
            ))  # fmt: skip


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
    page.goto(f"{address}/publiceren")
    page.locator("main details summary", has_text="vraag veranderd").first.click()
    page.screenshot(path=folder / "beheer-publiceren.png")
    page.goto(f"{address}/postvak")
    page.screenshot(path=folder / "beheer-postvak.png")
    page.goto(f"{address}/cijfers")
    page.screenshot(path=folder / "beheer-cijfers.png")


main()
