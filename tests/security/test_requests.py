"""Requests that try to get round the gateway: paths, headers, sizes, speed."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.roles import server_options
from bot.settings import Settings
from bot.website import guard
from bot.website.guard import SECURITY_HEADERS, Guard
from tests.security.conftest import REQUESTS_PER_ADDRESS

SEND = Callable[[bytes], bytes]
BODY = {"sender": "a", "message": "hallo"}


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: assistent.example", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%5capp.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/page.css%00.html",
        "/static/" + "a" * 5000,
        "/%c0%ae%c0%ae/etc/passwd",
        "//kwaad.example/",
        "/;/api/health",
        "/api/health/../../metrics",
        "http://kwaad.example/etc/passwd",
        "/webhooks/gateway/webhook",
        "/webhooks/gateway/parts",
        "/conversations/a/tracker",
    ],
)
def test_no_path_leads_out(send_raw: SEND, path: str):
    answer = send_raw(get(path))
    assert status(answer) in (400, 404), answer[:300]
    assert b"root:" not in answer
    assert b"def create_app" not in answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize("path", ["/static", "/api/health/", "/webhooks/rest/webhook/"])
def test_nothing_redirects_to_where_the_host_header_says(send_raw: SEND, path: str):
    answer = send_raw(get(path))
    assert status(answer) == 404
    assert b"assistent.example" not in answer
    assert b"location:" not in answer.lower()


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_is_not_overridden(lone_client: httpx.Client, name: str):
    overridden = lone_client.get("/api/ready", headers={name: "DELETE"})
    assert overridden.status_code == 200
    assert lone_client.get("/api/ready?_method=DELETE").status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "PROPFIND", "BREW"])
def test_other_methods_are_refused(send_raw: SEND, method: str):
    assert status(send_raw(get("/webhooks/rest/webhook", method=method))) in (400, 404, 405)


def test_another_address_in_a_header_is_no_way_round_the_limit(lone_client: httpx.Client):
    names = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP")
    statuses = [
        lone_client.get("/webhooks/website/messages", headers=dict.fromkeys(names, f"10.0.{number}.1")).status_code
        for number in range(REQUESTS_PER_ADDRESS + 1)
    ]
    assert set(statuses) == {401, 429}
    assert statuses[-1] == 429


def test_a_proxy_that_is_trusted_is_believed():
    assert "--no-proxy-headers" in server_options(Settings())
    options = server_options(Settings(trusted_proxies="10.0.0.1"))
    assert options[options.index("--forwarded-allow-ips") + 1] == "10.0.0.1"


@pytest.mark.parametrize(
    "headers",
    [
        ["X-A: " + "a" * 100_000],
        [f"X-{number}: a" for number in range(20_000)],
        ["Content-Length: 5", "Content-Length: 50"],
        ["Content-Length: -1"],
        ["Content-Length: 1e3"],
        ["Content-Length: \xb2"],
        ["Transfer-Encoding: chunked, gzip"],
        ["Geen kopregel"],
        [" vervolg: regel"],
    ],
)
def test_headers_that_are_too_many_or_not_right_are_refused(send_raw: SEND, headers: list[str]):
    try:
        answer = send_raw(get("/webhooks/rest/webhook", *headers, method="POST"))
    except (ConnectionResetError, BrokenPipeError):  # it hung up before all of it was sent
        return
    assert 400 <= status(answer) < 500, answer[:200]


def test_two_lengths_are_not_two_requests(send_raw: SEND):
    """A request that is hidden in another one, for a proxy that reads it otherwise."""
    hidden = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
    request = get("/webhooks/rest/webhook", "Content-Length: 5", "Transfer-Encoding: chunked", method="POST")
    answer = send_raw(request + b"0\r\n\r\n" + hidden)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"techniekpact_" not in answer


@pytest.mark.parametrize("length", [200_001, 10**9, 10**30])
def test_a_large_body_is_refused_before_it_comes(send_raw: SEND, length: int):
    answer = send_raw(get("/webhooks/rest/webhook", f"Content-Length: {length}", method="POST"))
    assert status(answer) in (400, 413)


def test_a_packed_body_is_not_unpacked(lone_client: httpx.Client):
    bomb = gzip.compress(b"a" * 50_000_000)
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json", "Authorization": "Bearer voor-servers"}
    assert len(bomb) < 200_000
    assert lone_client.post("/webhooks/rest/webhook", content=bomb, headers=headers).status_code == 422


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 30_000, b'{"sender": 1e999999}', b"9" * 150_000])
def test_deep_and_endless_json_is_refused(lone_client: httpx.Client, body: bytes):
    headers = {"Content-Type": "application/json", "Authorization": "Bearer voor-servers"}
    response = lone_client.post("/webhooks/rest/webhook", content=body, headers=headers)
    assert response.status_code == 422
    assert response.json()["hoe"]


def test_a_slow_body_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.2)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [], "method": "POST", "path": "/"}
    asyncio.run(Guard(None)(scope, receive, send))
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


def test_connections_are_bounded_in_number_and_time():
    options = server_options(Settings())
    for name in ("--h11-max-incomplete-event-size", "--timeout-keep-alive", "--limit-concurrency"):
        assert int(options[options.index(name) + 1]) > 0


def test_an_error_that_nobody_foresaw_tells_nothing():
    async def broken(*_: object) -> None:
        raise RuntimeError("een geheim")

    transport = httpx.ASGITransport(Guard(broken))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            return await client.get("/")

    response = asyncio.run(ask())
    assert response.status_code == 500
    assert response.json().keys() == {"fout", "hoe"}
    assert "geheim" not in response.text
    assert SECURITY_HEADERS["Content-Security-Policy"] == response.headers["content-security-policy"]


EVERYTHING = [
    ("GET", "/", 200),
    ("GET", "/static/page.css", 200),
    ("GET", "/static/geen.js", 404),
    ("GET", "/api/ready", 200),
    ("GET", "/api/health", 503),
    ("GET", "/metrics", 401),
    ("GET", "/geen", 404),
    ("DELETE", "/", 405),
    ("POST", "/webhooks/rest/webhook", 401),
    ("POST", "/webhooks/website/session", None),
]


@pytest.mark.parametrize(("method", "path", "expected"), EVERYTHING)
def test_every_response_has_the_strict_headers_and_no_cookie(
    lone_client: httpx.Client, method: str, path: str, expected: int | None
):
    response = lone_client.request(method, path)
    assert expected in (None, response.status_code)
    for name, value in SECURITY_HEADERS.items():
        # The page itself has a form, to itself.
        assert response.headers[name].replace("form-action 'self'", "form-action 'none'") == value
    assert "set-cookie" not in response.headers
    assert "server" not in response.headers


def test_tokens_of_servers_are_asked_for(lone_client: httpx.Client):
    for token in ("", "Bearer", "Bearer fout", "Bearer meten-is-wete", "meten-is-weten", "Basic meten-is-weten"):
        assert lone_client.get("/metrics", headers={"Authorization": token}).status_code == 401
        assert (
            lone_client.post("/webhooks/rest/webhook", json=BODY, headers={"Authorization": token}).status_code == 401
        )
    metrics = lone_client.get("/metrics", headers={"Authorization": "Bearer meten-is-weten"})
    assert "techniekpact_up" in metrics.text
    headers = {"Authorization": "Bearer voor-servers"}
    assert lone_client.post("/webhooks/rest/webhook", json=BODY, headers=headers).status_code == 503  # there is no Rasa
