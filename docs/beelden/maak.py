"""Makes the picture of the README: `.venv/bin/python docs/beelden/maak.py ADDRESS` while the assistant runs."""

import sys
from pathlib import Path

from benchmarks.browser import chromium, open_browser

QUESTIONS = ["hoeveel technici kwam noordwest tekort?", "en noord dan?"]


def main(address: str) -> None:
    """Talk to the assistant on its page and take a picture of it."""
    with open_browser(chromium()) as browser:
        page = browser.new_page(
            viewport={"width": 1200, "height": 720}, device_scale_factor=1.5, reduced_motion="reduce"
        )
        page.goto(address)
        page.locator(".launcher").click()
        page.locator(".choice").first.wait_for()
        for number, question in enumerate(QUESTIONS):
            page.locator("#input").fill(question)
            page.keyboard.press("Enter")
            page.locator(".reply").nth(number).wait_for(timeout=30_000)
        page.screenshot(path=Path(__file__).with_name("gesprek.png"))


main(sys.argv[1])
