"""What needs a look: dates that have passed, sources that changed, addresses that lead nowhere."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.knowledge.schema import Bron, Knowledge
from bot.records.links import LinkCheck

YEAR_DAYS = 365
BROKEN = ("weg", "fout")
"""Outcomes of a link check after which a visitor would find nothing."""
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]")

Why = Literal["verlopen", "oud", "bron", "adres"]


@dataclass(frozen=True)
class Part:
    """Something in the knowledge, as staff find it."""

    kind: str
    """As in the addresses of the pages: item, landsdeel, bron …"""
    id: str
    title: str


@dataclass(frozen=True)
class Reason:
    """Why something needs a look."""

    why: Why
    text: str


@dataclass(frozen=True)
class Due:
    """A part that needs a look."""

    part: Part
    checked: date | None
    """When somebody looked last."""
    reasons: Sequence[Reason]


@dataclass(frozen=True)
class Feeding:
    """A source with what was written from it."""

    source: Bron
    parts: Sequence[Part]
    check: LinkCheck | None


def due(knowledge: Knowledge, checks: Mapping[str, LinkCheck], today: date) -> list[Due]:
    """Return what needs a look, the longest overdue first.

    Args:
        knowledge: What stands in the files.
        checks: What the last link check found, by address.
        today: The day from which is counted.
    """
    found, sources = [], {source.id: source for source in knowledge.bronnen}
    by_address: dict[Part, list[str]] = defaultdict(list)
    for address, parts in addresses(knowledge).items():
        for part in parts:
            by_address[part].append(address)
    for part, thing in _parts(knowledge):
        checked = getattr(thing, "gecontroleerd_op", None)
        reasons = [
            *_by_date(thing, checked, today),
            *_by_source([sources[source] for source in getattr(thing, "bronnen", ())], checked, checks),
            *_by_address(by_address.get(part, ()), checks),
        ]
        if reasons:
            found.append(Due(part, checked, reasons))
    return sorted(found, key=lambda each: (each.checked or date.max, each.part.id))


def addresses(knowledge: Knowledge) -> dict[str, list[Part]]:
    """Return every address that the knowledge names, with where it stands."""
    found: dict[str, list[Part]] = defaultdict(list)
    for part, thing in _parts(knowledge):
        for address in dict.fromkeys(_addresses_in(thing)):
            found[address].append(part)
    return dict(found)


def feeding(knowledge: Knowledge, checks: Mapping[str, LinkCheck]) -> list[Feeding]:
    """Return every source with what was written from it, the most used first."""
    users: dict[str, list[Part]] = defaultdict(list)
    for part, thing in _parts(knowledge):
        for source in getattr(thing, "bronnen", ()):
            users[source].append(part)
    found = [Feeding(bron, users[bron.id], checks.get(bron.adres or "")) for bron in knowledge.bronnen]
    return sorted(found, key=lambda each: -len(each.parts))


def source_addresses(knowledge: Knowledge) -> set[str]:
    """Return the addresses of sources: of these, it matters whether the page itself changed."""
    return {bron.adres for bron in knowledge.bronnen if bron.adres}


def _parts(knowledge: Knowledge) -> Iterator[tuple[Part, Any]]:
    for item in knowledge.items:
        yield Part("item", item.id, item.vraag), item
    for region in knowledge.landsdelen:
        yield Part("landsdeel", region.id, region.naam), region
        for body in region.organisaties:
            yield Part("organisatie", body.id, body.naam), body
    for table in knowledge.tabellen:
        yield Part("tabel", table.id, table.titel), table
    for members in knowledge.lijsten:
        yield Part("lijst", members.id, members.titel), members
    for bron in knowledge.bronnen:
        yield Part("bron", bron.id, bron.titel), bron
    for website in knowledge.website:
        yield Part("website", website.id, website.contact.titel), website


def _addresses_in(thing: Any) -> Iterator[str]:
    for link in getattr(thing, "links", ()):
        yield link.url
    contact = getattr(thing, "contact", None)
    for address in (getattr(thing, "adres", None), getattr(thing, "site", None), contact and contact.adres):
        if address and address.startswith("http"):
            yield address
    for text in (getattr(thing, "antwoord", ""), getattr(thing, "tekst", ""), getattr(thing, "omschrijving", "")):
        yield from _ADDRESS.findall(text)


def _by_date(thing: Any, checked: date | None, today: date) -> Iterator[Reason]:
    until = getattr(thing, "geldig_tot", None)
    if until and until < today:
        yield Reason("verlopen", f"Geldig tot {until:%d-%m-%Y}, en dat is voorbij.")
    if checked and (today - checked).days > YEAR_DAYS:
        yield Reason("oud", f"Het laatst nagekeken op {checked:%d-%m-%Y}: meer dan een jaar geleden.")


def _by_source(sources: Sequence[Bron], checked: date | None, checks: Mapping[str, LinkCheck]) -> Iterator[Reason]:
    if checked is None:
        return
    for source in sources:
        if source.datum and len(source.datum) == len("2026-01-31") and source.datum > checked.isoformat():
            yield Reason("bron", f"De bron '{source.titel}' is van {source.datum}: nieuwer dan dit antwoord.")
        check = checks.get(source.adres or "")
        if check and check.changed_at and check.changed_at.date() > checked:
            yield Reason("bron", f"De pagina van de bron '{source.titel}' is veranderd: {check.changed_at:%d-%m-%Y}.")


def _by_address(found: Sequence[str], checks: Mapping[str, LinkCheck]) -> Iterator[Reason]:
    for address in found:
        check = checks.get(address)
        if check and check.outcome in BROKEN:
            yield Reason("adres", f"{address} werkt niet ({check.detail or check.outcome}).")
