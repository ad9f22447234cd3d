"""What the widget never does: run what was said, break the security policy, keep or fetch more than it says."""

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from benchmarks.widget import size
from bot.website.pages import WIDGET
from tests.browser.conftest import Visitor
from tests.conftest import Assistant

MOST_BYTES = 20_000
STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
EVIL = [
    "<img src=x onerror=\"document.title='kapot'\">",
    "<script>document.title='kapot'</script>",
    "<a href=\"javascript:document.title='kapot'\">klik</a>",
    "javascript:document.title='kapot'",
    "data:text/html,<script>document.title='kapot'</script>",
    "</style></div><svg onload=document.title='kapot'>",
    "[klik](javascript:document.title='kapot')",
]


def poison(route: Route) -> None:
    """Pass a message on to the assistant, and put something evil in every field of its reply."""
    response = route.fetch()
    said = "\n".join(EVIL)
    evil_links = [
        {"title": title, "url": url, "date": title} for title in EVIL for url in (*EVIL, "javascript:0//https://x.nl")
    ]
    changes = {
        "messages": [{"text": said, "buttons": [{"title": each, "payload": each} for each in EVIL]}],
        "kind": "answer",
        "source_line": said,
        "sources": evil_links,
        "links": evil_links,
        "offer_contact": True,
    }
    route.fulfill(response=response, body=json.dumps({**response.json(), **changes}))


def poison_contact(route: Route) -> None:
    response = route.fetch()
    changes = {"questions": EVIL, "contact": {"title": EVIL[0], "url": EVIL[3]}}
    route.fulfill(response=response, body=json.dumps({**response.json(), **changes}))


def test_what_a_visitor_writes_never_runs(visitor: Visitor):
    title = visitor.page.title()
    visitor.open()
    visitor.ask(" ".join(EVIL))
    expect(visitor.log.locator(".visitor")).to_contain_text("<script>")
    assert visitor.page.title() == title
    assert visitor.log.locator(".visitor :is(img, script, svg, a)").count() == 0


def test_what_a_reply_brings_never_runs(visitor: Visitor):
    title = visitor.page.title()
    visitor.page.route("**/website/session", poison_contact)
    visitor.page.route("**/website/messages", poison)
    reply = visitor.open().ask("waar vind ik een stage")
    reply.locator("summary").click()
    expect(reply).to_contain_text("<script>")
    for choice in reply.locator(".choice").all():
        assert choice.text_content() in EVIL
    addresses = visitor.page.locator("techniekpact-chat a").evaluate_all("links => links.map((link) => link.protocol)")
    assert set(addresses) <= {"https:", "http:", "mailto:", "tel:"}
    assert visitor.panel.locator("img, script, [onerror], [onload]").count() == 0
    assert visitor.page.title() == title


@pytest.mark.parametrize("policy", [STRICT, f"{STRICT}; require-trusted-types-for 'script'; trusted-types 'none'"])
def test_a_strict_policy_is_enough(new_visitor: Callable[..., Visitor], policy: str):
    visitor = new_visitor().show("/streng", '<script src="/widget.js" defer></script>', policy)
    visitor.page.add_init_script("print = () => undefined")
    visitor.open().ask("waar vind ik een stage")
    visitor.choose("Bewaar het gesprek")
    visitor.choose("Print het gesprek")
    expect(visitor.launcher).to_have_css("position", "relative")  # its style sheet is in use


def test_a_page_of_another_site(new_visitor: Callable[..., Visitor], assistant: Assistant):
    site = assistant.environment["ALLOWED_ORIGINS"]
    host = assistant.address
    policy = f"default-src 'none'; script-src {host}; style-src 'self'; connect-src {host}"
    # A browser asks before a site may reach the visitor's own machine, where the assistant of this test runs.
    visitor = new_visitor(permissions=["local-network-access"])
    visitor.address = site
    visitor.show("/techniek", f'<script src="{host}/widget.js" defer></script>', policy)
    visitor.open().ask("waar vind ik een stage")
    visitor.page.reload()
    expect(visitor.replies).to_have_count(1)


def test_no_cookies_and_nothing_from_elsewhere(visitor: Visitor, assistant: Assistant):
    assert not any("/webhooks/" in url for url in visitor.requests), "nothing is asked before a visitor opens the panel"
    visitor.open().ask("waar vind ik een stage")
    visitor.page.reload()
    expect(visitor.replies).to_have_count(1)
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.context.cookies() == []
    assert visitor.page.evaluate("document.cookie + localStorage.length") == "0"
    assert {urlsplit(url).netloc for url in visitor.requests} == {urlsplit(assistant.address).netloc}


def test_one_request_brings_the_whole_widget(new_visitor: Callable[..., Visitor]):
    visitor = new_visitor().show("/eigen", '<script src="/widget.js" defer></script>')
    visitor.launcher.wait_for()
    paths = [urlsplit(url).path for url in visitor.requests]
    assert [path for path in paths if path not in ("/eigen", "/favicon.ico")] == ["/widget.js"]


def test_the_widget_is_small():
    assert size(WIDGET) <= MOST_BYTES


def test_the_widget_asks_nobody_else():
    addresses = {word for word in WIDGET.read_text("utf-8").split('"') if "://" in word}
    assert addresses == {"http://www.w3.org/2000/svg"}, "the name of SVG is all"
