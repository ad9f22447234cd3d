"""What staff write is text for the visitor, whatever it looks like."""

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import Assistant, Conversation

HTML = "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} {plaats} [klik](javascript:alert(3))"
QUESTION = "Waar vind ik een stage in de techniek?"


@pytest.fixture
def hostile_answer(assistant: Assistant, visitor: Conversation) -> Iterator[None]:
    """Have an answer of the running assistant hold HTML and templates, for the time of a test."""
    path = assistant.knowledge / "faq/stages.yml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("  antwoord: |\n", f"  antwoord: |\n    {HTML}\n\n", 1), "utf-8")
    try:
        assistant.publish()
        until = time.monotonic() + 20
        while HTML not in visitor.say(QUESTION):
            assert time.monotonic() < until, visitor.messages
            time.sleep(0.2)
        yield
    finally:
        path.write_text(before, "utf-8")
        assistant.publish()


@pytest.mark.usefixtures("hostile_answer")
def test_html_and_templates_in_the_knowledge_stay_text(client: httpx.Client, visitor: Conversation):
    """They reach the widget as they were written, in JSON that no browser takes for a page; its tests do the rest."""
    visitor.say(QUESTION)
    token = client.post("/webhooks/website/session", json={}).json()["token"]
    said = {"id": "7d444840-9dc0-11d1-b245-5ffdce74fad2", "text": QUESTION}
    reply = client.post("/webhooks/website/messages", json=said, headers={"Authorization": f"Bearer {token}"})
    assert HTML in reply.json()["messages"][0]["text"]
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    assert HTML in json.dumps(visitor.messages, ensure_ascii=False)


def test_what_a_visitor_sends_is_not_sent_back_as_a_page(client: httpx.Client):
    for path in ("/<script>alert(1)</script>", "/static/<script>", "/api/health?<script>"):
        response = client.get(path)
        assert "<script>" not in response.text
        assert response.headers["content-type"].startswith("application/json")
