"""What there is, as a list: found by words, theme, landsdeel and status, some thousands of entries at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.beheer.entries import BODY, EDITABLE, Entries, Held
from bot.language.text import fold

YEAR = timedelta(days=365)
STATES = {
    "concept": "Concept",
    "gepubliceerd": "Gepubliceerd",
    "verlopen": "Verlopen",
    "te-controleren": "Te controleren",
    "fout": "Met fouten",
}


@dataclass(frozen=True)
class Row:
    """One entry as the list shows it."""

    kind: str
    id: str
    title: str
    file: str
    theme: str
    landsdeel: str
    state: str
    """A key of STATES."""
    checked_on: date | None
    words: str
    """All that can be searched, folded."""


@dataclass(frozen=True)
class Query:
    """What somebody looks for; what is empty does not matter."""

    text: str = ""
    kinds: Sequence[str] = ()
    theme: str = ""
    landsdeel: str = ""
    state: str = ""

    def fits(self, row: Row) -> bool:
        """Tell whether an entry is looked for."""
        return (
            (not self.kinds or row.kind in self.kinds)
            and self.theme in ("", row.theme)
            and self.landsdeel in ("", row.landsdeel)
            and self.state in ("", row.state)
            and all(word in row.words for word in fold(self.text).split())
        )


class Catalogue:
    """The entries as rows, made anew only after a change of the files."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._made: tuple[tuple, list[Row]] | None = None

    def rows(self) -> list[Row]:
        """Return all entries, in the order of the files."""
        stamp = self._entries.stamp()
        if self._made is None or self._made[0] != stamp:
            wrong = {(problem.file, problem.entry_line) for problem in self._entries.check()[1] if not problem.warning}
            rows = [_row(held, (held.file, held.entry.line) in wrong) for held in self._entries.of(*EDITABLE)]
            self._made = (stamp, rows)
        return self._made[1]

    def search(self, query: Query) -> list[Row]:
        """Return the entries that are looked for; first those that have the words in their title."""
        wanted = fold(query.text).split()
        found = [row for row in self.rows() if query.fits(row)]
        return sorted(found, key=lambda row: not all(word in fold(row.title) for word in wanted)) if wanted else found

    def choices(self, *kinds: str) -> list[tuple[str, str]]:
        """Return the ids of the entries of these kinds with what they are called, for a field that refers to them."""
        return [(row.id, row.title) for row in self.rows() if row.kind in kinds]


def _row(held: Held, wrong: bool) -> Row:
    data = held.data
    over = data.get("over")
    landsdeel = data.get("landsdeel") or (over.get("landsdeel") if isinstance(over, Mapping) else None)
    if held.kind in ("landsdeel", BODY):
        landsdeel = held.entry.data.get("id")
    return Row(
        kind=held.kind,
        id=held.id,
        title=title_of(data),
        file=held.file,
        theme=str(data.get("thema") or ""),
        landsdeel=str(landsdeel or ""),
        state=_state(data, wrong),
        checked_on=_day(data.get("gecontroleerd_op")),
        words=fold(" ".join(_texts(data))),
    )


def title_of(data: Mapping[str, Any]) -> str:
    """Return what an entry is called."""
    return str(next((data[name] for name in ("vraag", "naam", "titel", "id") if data.get(name)), "zonder naam"))


def _state(data: Mapping[str, Any], wrong: bool) -> str:
    if wrong:
        return "fout"
    if data.get("status") == "concept":
        return "concept"
    today = date.today()
    if (until := _day(data.get("geldig_tot"))) and until < today:
        return "verlopen"
    if (checked := _day(data.get("gecontroleerd_op"))) and checked < today - YEAR:
        return "te-controleren"
    return "gepubliceerd"


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)
