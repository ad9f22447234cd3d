"""How an answer is worded: its text, where to read on, and the line with its source and date."""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date

from bot.knowledge.schema import Bron, Item, Link

_YES_OR_NO = re.compile(r"(?:ja|nee|vaak wel|dat kan|nog niet)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Wording:
    """An answer as a visitor reads it."""

    text: str
    source_line: str
    sources: Sequence[Bron]
    links: Sequence[Link]


def word(
    items: Sequence[Item], source: Callable[[str], Bron], extra: Sequence[str] = (), before: Sequence[str] = ()
) -> Wording:
    """Return the answer that these items give together; `source` finds a source by its id.

    `before` are paragraphs above it, `extra` stand between the answer and its sources.
    """
    links = _unique(link for item in items for link in item.links)
    sources = _unique(source(name) for item in items for name in item.bronnen)
    answers = [_answer_text(item, alone=len(items) == 1) for item in items]
    parts = [*before, *answers, *filter(None, map(_standing, items)), *extra, *link_lines(links)]
    checked = min(item.gecontroleerd_op for item in items)
    return Wording("\n\n".join(parts), source_line(sources, checked, _passage(items)), sources, links)


def _answer_text(item: Item, alone: bool) -> str:
    """Return the answer, under its question where it would be unclear or wrong without: "Ja", "Nee", two at once."""
    text = item.antwoord.strip()
    return text if alone and not _YES_OR_NO.match(text) else f"{item.vraag}\n{text}"


def link_lines(links: Sequence[Link]) -> list[str]:
    """Return one paragraph with the addresses, or nothing."""
    return ["\n".join(f"{link.titel}: {link.url}" for link in links)] if links else []


def source_line(sources: Sequence[Bron], checked: Any = None, passage: tuple[str, str] | None = None) -> str:
    """Return the line under an answer that says where it comes from and how old that is.

    `passage` is the id of a source and where in it the answer stands.
    """
    named = "; ".join(
        f"{source.titel} ({_dated(source)})" + (f", {passage[1]}" if passage and passage[0] == source.id else "")
        for source in sources
    )
    line = f"Bron: {named}."
    return f"{line} Nagekeken op {format_date(checked, 'd MMMM y', locale='nl')}." if checked else line


def _passage(items: Sequence[Item]) -> tuple[str, str] | None:
    """Return the first source of an answer made from one item, with where in it the passage stands."""
    item = items[0]
    return (item.bronnen[0], item.vindplaats) if len(items) == 1 and item.vindplaats else None


def _dated(source: Bron) -> str:
    date = source.datum_tekst or (in_words(source.datum) if source.datum else "zonder datum")
    return f"{source.uitgever}, {date}" if source.uitgever and source.uitgever not in source.titel else date


def in_words(partial_date: str) -> str:
    """Return `2013-05-13` as "13 mei 2013", `2013-05` as "mei 2013", `2013` as itself."""
    parts = [int(part) for part in partial_date.split("-")]
    if len(parts) == 1:
        return partial_date
    date = datetime.date(*[*parts, 1][:3])
    return format_date(date, "d MMMM y" if len(parts) == 3 else "MMMM y", locale="nl")


def _standing(item: Item) -> str | None:
    """Say of a scheme how it stood, and where to ask how it stands: that changes faster than any file."""
    scheme = item.regeling
    if not scheme or scheme.status == "onbekend":
        return None
    ask = f" Vraag bij {scheme.uitvoerder} na hoe het nu is." if scheme.uitvoerder else ""
    return f"Stand {in_words(scheme.stand_op)}: {scheme.status}.{ask if scheme.status != 'vervallen' else ''}"


def _unique(things: Iterable[Any]) -> list[Any]:
    seen: dict[str, Any] = {}
    for thing in things:
        seen.setdefault(thing.model_dump_json(), thing)
    return list(seen.values())
