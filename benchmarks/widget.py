"""Prints what the widget costs a page and its visitors: `python -m benchmarks.widget [ADDRESS]`."""

import gzip
import statistics
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from benchmarks.browser import axe_violations, chromium, open_browser
from benchmarks.server import running_assistant
from bot.website.pages import WIDGET

ROUNDS = 9
REPLY_MS = 30_000
NAME = "techniekpact-chat"

READY = f"""() => new Promise((resolve) => {{
  const root = document.querySelector('{NAME}').shadowRoot;
  const started = performance.now();
  root.querySelector('.launcher').click();
  requestAnimationFrame(() => setTimeout(() =>
    resolve(root.activeElement?.id === 'input' ? performance.now() - started : Infinity)));
}})"""


def milliseconds_to_ready(page: Page) -> float:
    """Return the milliseconds from a click on the launcher until the input has the focus and is painted.

    They are infinite when it does not get it.
    """
    return page.evaluate(READY)


def size(widget: Path) -> int:
    """Return the bytes of the script as a browser fetches it, compressed."""
    return len(gzip.compress(widget.read_bytes()))


def measure(browser: Browser, address: str) -> dict[str, Any]:
    """Return the figures by name, from real visits."""
    ready = []
    for _ in range(ROUNDS):
        page = browser.new_page()
        page.goto(address)
        ready.append(milliseconds_to_ready(page))
        page.close()
    return {
        "Size, gzip (bytes)": size(WIDGET),
        "Click to ready for input, median (ms)": round(statistics.median(ready)),
        "Click to ready for input, slowest (ms)": round(max(ready)),
        **_one_visit(browser, address),
    }


def _one_visit(browser: Browser, address: str) -> dict[str, Any]:
    """Return what one conversation fetches, leaves behind and breaks."""
    page = browser.new_page(reduced_motion="reduce")
    urls: list[str] = []
    breaches: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.on("console", lambda message: breaches.append(message.text) if "Content Security" in message.text else None)
    page.goto(address)
    violations = axe_violations(page)
    page.locator(".launcher").click()
    page.locator(".choice").first.wait_for()
    violations += axe_violations(page)
    page.locator("#input").fill("in welk landsdeel ligt Bergen")
    page.keyboard.press("Enter")
    page.locator(".reply").wait_for(timeout=REPLY_MS)
    violations += axe_violations(page)
    elsewhere = [url for url in urls if urlsplit(url).netloc != urlsplit(address).netloc]
    return {
        "Requests to load it": sum(urlsplit(url).path == "/widget.js" for url in urls),
        "Requests to anybody else": len(elsewhere),
        "Cookies": len(page.context.cookies()),
        "Breaches of the Content-Security-Policy": len(breaches),
        "axe: closed, open, after a reply with choices": len(violations),
    }


def main() -> None:
    """Measure the assistant at the address given, or one started for it, and print a table."""
    found = chromium()
    if not found:
        sys.exit("Chromium ontbreekt: apt-get install chromium")
    with running_assistant(*sys.argv[1:2]) as address, open_browser(found) as browser:
        print("\n| the widget | |\n|---|---:|")
        for name, value in measure(browser, address).items():
            print(f"| {name} | {value:,} |")


if __name__ == "__main__":
    main()
