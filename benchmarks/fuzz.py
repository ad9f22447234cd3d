"""Whatever is sent to the public port, it answers, and never with an error of its own: `make fuzz`.

The gateway is tried in this process, with a stand-in for Rasa that answers at once, so that a hundred thousand requests
take minutes; a sample of them goes to the really running assistant. `benchmarks/results/fuzz.md` keeps how it went.
"""

import argparse
import asyncio
import json
import logging
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from benchmarks.server import running_assistant
from bot.knowledge.check import check
from bot.knowledge.schema import Knowledge
from bot.knowledge.store import Store
from bot.settings import Settings
from bot.website.app import create_app

RESULT = Path("benchmarks/results/fuzz.md")
SEED = 20261125
NO_LIMIT = "1000000000/minute"
REST, WEBSITE = "/webhooks/rest/webhook", "/webhooks/website"
JSON = {"Content-Type": "application/json"}

_ROUTES = [("GET", "/"), ("POST", REST), ("POST", f"{WEBSITE}/session"), ("POST", f"{WEBSITE}/messages"),
           ("GET", f"{WEBSITE}/messages"), ("POST", f"{WEBSITE}/feedback"), ("DELETE", f"{WEBSITE}/conversation"),
           ("GET", "/api/health"), ("GET", "/api/ready"), ("GET", "/metrics"), ("GET", "/static/page.css")]  # fmt: skip
_NASTY = ["", " ", "\x00", "\u202e", "\ufeff", "\ud800", "😀" * 50, "a" * 1001, "a" * 20_001, "/restart", '/a{"b": 1}',
          "'; DROP TABLE bericht; --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://a}", "%s%n%x",
          "../../etc", "06-12345678", "NL91ABNA0417164300", "ik heet van de van de", "jan (at) school punt nl", 
          "1234 AB 12", "geboren op 1-1-2000", "9" * 400, "ा" * 300, "١١١٢٢٢٣٣٣", "ik woon op a b c d 1"]  # fmt: skip
_texts = st.text(max_size=60) | st.sampled_from(_NASTY) | st.lists(st.sampled_from(_NASTY), max_size=4).map(" ".join)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_ids = st.uuids().map(str) | _texts
_fields = {
    "sender": _texts, "message": _texts, "id": _ids, "text": _texts, "topic": _texts | st.none(), "metadata": _values,
    "lang": st.sampled_from(["nl", "en", "fy"]), "useful": st.booleans() | _values,
    "reason": st.sampled_from(["onjuist", "onduidelijk"]) | _values,
}  # fmt: skip
_objects = st.fixed_dictionaries({}, optional=_fields)
_right = st.fixed_dictionaries({"sender": st.text(min_size=1, max_size=20), "message": _texts}) | st.fixed_dictionaries(
    {"id": st.uuids().map(str), "text": _texts}
)
_bodies = st.one_of(
    _right.map(lambda body: json.dumps(body).encode()),
    _objects.map(lambda body: json.dumps(body).encode()),
    st.tuples(_fields_names := st.sampled_from(sorted(_fields)), _values).map(
        lambda pair: json.dumps(dict([pair])).encode()
    ),
    _values.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=200),
    st.sampled_from([b"", b"[" * 5000, b'{"a":' * 5000, b"\xef\xbb\xbf{}", b'{"sender":"a","sender":"b"}', b"NaN"]),
)
_methods = st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "BREW"])
_paths = st.tuples(st.sampled_from([*(path for _, path in _ROUTES), "/static/", "//"]), st.binary(max_size=12)).map(
    lambda parts: parts[0] + quote(parts[1])
)
# Three times out of four where a message is to go, so that what is in it gets read.
_routes = st.one_of(
    st.sampled_from([("POST", REST), ("POST", f"{WEBSITE}/messages"), ("POST", f"{WEBSITE}/feedback")]),
    st.sampled_from(_ROUTES),
    st.sampled_from(_ROUTES[1:6]),
    st.tuples(_methods, _paths),
)
_words = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40).map(str.strip)
_headers = st.dictionaries(
    st.sampled_from(["Origin", "Authorization", "Content-Type", "X-Request-ID", "Accept-Encoding", "Cookie", "Range",
                     "X-Forwarded-For", "If-None-Match", "Access-Control-Request-Method", "Content-Encoding"]),
    _words,
    max_size=3,
)  # fmt: skip


@dataclass(frozen=True)
class Input:
    """One request."""

    route: tuple[str, str]
    """Its method and path."""
    headers: dict[str, str]
    body: bytes
    signed: bool
    """Whether it goes with the token of a conversation that was begun."""


INPUTS = st.builds(Input, route=_routes, headers=_headers, body=_bodies, signed=st.booleans())

Ask = Callable[[str, str, dict[str, str], bytes], httpx.Response]


@dataclass
class Target:
    """What is tried, and how it took it."""

    ask: Ask
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[Input] = field(default_factory=list)
    _token: str = ""

    def try_one(self, tried: Input) -> None:
        """Send one request and note the answer."""
        headers = {**JSON, **tried.headers}
        if tried.signed:
            headers["Authorization"] = f"Bearer {self._token or self._begin()}"
        status = self.ask(*tried.route, headers, tried.body).status_code
        self.statuses[status] += 1
        if status == httpx.codes.UNAUTHORIZED:
            self._token = ""  # an erasure may have been among what was tried
        if status >= 500:
            self.broken.append(tried)

    def _begin(self) -> str:
        self._token = self.ask("POST", f"{WEBSITE}/session", JSON, b"{}").json()["token"]
        return self._token


def fuzz(target: Target, count: int) -> float:
    """Try so many requests, the same ones at every run, and return the seconds that it took."""

    @seed(SEED)
    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(INPUTS)
    def try_each(tried: Input) -> None:
        target.try_one(tried)

    started = time.monotonic()
    try_each()
    return time.monotonic() - started


_REPLY = [{"text": "Een antwoord."}, {"custom": {"kind": "answer", "items": [], "sources": [], "links": []}}]


class _Rasa(BaseHTTPRequestHandler):
    """Answers every message as Rasa would, without thinking."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a message."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(_REPLY)

    def do_GET(self) -> None:
        """Say that all is up."""
        self._send({"model": "a", "acties": "ok", "kennis": 1})

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def _send(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def gateway_in_process(knowledge: Knowledge, folder: Path) -> Iterator[Target]:
    """Yield the gateway in this process, on databases of its own in a folder, with a stand-in for Rasa."""
    rasa = ThreadingHTTPServer(("127.0.0.1", 0), _Rasa)
    Thread(target=rasa.serve_forever, daemon=True).start()
    databases = {
        f"{name}_DATABASE_URL": f"sqlite:///{folder / name}.db" for name in ("RECORDS", "TRACKER", "KNOWLEDGE")
    }
    chosen = Settings(
        rasa_urls=(f"http://127.0.0.1:{rasa.server_port}",), state_folder=folder, messages_per_conversation=NO_LIMIT,
        requests_per_address=NO_LIMIT, messages_per_sender=NO_LIMIT,
    )  # fmt: skip
    with patch.dict(os.environ, databases):
        Store().publish(knowledge, "fuzz")
        app = create_app(chosen)
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://assistent.example")
        yield Target(lambda *request: runner.run(_ask(client, *request)))
        runner.run(client.aclose())
    rasa.shutdown()


async def _ask(
    client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], body: bytes
) -> httpx.Response:
    return await client.request(method, path, headers=headers, content=body)


@contextmanager
def gateway_running(address: str) -> Iterator[Target]:
    """Yield a gateway that listens."""
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield Target(lambda method, path, headers, body: client.request(method, path, headers=headers, content=body))


def main() -> None:
    """Try both and write down how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="requests to the gateway in this process")
    parser.add_argument("--running", type=int, default=2_000, help="requests to the running assistant")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    knowledge, problems = check(Path("knowledge"))
    if knowledge is None:
        sys.exit("\n".join(map(str, problems)))
    rows = []
    with TemporaryDirectory() as folder, gateway_in_process(knowledge, Path(folder)) as target:
        rows.append(Row("the gateway in this process", target, fuzz(target, arguments.inputs)))
    limits = dict.fromkeys(("MESSAGES_PER_CONVERSATION", "REQUESTS_PER_ADDRESS", "MESSAGES_PER_SENDER"), NO_LIMIT)
    with running_assistant(**limits) as address, gateway_running(address) as target:
        rows.append(Row("the running assistant", target, fuzz(target, arguments.running)))
    RESULT.write_text(report(rows), "utf-8")
    print(report(rows))
    if broken := [tried for row in rows for tried in row.target.broken]:
        sys.exit("\n".join(map(str, broken[:20])))


@dataclass(frozen=True)
class Row:
    """One line of the report."""

    name: str
    target: Target
    seconds: float

    @property
    def cells(self) -> list[str]:
        """Return its cells."""
        statuses = self.target.statuses
        families = [
            sum(count for status, count in statuses.items() if status // 100 == family) for family in (2, 3, 4, 5)
        ]
        return [self.name, f"{statuses.total():,}", *(f"{count:,}" for count in families), f"{self.seconds:.0f}"]


def report(rows: Sequence[Row]) -> str:
    """Return what `benchmarks/results/fuzz.md` holds."""
    table = [
        "| tried | requests | 2xx | 3xx | 4xx | 5xx | seconds |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(f"| {' | '.join(row.cells)} |" for row in rows),
    ]
    return "\n".join([
        "# Whatever is sent to the public port", "",
        f"Made by `make fuzz`, seed {SEED}, Python {platform.python_version()}: requests with wrong and right",
        "methods, paths, headers and bodies, half of them with the token of a conversation. A 5xx would be our error.",
        "", *table, "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
