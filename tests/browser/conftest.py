"""A real browser, and a visitor in it who meets the widget on a page of the running assistant."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from benchmarks.browser import axe_violations
from tests.conftest import Assistant

REPLY_MS = 30_000
PAGE = "<!doctype html><html lang=nl><title>Een eigen pagina</title><body><main>{}</main>"
REPORT_CSP = (
    "addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))"
)


@dataclass
class Visitor:
    """Somebody with a tab of their own; `problems` are errors of the page and breaches of its security policy."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    may_lose_requests: bool = False
    """Whether this test cuts the connection, which a browser reports on its console."""

    def __post_init__(self) -> None:
        self.page.add_init_script(REPORT_CSP)
        self.page.on("console", lambda message: message.type == "error" and self._note(message.text))
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, problem: str) -> None:
        if not (self.may_lose_requests and problem.startswith("Failed to load resource")):
            self.problems.append(problem)

    def go(self, path: str = "/") -> "Visitor":
        self.page.goto(self.address + path)
        return self

    def show(self, path: str, html: str, policy: str = "") -> "Visitor":
        """Open a page of the test's own, as if it stood on this address."""
        headers = {"Content-Type": "text/html", **({"Content-Security-Policy": policy} if policy else {})}
        self.page.route(self.address + path, lambda route: route.fulfill(body=PAGE.format(html), headers=headers))
        return self.go(path)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("techniekpact-chat .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def input(self) -> Locator:
        return self.page.locator("techniekpact-chat #input")

    @property
    def replies(self) -> Locator:
        return self.page.locator("techniekpact-chat .reply")

    def open(self) -> "Visitor":
        self.launcher.click()
        expect(self.input).to_be_focused()
        return self

    def say(self, text: str) -> None:
        """Send a message without waiting for its reply."""
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str) -> Locator:
        """Send a message and return its reply."""
        number = self.replies.count()
        self.say(text)
        reply = self.replies.nth(number)
        reply.wait_for(timeout=REPLY_MS)
        return reply

    def choose(self, item: str) -> None:
        """Choose something of the menu."""
        self.page.get_by_role("button", name="Menu").click()
        self.page.get_by_role("button", name=item).or_(self.page.get_by_role("link", name=item)).click()

    def violations(self) -> list[str]:
        """Return what axe has against the page with the widget in it."""
        found = axe_violations(self.page)
        return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


@pytest.fixture
def new_visitor(browser: Browser, assistant: Assistant) -> Iterator[Callable[..., Visitor]]:
    """Return a function that lets somebody in; it takes Playwright's options of a context."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def enter(**options) -> Visitor:
        contexts.append(browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options}))
        visitors.append(Visitor(contexts[-1].new_page(), assistant.address))
        return visitors[-1]

    yield enter
    for context in contexts:
        context.close()
    assert [problem for visitor in visitors for problem in visitor.problems] == []


@pytest.fixture
def visitor(new_visitor: Callable[..., Visitor]) -> Visitor:
    """Return somebody on the page of the assistant."""
    return new_visitor().go()
