"""A real browser, for what has to be seen on a page: tests, figures and pictures of the widget."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]


def chromium() -> str | None:
    """Return where Chromium is, after installing Debian's if this user may; None when there is none."""
    found = shutil.which("chromium")
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, capture_output=True)
        found = shutil.which("chromium")
    return found


@contextmanager
def open_browser(path: str) -> Iterator[Browser]:
    """Yield the Chromium at a path, without a window; it is closed afterwards."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


def axe_violations(page: Page) -> list[dict[str, Any]]:
    """Return what axe has against a page: WCAG 2.2 A and AA, EN 301 549, and good practice."""
    return Axe().run(page, options={"runOnly": AXE_TAGS}).response["violations"]
