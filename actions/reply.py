"""How a reply is worded: the answer, where to read on, its source and date; and the same for machines."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from babel.dates import format_date
from rasa_sdk.executor import CollectingDispatcher

from bot.knowledge.schema import Bron, Item, Knowledge, Link

_YES_OR_NO = re.compile(r"(?:ja|nee|vaak wel|dat kan|nog niet)\b", re.IGNORECASE)

Kind = Literal["answer", "clarify", "fallback", "smalltalk"]


@dataclass(frozen=True)
class Reply:
    """One reply: what the visitor reads, and `custom` for machines."""

    kind: Kind
    text: str
    items: Sequence[str] = ()
    sources: Sequence[Bron] = ()
    links: Sequence[Link] = ()
    buttons: Sequence[str] = field(default_factory=tuple)
    source_line: str | None = None
    """Where the text comes from and how old that is; the last paragraph of what the visitor reads."""
    confidence: float | None = None
    """How sure it is that the best item found answers the question; None where nothing was looked for."""

    @property
    def custom(self) -> dict[str, Any]:
        """What `docs/architecture.md` promises about every reply."""
        return {
            "kind": self.kind,
            "items": list(self.items),
            "sources": [{"title": s.titel, "url": s.adres, "date": s.datum} for s in self.sources],
            "links": [{"title": link.titel, "url": link.url} for link in self.links],
            "source_line": self.source_line,
            "confidence": None if self.confidence is None else round(self.confidence, 3),
        }

    def send(self, dispatcher: CollectingDispatcher) -> None:
        """Hand the reply to Rasa. A button says what it shows, so that typing it does the same."""
        dispatcher.utter_message(
            text="\n\n".join(filter(None, (self.text, self.source_line))),
            buttons=[{"title": title, "payload": title} for title in self.buttons],
            json_message=self.custom,
        )


def answer(
    items: Sequence[Item],
    knowledge: Knowledge,
    buttons: Iterable[str] = (),
    extra: Sequence[str] = (),
    before: Sequence[str] = (),
) -> Reply:
    """Return the answer that these items give together.

    `before` are paragraphs above it, `extra` stand between the answer and its sources.
    """
    links = _unique(link for item in items for link in item.links)
    sources = _unique(knowledge.bron(source) for item in items for source in item.bronnen)
    answers = [_answer_text(item, alone=len(items) == 1) for item in items]
    parts = [*before, *answers, *filter(None, map(_standing, items))]
    checked = min(item.gecontroleerd_op for item in items)
    return Reply(
        kind="answer",
        text="\n\n".join([*parts, *extra, *link_lines(links)]),
        items=[item.id for item in items],
        sources=sources,
        links=links,
        buttons=tuple(dict.fromkeys(buttons)),
        source_line=source_line(sources, checked, _passage(items)),
    )


def _answer_text(item: Item, alone: bool) -> str:
    """Return the answer, under its question where it would be unclear or wrong without: "Ja", "Nee", two at once."""
    text = item.antwoord.strip()
    return text if alone and not _YES_OR_NO.match(text) else f"{item.vraag}\n{text}"


def with_prefix(message: Reply, line: str | None) -> Reply:
    """Return the reply with a line before its text, if there is one."""
    return replace(message, text=f"{line}\n\n{message.text}") if line else message


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
