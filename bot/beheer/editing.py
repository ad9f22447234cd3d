"""What is in a form that is being filled in: its values, its fields, and how two people's changes go together."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from bot.beheer.catalogue import Catalogue
from bot.beheer.differences import Piece, word_pieces
from bot.beheer.entries import BODY, MODELS, lean
from bot.beheer.forms import Builder, Choices, Field, in_form, values_of, without_defaults
from bot.beheer.labels import label_of
from bot.beheer.yaml_text import same
from bot.knowledge.files import Problem
from bot.language.text import fold

ADDABLE = ("item", "initiatief", BODY, "bron", "woord")
"""Of what kinds new entries can be made here; others come with a file of their own."""
PREFILLED: dict[str, dict[str, Any]] = {"bron": {"gecontroleerd_op": None}, "woord": {"gecontroleerd_op": None}}
MAX_ID = 60
MUCH_ALIKE = 0.5
_HIDDEN = {"landsdeel": ("organisaties",)}
"""What has forms of its own."""
_REFERENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "item": {
        "thema": ("thema",),
        "bronnen": ("bron",),
        "zie_ook": ("item", "initiatief"),
        "landsdeel": ("landsdeel",),
        "opzoeken": ("tabel", "lijst"),
    },
    "initiatief": {"bronnen": ("bron",), "landsdeel": ("landsdeel",)},
    "landsdeel": {"bronnen": ("bron",)},
    BODY: {"bronnen": ("bron",)},
    "tabel": {"bronnen": ("bron",)},
    "lijst": {"bronnen": ("bron",)},
    "thema": {"startvragen": ("item",)},
    "website": {"themas": ("thema",)},
}
"""Which fields of which kind refer to entries, and of what kinds."""


@dataclass(frozen=True)
class Draft:
    """An entry as somebody is writing it."""

    kind: str
    values: dict[str, Any]

    @classmethod
    def sent(cls, kind: str, sent: Mapping[str, Sequence[str]], shown: Mapping[str, Any] | None = None) -> "Draft":
        """Return what a form sent, of an entry that was `shown` or of a new one."""
        values = without_defaults(MODELS[kind], values_of(MODELS[kind], sent, shown), shown or {})
        hidden = ("id", *_HIDDEN.get(kind, ())) if shown else _HIDDEN.get(kind, ())
        return cls(kind, {name: value for name, value in values.items() if name not in hidden})

    def fields(self, catalogue: Catalogue, problems: Sequence[Problem], new: bool) -> list[Field]:
        """Return the fields of the form; the id can only be chosen once."""
        hidden = _HIDDEN.get(self.kind, ()) if new else ("id", *_HIDDEN.get(self.kind, ()))
        builder = Builder(_choices(self.kind, catalogue), problems, hidden, _axes(self.values))
        return builder.fields(MODELS[self.kind], self.values)


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else changed since it was shown."""

    label: str
    theirs: Sequence[Piece]
    yours: Sequence[Piece]
    """Empty when you did not change it."""
    kept: bool
    """Whether the form now holds your text, and theirs would go."""


@dataclass(frozen=True)
class Remark:
    """Something that keeps a form from being saved."""

    text: str
    field: str
    """The name of the field; empty when it is about something else."""
    file: str


def conflicts_between(
    kind: str, shown: Mapping[str, Any], theirs: Mapping[str, Any], yours: Mapping[str, Any]
) -> list[Conflict]:
    """Return what another one changed, beside what you changed."""
    found = []
    for name in MODELS[kind].model_fields:
        old, their, your = shown.get(name), theirs.get(name), yours.get(name, theirs.get(name))
        if same(old, their) or same(their, your):
            continue
        mine = not same(old, your)
        yours_shown = _difference(_text(old), _text(your)) if mine else []
        label = label_of(MODELS[kind].__name__, name).text
        found.append(Conflict(label, _difference(_text(old), _text(their)), yours_shown, mine))
    return found


def _difference(old: str, new: str) -> list[Piece]:
    """Return what changed by words; of texts that have little in common, all of both."""
    if SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio() >= MUCH_ALIKE:
        return word_pieces(old, new)
    return [Piece(kind, text) for kind, text in (("weg", old), ("erbij", new)) if text]


def merged(shown: Mapping[str, Any], theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> dict[str, Any]:
    """Return your values for what you changed, and theirs for all else."""
    mine = {name: value for name, value in yours.items() if not same(shown.get(name), value)}
    return {**theirs, **mine}


def proposed_id(values: Mapping[str, Any], taken: Iterable[str]) -> str:
    """Return an id made of the question or name, that is not taken yet."""
    title = next((str(values[name]) for name in ("vraag", "naam", "titel") if values.get(name)), "nieuw")
    base = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:MAX_ID].strip("-") or "nieuw"
    held, number, proposal = set(taken), 2, base
    while proposal in held:
        proposal, number = f"{base}-{number}", number + 1
    return proposal


def remarks(kind: str, problems: Sequence[Problem]) -> list[Remark]:
    """Return what to tell above the form."""
    found = []
    for problem in problems:
        names = [step for step in problem.path if isinstance(step, str)]
        if names:
            called = label_of(MODELS[kind].__name__ if len(names) == 1 else "", names[-1]).text
            found.append(Remark(f"{called}: {in_form(problem)}", ".".join(map(str, problem.path)), problem.file))
        else:
            found.append(Remark(in_form(problem), "", problem.file))
    return found


def _choices(kind: str, catalogue: Catalogue) -> Choices:
    return {name: catalogue.choices(*kinds) for name, kinds in _REFERENCES.get(kind, {}).items()}


def _axes(values: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the ids of the rows and columns of a table."""

    def ids(name: str) -> list[str]:
        parts = values.get(name)
        return [str(part["id"]) for part in parts or () if isinstance(part, Mapping) and part.get("id")]

    return ids("rijen"), ids("kolommen")


def _text(value: Any) -> str:
    """Return a value as a person reads it."""
    value = lean(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_text(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return "" if value is None else str(value).strip()
