"""The public door, on the really running assistant: bad input gets a polite reply or a clear 4xx."""

import json
import sqlite3
from pathlib import Path

import httpx
import pytest

from tests.conftest import Assistant, Conversation

BAD_TEXTS = [
    "",
    "   ",
    "?!...",
    "😀🎉👍",
    "x" * 20_000,
    "woord " * 3_000,
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)> waar vind ik een stage",
    "'; DROP TABLE events; --",
    "{{7*7}} ${7*7} {% raw %}",
    "a\x00b\x1b[31mc",
    "/restart",
    '/keuze_optie{"plaats": "Ede"}',
    "/session_start",
    "\u202eomgekeerd",
    "%s %d {plaats} {0}",
    "مرحبا كيف حالك",
    "Zażółć gęślą jaźń",
    "a" * 999,
]


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_bad_texts_get_a_polite_reply(visitor: Conversation, text: str):
    reply = visitor.say(text)
    assert reply
    assert visitor.kind in {"answer", "clarify", "fallback", "smalltalk"}
    assert "Traceback" not in reply
    assert "<script" not in reply
    assert visitor.say("waar vind ik een stage in de techniek")
    assert "stage-zoeken" in visitor.items


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b'"tekst"', 422),
        (b"null", 422),
        (b"\xff\xfe", 422),
        (b'{"sender": "a"}', 422),
        (b'{"message": "hoi"}', 422),
        (b'{"sender": "", "message": "hoi"}', 422),
        (b'{"sender": 5, "message": "hoi"}', 422),
        (b'{"sender": "a", "message": 5}', 422),
        (b'{"sender": "a", "message": null}', 422),
        (b'{"sender": "a\\u0000b", "message": "hoi"}', 422),
        (json.dumps({"sender": "a" * 201, "message": "hoi"}).encode(), 422),
        (json.dumps({"sender": "a", "message": "x" * 300_000}).encode(), 413),
        (b'{"sender": "a", "message": "hoi", "extra": {"x": [1]}}', 200),
    ],
)
def test_bad_requests_get_a_clear_4xx_in_dutch(client: httpx.Client, body: bytes, status: int):
    response = client.post("/webhooks/rest/webhook", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    if status >= 400:
        assert response.json()["fout"]
        assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "path", ["/status", "/model", "/conversations/x/tracker", "/webhooks", "/version", "/../etc/passwd", "/docs"]
)
def test_nothing_else_is_public(client: httpx.Client, path: str):
    assert client.get(path).status_code == 404


def test_wrong_methods_are_refused(client: httpx.Client):
    assert client.get("/webhooks/rest/webhook").status_code == 405
    assert client.delete("/api/health").status_code == 405


def test_health_metrics_and_page(client: httpx.Client):
    health = client.get("/api/health")
    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    client.post("/webhooks/rest/webhook", json={"sender": "meting", "message": "hallo"})
    assert 'techniekpact_replies_total{kind="smalltalk"}' in client.get("/metrics").text
    page = client.get("/")
    assert 'lang="nl"' in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert client.get("/static/page.css").status_code == 200
    assert client.get("/?weergave=roze").status_code == 422
    widget = client.get("/widget.js")
    assert widget.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "techniekpact-chat" in widget.text


def test_conversations_are_kept_apart(new_visitor):
    one, other = new_visitor(), new_visitor()
    one.say("ik woon in Groningen, bij welk landsdeel hoor ik")
    other.say("bij welk landsdeel hoor ik")
    assert other.kind == "clarify"


def test_the_conversation_is_in_the_database(assistant: Assistant, visitor: Conversation):
    visitor.say("wat is het techniekpact")
    with sqlite3.connect(assistant.state / "gesprekken.db") as database:
        rows = database.execute("SELECT count(*) FROM events WHERE sender_id = ?", (visitor.sender,)).fetchone()
    assert rows[0] > 0


def test_nothing_listens_but_on_loopback(assistant: Assistant):
    import psutil

    addresses = {
        connection.laddr.ip
        for process in psutil.process_iter()
        if "gesprekken" in str(Path(assistant.state)) and _is_ours(process)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses <= {"127.0.0.1"}


def _is_ours(process) -> bool:
    import psutil

    try:
        return any(
            word in " ".join(process.cmdline()) for word in ("bot.dialogue.server", "-m actions", "bot.website.app")
        )
    except psutil.Error:
        return False
