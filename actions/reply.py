"""One reply: what the visitor reads, and the same for machines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rasa_sdk.executor import CollectingDispatcher

from bot.knowledge.schema import Bron, Item, Knowledge, Link
from bot.knowledge.wording import word

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

    `before` are paragraphs above it, `extra` stand between the answer and its sources. One that only says
    that the sources do not have it is a fallback, however well it fits.
    """
    unknown = all(item.onbekend for item in items)
    worded = word(items, knowledge.bron, extra, before)
    return Reply(
        kind="fallback" if unknown else "answer",
        text=worded.text,
        items=[] if unknown else [item.id for item in items],
        sources=worded.sources,
        links=worded.links,
        buttons=tuple(dict.fromkeys(buttons)),
        source_line=worded.source_line,
    )


def with_prefix(message: Reply, line: str | None) -> Reply:
    """Return the reply with a line before its text, if there is one."""
    return replace(message, text=f"{line}\n\n{message.text}") if line else message
