"""Looks whether the addresses in the knowledge still lead somewhere, without being a burden to anybody.

At most four at once, one at a time for each host, HEAD before GET, no more than a few megabytes,
Retry-After obeyed, and an end to all of it after some minutes. What was found is kept with its date.
"""

import asyncio
import hashlib
import ipaddress
import logging
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from bot.language.text import words
from bot.records.links import LinkCheck, Outcome
from bot.records.tables import now

logger = logging.getLogger(__name__)

AT_ONCE = 4
TIMEOUT_SECONDS = 15.0
BUDGET_SECONDS = 600.0
MAX_WAIT_SECONDS = 20.0
"""A server that asks to wait longer is left alone until the next time."""
MAX_PAGE_BYTES = 3_000_000
MAX_REDIRECTS = 5
AGENT = "Techniekpact-assistent (nakijken van links)"
_NO_HEAD = {400, 403, 404, 405, 501}
"""What servers answer that do not know HEAD; only GET then tells how it is."""
NO_TIME = "niet aan toe gekomen"
_UNSEEN = {"script", "style", "noscript", "template", "nav", "header", "footer", "svg"}


@dataclass(frozen=True)
class Found:
    """What came of one address."""

    address: str
    outcome: Outcome
    detail: str = ""
    content: str = ""
    """A hash of the words on the page, where those matter."""


class NotPublicError(httpx.RequestError):
    """An address inside our own network: that is nothing for a visitor, nor for us to knock on."""


@dataclass
class LinkChecker:
    """Looks at addresses."""

    report: Callable[[int, int], None] = lambda done, total: None
    """Hears how many are done, of how many."""
    budget_seconds: float = BUDGET_SECONDS
    public_only: bool = True
    """Whether addresses inside our own network are refused."""
    _hosts: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def check(self, addresses: Iterable[str], read: Collection[str] = ()) -> list[Found]:
        """Look at every address once; of those in `read` the page is read too, to see later whether it changed.

        Returns:
            What was found; all of it is "geen verbinding" when nothing at all could be reached.
        """
        wanted = list(dict.fromkeys(addresses))
        deadline = time.monotonic() + self.budget_seconds
        gate, done = asyncio.Semaphore(AT_ONCE), 0

        async def one(client: httpx.AsyncClient, address: str) -> Found:
            nonlocal done
            async with self._hosts[_host(address)], gate:
                found = await self._look(client, address, address in read, deadline)
            done += 1
            self.report(done, len(wanted))
            return found

        async with _client(self.public_only) as client:
            found = await asyncio.gather(*(one(client, address) for address in wanted))
        if found and not any(_reached(each) for each in found):
            return [Found(each.address, "geen verbinding") for each in found]
        return found

    async def _look(self, client: httpx.AsyncClient, address: str, read: bool, deadline: float) -> Found:
        for last in (False, True):
            left = deadline - time.monotonic()
            if left <= 0:
                return Found(address, "geen verbinding", NO_TIME)
            try:
                async with asyncio.timeout(min(left, 4 * TIMEOUT_SECONDS)):
                    found, wait = await _ask(client, address, read)
            except NotPublicError:
                return Found(address, "fout", "geen openbaar adres")
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
                if time.monotonic() >= deadline:
                    return Found(address, "geen verbinding", NO_TIME)
                return Found(address, "weg", _why(error))
            if wait is None or last or wait > min(MAX_WAIT_SECONDS, deadline - time.monotonic()):
                return found
            await asyncio.sleep(wait)
        raise AssertionError("the second time is the last")


def check_and_keep(
    addresses: Iterable[str], read: Collection[str], sessions: sessionmaker[Session], checker: LinkChecker
) -> list[Found]:
    """Look at addresses and keep what was found; without any connection, what was known stays as it was."""
    found = asyncio.run(checker.check(addresses, read))
    keep(found, sessions)
    return found


def keep(found: Iterable[Found], sessions: sessionmaker[Session]) -> None:
    """Keep what was found, and forget addresses that nobody names any more."""
    looked_at = [each for each in found if each.outcome != "geen verbinding"]
    if not looked_at:
        return
    named = {each.address for each in found}
    with sessions.begin() as session:
        session.execute(delete(LinkCheck).where(LinkCheck.address.not_in(named)))
        known = {check.address: check for check in session.scalars(select(LinkCheck))}
        for each in looked_at:
            check = known.get(each.address)
            if check is None:
                check = LinkCheck(address=each.address, content=each.content, changed_at=None)
                session.add(check)
            elif each.content and check.content and each.content != check.content:
                check.changed_at = now()
            check.checked_at, check.outcome, check.detail = now(), each.outcome, each.detail
            check.content = each.content or check.content


def known_checks(sessions: sessionmaker[Session]) -> dict[str, LinkCheck]:
    """Return what the last check found, by address."""
    with sessions() as session:
        return {check.address: check for check in session.scalars(select(LinkCheck))}


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _client(public_only: bool) -> httpx.AsyncClient:
    async def guard(request: httpx.Request) -> None:
        if public_only and not await _is_public(request.url.host):
            raise NotPublicError("not public", request=request)

    return httpx.AsyncClient(
        headers={"User-Agent": AGENT, "Accept-Language": "nl"},
        timeout=TIMEOUT_SECONDS,
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
        event_hooks={"request": [guard]},
    )


async def _is_public(host: str) -> bool:
    """Tell whether a name leads to the internet; one that leads nowhere is left to fail by itself."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return True
    return all(ipaddress.ip_address(address[4][0]).is_global for address in found)


async def _ask(client: httpx.AsyncClient, address: str, read: bool) -> tuple[Found, float | None]:
    """Return what an address gives, and how many seconds its server asks to wait, if it does."""
    if not read:
        response = await client.head(address)
        if response.status_code not in _NO_HEAD:
            return _judged(address, response, ""), _wait(response)
    async with _get(client, address) as (response, body):
        content = _words_hash(response, body) if read and response.is_success else ""
        return _judged(address, response, content), _wait(response)


@asynccontextmanager
async def _get(client: httpx.AsyncClient, address: str):  # noqa: ANN202
    """Yield a response with the first megabytes of its body."""
    async with client.stream("GET", address) as response:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) >= MAX_PAGE_BYTES:
                break
        yield response, bytes(body)


def _judged(address: str, response: httpx.Response, content: str) -> Found:
    code = response.status_code
    if response.is_success:
        moved = any(hop.status_code in (301, 308) for hop in response.history)
        elsewhere = moved and urlsplit(str(response.url))[:3] != urlsplit(address)[:3]
        return Found(
            address, "verhuisd" if elsewhere else "goed", str(response.url)[:500] if elsewhere else "", content
        )
    if code in (404, 410):
        return Found(address, "weg", f"de site zegt {code}: bestaat niet")
    if code in (401, 403, 429, 503):
        return Found(address, "weigert", f"de site laat ons niet toe ({code}); kijk zelf")
    return Found(address, "fout", f"de site zegt {code}")


def _wait(response: httpx.Response) -> float | None:
    """Return the seconds of Retry-After; one that is a date is as good as long."""
    asked = response.headers.get("retry-after")
    if response.status_code not in (429, 503) or asked is None:
        return None
    return float(asked) if asked.isdigit() else MAX_WAIT_SECONDS + 1


def _why(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "de site antwoordt niet op tijd"
    if isinstance(error, httpx.ConnectError):
        return "de site is niet te bereiken"
    return f"dat ging niet: {type(error).__name__}"


def _reached(found: Found) -> bool:
    return found.outcome != "geen verbinding" and found.detail not in (
        "de site antwoordt niet op tijd",
        "de site is niet te bereiken",
        "geen openbaar adres",
    )


class _Words(HTMLParser):
    """Collects what a reader sees of a page, without menus."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note that what follows is not seen."""
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        """Note that it is over."""
        self._unseen -= tag in _UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        """Keep what is seen."""
        if not self._unseen:
            self.text.append(data)


def _words_hash(response: httpx.Response, body: bytes) -> str:
    """Return what identifies the content: of a page its words, for its code changes at every visit."""
    if "html" not in response.headers.get("content-type", ""):
        return hashlib.sha256(body).hexdigest()
    parser = _Words()
    parser.feed(body.decode(response.encoding or "utf-8", "replace"))
    return hashlib.sha256(" ".join(words(" ".join(parser.text))).encode()).hexdigest()
