"""What changed between two versions of the knowledge, in words that staff read."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import yaml
from pydantic import BaseModel

from bot.knowledge.schema import Item, Knowledge

KINDS = {
    "items": "vraag",
    "landsdelen": "landsdeel",
    "bronnen": "bron",
    "tabellen": "tabel",
    "lijsten": "lijst",
    "themas": "thema",
    "woorden": "ander woord",
    "website": "website",
}
"""The parts of the knowledge, in the order in which their changes are shown, and what one of them is called."""

Sort = Literal["nieuw", "veranderd", "weg"]
_TOKEN = re.compile(r"\s+|[^\s]+")
_EMPTY = Knowledge(themas=[], bronnen=[], items=[], landsdelen=[])
_NAMES = {"gecontroleerd_op": "datum van controle", "geldig_tot": "geldig tot", "zie_ook": "zie ook",
          "ook_bekend_als": "andere namen", "stand_op": "stand op", "datum_tekst": "datum in woorden"}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, came or went."""

    kind: Literal["zelfde", "erbij", "weg"]
    text: str


@dataclass(frozen=True)
class FieldChange:
    """One key of a part that is not what it was."""

    name: str
    """As staff call it."""
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class PartChange:
    """One item, source, landsdeel … that is not what it was."""

    kind: str
    """A key of `KINDS`."""
    id: str
    title: str
    sort: Sort
    fields: Sequence[FieldChange]
    summary: str
    """In words, as in "antwoord en voorbeeldvragen (2 erbij, 1 weg)"."""

    @property
    def called(self) -> str:
        """What kind of thing it is."""
        return KINDS[self.kind]


def describe(before: Knowledge | None, after: Knowledge) -> list[PartChange]:
    """Return every part that differs: new ones first, then changed, then removed."""
    old = before or _EMPTY
    found = [change for kind in KINDS for change in _of_kind(kind, getattr(old, kind), getattr(after, kind))]
    order: tuple[Sort, ...] = ("nieuw", "veranderd", "weg")
    return sorted(found, key=lambda change: order.index(change.sort))


def in_words(changes: Sequence[PartChange]) -> str:
    """Return one sentence, for a message with a version: "2 vragen nieuw, 1 bron veranderd."."""
    counts: dict[tuple[str, str], int] = {}
    for change in changes:
        counts[change.called, change.sort] = counts.get((change.called, change.sort), 0) + 1
    parts = [f"{count} {_plural(called) if count > 1 else called} {sort}" for (called, sort), count in counts.items()]
    return f"{', '.join(parts)}." if parts else "Alleen opmerkingen of concepten veranderd."


def line_pieces(old: str, new: str) -> list[Piece]:
    """Return the difference between two texts by whole lines."""
    return list(_pieces(old.splitlines(keepends=True), new.splitlines(keepends=True)))


def word_pieces(old: str, new: str) -> list[Piece]:
    """Return the difference between two texts by words."""
    return list(_pieces(_TOKEN.findall(old), _TOKEN.findall(new)))


def _of_kind(kind: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[PartChange]:
    old, new = ({part.id: part for part in parts} for parts in (before, after))
    for part_id, part in new.items():
        if part_id not in old:
            yield PartChange(kind, part_id, _title(part), "nieuw", _fields(None, part), _summary_of(part))
        elif part != old[part_id]:
            fields = _fields(old[part_id], part)
            yield PartChange(kind, part_id, _title(part), "veranderd", fields, _changed(old[part_id], part))
    for part_id, part in old.items():
        if part_id not in new:
            yield PartChange(kind, part_id, _title(part), "weg", _fields(part, None), _summary_of(part))


def _title(part: Any) -> str:
    titles = (getattr(part, name, None) for name in ("vraag", "naam", "titel"))
    return next(filter(None, titles), part.id)


def _summary_of(part: Any) -> str:
    return f"{len(part.voorbeeldvragen)} voorbeeldvragen" if isinstance(part, Item) else ""


def _changed(old: BaseModel, new: BaseModel) -> str:
    return _and(_field_in_words(name, getattr(old, name), getattr(new, name)) for name in _differing(old, new))


def _differing(old: BaseModel | None, new: BaseModel | None) -> list[str]:
    names = type(old or new).model_fields
    return [name for name in names if getattr(old, name, None) != getattr(new, name, None)]


def _field_in_words(name: str, old: Any, new: Any) -> str:
    if not (isinstance(old, list) and isinstance(new, list)):
        return _called(name)
    added, removed = sum(part not in old for part in new), sum(part not in new for part in old)
    counts = [f"{added} erbij" if added else "", f"{removed} weg" if removed else ""]
    return f"{_called(name)} ({', '.join(filter(None, counts)) or 'andere volgorde'})"


def _fields(old: BaseModel | None, new: BaseModel | None) -> list[FieldChange]:
    found = []
    for name in _differing(old, new):
        before, after = _text(getattr(old, name, None)), _text(getattr(new, name, None))
        listed = isinstance(getattr(new or old, name), list | dict | BaseModel)
        pieces = line_pieces(before, after) if listed else word_pieces(before, after)
        if before != after:
            found.append(FieldChange(_called(name), pieces))
    return found


def _text(value: Any) -> str:
    """Return a value as a person reads it."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, list):
        value = [part.model_dump(mode="json", exclude_defaults=True) if isinstance(part, BaseModel) else part
                 for part in value]  # fmt: skip
    if isinstance(value, list | dict):
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000) if value else ""
    return str(value)


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("zelfde", "".join(old[old_start:old_end]))
            continue
        if old_end > old_start:
            yield Piece("weg", "".join(old[old_start:old_end]))
        if new_end > new_start:
            yield Piece("erbij", "".join(new[new_start:new_end]))


def _called(name: str) -> str:
    return _NAMES.get(name, name)


def _plural(called: str) -> str:
    return {
        "vraag": "vragen", "landsdeel": "landsdelen", "bron": "bronnen", "tabel": "tabellen", "lijst": "lijsten",
        "thema": "thema's", "ander woord": "andere woorden", "website": "websites",
    }[called]  # fmt: skip


def _and(parts: Iterable[str]) -> str:
    *first, last = list(parts) or [""]
    return f"{', '.join(first)} en {last}" if first else last
