"""The link check on a real server of our own."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.beheer.links import AT_ONCE, Found, LinkChecker, check_and_keep, keep, known_checks
from bot.processes import free_ports
from bot.records.database import open_records


class Site(BaseHTTPRequestHandler):
    """Pages that behave in every way that pages do."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[Counter[str]] = Counter()
    text = "Het antwoord."
    open_now, most = 0, 0
    lock = threading.Lock()

    def do_HEAD(self) -> None:
        with self.lock:
            Site.open_now += 1
            Site.most = max(Site.most, Site.open_now)
        self.asked[f"HEAD {self.path}"] += 1
        self._answer()
        with self.lock:
            Site.open_now -= 1

    def do_GET(self) -> None:
        self.asked[f"GET {self.path}"] += 1
        self._answer()

    def _answer(self) -> None:
        path = self.path
        if path.startswith("/langzaam"):
            time.sleep(0.6)
        if path == "/vol" and self.asked["HEAD /vol"] == 1:
            self._send(429, {"Retry-After": "1"})
        elif path == "/later":
            self._send(503, {"Retry-After": "3600"})
        elif path == "/verhuisd":
            self._send(301, {"Location": "/nieuw"})
        elif path == "/rondje":
            self._send(302, {"Location": "/rondje"})
        elif path == "/geen-head" and self.command == "HEAD":
            self._send(405)
        elif path == "/weg":
            self._send(404)
        elif path == "/dicht":
            self._send(403)
        elif path == "/stuk":
            self._send(500)
        else:
            page = f"<html><script>{time.monotonic()}</script><nav>menu</nav><p>{Site.text}</p></html>"
            self._send(200, {"Content-Type": "text/html"}, page.encode())

    def _send(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked, Site.text, Site.most = Counter(), "Het antwoord.", 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def records(tmp_path: Path) -> sessionmaker[Session]:
    return open_records(f"sqlite:///{tmp_path / 'administratie.db'}")


def look(*addresses: str, read: tuple[str, ...] = (), **options) -> dict[str, Found]:
    found = asyncio.run(LinkChecker(public_only=False, **options).check(addresses, read))
    return {f"/{each.address.rpartition('/')[2]}": each for each in found}


def test_each_page_gets_the_outcome_it_deserves(site: str):
    paths = ("/goed", "/weg", "/dicht", "/stuk", "/verhuisd", "/geen-head", "/rondje")
    found = look(*(site + path for path in paths))
    outcomes = {path: found[path].outcome for path in paths}
    assert outcomes == {
        "/goed": "goed", "/weg": "weg", "/dicht": "weigert", "/stuk": "fout", "/verhuisd": "verhuisd",
        "/geen-head": "goed", "/rondje": "weg",
    }  # fmt: skip
    assert found["/verhuisd"].detail == f"{site}/nieuw"
    assert Site.asked["GET /goed"] == 0
    assert Site.asked["GET /geen-head"] == 1


def test_a_server_that_asks_to_wait_gets_its_time(site: str):
    started = time.monotonic()
    found = look(f"{site}/vol", f"{site}/later")
    assert found["/vol"].outcome == "goed"
    assert found["/later"].outcome == "weigert"
    assert 1 <= time.monotonic() - started < 15
    assert Site.asked["HEAD /later"] + Site.asked["GET /later"] == 1


def test_one_at_a_time_for_a_host(site: str):
    look(*(f"{site}/{number}" for number in range(2 * AT_ONCE)))
    assert Site.most == 1


def test_what_takes_too_long_is_left_for_the_next_time(site: str):
    found = asyncio.run(LinkChecker(public_only=False, budget_seconds=3).check(
        [f"{site}/langzaam?{number}" for number in range(10)]
    ))  # fmt: skip
    assert found[0].outcome == "goed"
    assert found[-1].outcome == "geen verbinding"


def test_an_address_in_our_own_network_is_not_knocked_on(site: str):
    (found,) = asyncio.run(LinkChecker().check([f"{site}/goed", "https://localhost/"]))[:1]
    assert Site.asked.total() == 0
    assert found.outcome in ("fout", "geen verbinding")


def test_without_a_connection_nothing_that_was_known_is_lost(site: str, records: sessionmaker[Session]):
    address = f"http://127.0.0.1:{free_ports(1)[0]}/"
    keep([Found(address, "goed")], records)
    found = check_and_keep([address], (), records, LinkChecker(public_only=False))
    assert [each.outcome for each in found] == ["geen verbinding"]
    assert known_checks(records)[address].outcome == "goed"


def test_a_page_that_changed_is_noticed_and_one_that_only_moved_its_scripts_is_not(
    site: str, records: sessionmaker[Session]
):
    address, checker = f"{site}/bron", LinkChecker(public_only=False)
    for _ in range(2):
        check_and_keep([address], {address}, records, checker)
    assert known_checks(records)[address].changed_at is None
    Site.text = "Een ander antwoord."
    check_and_keep([address], {address}, records, LinkChecker(public_only=False))
    assert known_checks(records)[address].changed_at is not None


def test_an_address_that_nobody_names_any_more_is_forgotten(records: sessionmaker[Session]):
    keep([Found("https://oud.example", "goed")], records)
    keep([Found("https://nieuw.example", "goed")], records)
    assert known_checks(records).keys() == {"https://nieuw.example"}


def test_an_address_that_is_none_breaks_nothing(site: str):
    found = look(f"{site}/goed", "http://[kapot/x", "http://" + "a" * 300 + ".nl/y")
    assert found["/goed"].outcome == "goed"
    assert {found["/x"].outcome, found["/y"].outcome} == {"weg"}
