"""Forms made from the schema: from the values of an entry to fields, and from what was sent back to values."""

import re
import types
import typing
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.beheer.labels import FIRST, FOLDED, label_of
from bot.knowledge.files import Problem
from bot.knowledge.schema import FullDate, PartialDate, Text

Widget = Literal[
    "regel",
    "tekst",
    "keuze",
    "vinkjes",
    "datum",
    "getal",
    "ja_nee",
    "regels",
    "verwijzingen",
    "blok",
    "rijen",
    "raster",
]
Choices = Mapping[str, Sequence[tuple[str, str]]]
"""For a field that refers to entries: their ids, and what they are called."""
EMPTY_ROWS = 1
_NUMBER = re.compile(r"-?\d{1,15}")
_YEAR = re.compile(r"[1-9]\d{3}")
_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Field:
    """A field of a form; a block has parts, a list of blocks has rows of parts."""

    path: tuple[str | int, ...]
    label: str
    help: str
    widget: Widget
    value: Any = None
    required: bool = False
    max_length: int | None = None
    options: Sequence[tuple[str, str]] = ()
    problems: Sequence[str] = ()
    parts: Sequence["Field"] = ()
    rows: Sequence[Sequence["Field"]] = ()
    folded: bool = False
    axes: tuple[Sequence[str], Sequence[str]] = ((), ())
    """The rows and columns of a grid."""

    @property
    def name(self) -> str:
        """Return its name in what is sent: `links.0.url`."""
        return ".".join(map(str, self.path))

    @property
    def wrong(self) -> bool:
        """Tell whether there is a problem in it, however deep."""
        inner = [*self.parts, *(part for row in self.rows for part in row)]
        return bool(self.problems) or any(part.wrong for part in inner)


@dataclass(frozen=True)
class Builder:
    """Makes fields of a model."""

    choices: Choices
    problems: Sequence[Problem] = ()
    hidden: Sequence[str] = ()
    """Names at the top that this form does not show."""
    axes: tuple[Sequence[str], Sequence[str]] = ((), ())
    """The rows and columns of the grids in it."""

    def fields(self, model: type[BaseModel], data: Mapping[str, Any], path: tuple[str | int, ...] = ()) -> list[Field]:
        """Return the fields of a (part of the) form, in the order in which a person fills them in."""
        hints = typing.get_type_hints(model, include_extras=True)
        first = FIRST.get(model.__name__, ())
        names = [*first, *(name for name in model.model_fields if name not in first)]
        shown = [name for name in names if path or name not in self.hidden]
        return [self._field(model, name, hints[name], data.get(name), (*path, name)) for name in shown]

    def _field(self, model: type[BaseModel], name: str, hint: Any, value: Any, path: tuple[str | int, ...]) -> Field:
        info = model.model_fields[name]
        label = label_of(model.__name__, name)
        widget, inner = widget_of(hint, name in self.choices)
        made = Field(
            path,
            label.text,
            label.help,
            widget,
            info.default if value is None and widget == "keuze" and not info.is_required() else value,
            required=info.is_required() and len(path) == 1 and widget in ("regel", "tekst", "datum", "getal", "keuze"),
            max_length=_max_length(info),
            options=self._options(widget, inner, info, path),
            problems=[in_form(problem) for problem in self.problems if _belongs(problem.path, path, widget)],
            folded=len(path) == 1 and name in FOLDED.get(model.__name__, ()),
            axes=self.axes,
        )
        if widget == "blok":
            return replace(made, parts=self.fields(inner, value if isinstance(value, Mapping) else {}, path))
        if widget == "rijen":
            held = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
            rows = [*held, *({} for _ in range(EMPTY_ROWS))]
            return replace(made, rows=[self.fields(inner, row, (*path, number)) for number, row in enumerate(rows)])
        return made

    def _options(
        self, widget: Widget, inner: Any, info: FieldInfo, path: tuple[str | int, ...]
    ) -> Sequence[tuple[str, str]]:
        choices = self.choices.get(str(path[-1]))
        if choices is None and widget in ("vinkjes", "keuze"):
            choices = [(str(value), str(value)) for value in get_args(inner)]
        nothing = info.is_required() or info.default is None
        may_stay_open = widget == "keuze" and nothing and (not info.is_required() or len(path) > 1)
        return [("", "–"), *(choices or ())] if may_stay_open else choices or ()


def widget_of(hint: Any, refers: bool) -> tuple[Widget, Any]:
    """Return how a type is asked for, and the type of its parts."""
    hint = _without_none(hint)
    if hint == FullDate:
        return "datum", date
    if hint == Text:
        return "tekst", str
    bare = get_args(hint)[0] if get_origin(hint) is typing.Annotated else hint
    if get_origin(bare) is list:
        return _widget_of_list(get_args(bare)[0], refers)
    if get_origin(bare) is dict:
        return "raster", None
    if get_origin(bare) is Literal:
        return "keuze", bare
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return "blok", bare
    if bare is bool:
        return "ja_nee", bool
    if bare is int:
        return "getal", int
    return ("keuze" if refers else "regel"), hint


def _widget_of_list(inner: Any, refers: bool) -> tuple[Widget, Any]:
    bare = get_args(inner)[0] if get_origin(inner) is typing.Annotated else inner
    if get_origin(bare) is Literal:
        return "vinkjes", bare
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return "rijen", bare
    return ("verwijzingen" if refers else "regels"), str


def values_of(
    model: type[BaseModel], sent: Mapping[str, Sequence[str]], held: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the values that a form sent; None and empty lists for what was left open.

    `sent` has every value that came with a name. What cannot be what it should (a date, a number) is
    kept as it was typed: the check says what is wrong with it. What is ticked keeps the order in which
    it is `held`.
    """
    return _values(model, sent, (), held or {})


def _values(
    model: type[BaseModel], sent: Mapping[str, Sequence[str]], path: tuple[str | int, ...], held: Any
) -> dict[str, Any]:
    hints = typing.get_type_hints(model, include_extras=True)
    before = held if isinstance(held, Mapping) else {}
    return {name: _value(hints[name], sent, (*path, name), before.get(name)) for name in model.model_fields}


def _value(hint: Any, sent: Mapping[str, Sequence[str]], path: tuple[str | int, ...], held: Any) -> Any:
    widget, inner = widget_of(hint, refers=False)
    name = ".".join(map(str, path))
    if widget == "blok":
        values = _values(inner, sent, path, held)
        return values if _says_something(values) else None
    if widget == "rijen":
        rows = [_values(inner, sent, (*path, number), None) for number in _numbers(sent, name)]
        return [row for row in rows if _says_something(row)]
    if widget == "raster":
        return _grid(sent, name)
    if widget == "vinkjes":
        ticked = [value for value in map(tidy_line, sent.get(name, ())) if value]
        before = [value for value in held if value in ticked] if isinstance(held, list) else []
        return [*before, *(value for value in ticked if value not in before)]
    if widget == "regels":
        lines = (line for value in sent.get(name, ()) for line in value.splitlines())
        return [line for line in map(tidy_line, lines) if line]
    first = next(iter(sent.get(name, ())), "")
    if widget == "ja_nee":
        return first == "ja"
    return _scalar(hint, widget, first)


def _scalar(hint: Any, widget: Widget, typed: str) -> Any:
    if widget == "tekst":
        return tidy_text(typed) or None
    line = tidy_line(typed)
    if not line:
        return None
    partial = _without_none(hint) == PartialDate
    if (widget == "getal" and _NUMBER.fullmatch(line)) or (partial and _YEAR.fullmatch(line)):
        return int(line)
    if (widget == "datum" or partial) and _FULL_DATE.fullmatch(line):
        with suppress(ValueError):
            return date.fromisoformat(line)
    return line


def _grid(sent: Mapping[str, Sequence[str]], name: str) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for key, values in sent.items():
        if key.startswith(f"{name}.") and key.count(".") == name.count(".") + 2:
            row, column = key.removeprefix(f"{name}.").split(".")
            typed = tidy_line(next(iter(values), ""))
            if typed:
                rows.setdefault(row, {})[column] = int(typed) if _NUMBER.fullmatch(typed) else typed
    return rows


def _numbers(sent: Mapping[str, Sequence[str]], name: str) -> list[int]:
    """Return which rows of a list were sent, in order."""
    heads = (key.removeprefix(f"{name}.").split(".")[0] for key in sent if key.startswith(f"{name}."))
    return sorted({int(head) for head in heads if head.isascii() and head.isdigit() and len(head) < 6})


def tidy_line(text: str) -> str:
    """Return a text on one line, without signs that are no text."""
    return " ".join(tidy_text(text).split())


def tidy_text(text: str) -> str:
    """Return a text in NFC with plain line ends, without signs that are no text and spaces at the end of lines."""
    text = unicodedata.normalize("NFC", text).replace("\t", " ")
    text = "\n".join("".join(filter(_is_text, line)).rstrip() for line in text.splitlines())
    return text.strip("\n").strip()


def _is_text(sign: str) -> bool:
    """Tell whether a sign can stand in a text; the marks that Arabic and emoji need can, surrogates cannot."""
    return unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co") and sign != "\ufeff"


def _says_something(values: Mapping[str, Any]) -> bool:
    return any(
        _says_something(value) if isinstance(value, Mapping) else value not in (None, "", [], False)
        for value in values.values()
    )


def in_form(problem: Problem) -> str:
    """Return what is wrong as it stands beside its field."""
    if problem.sort in ("missing", "too_short", "string_too_short"):
        return "Vul dit in."
    what = re.sub(r"^[a-z0-9-]+: ", "", problem.what)
    return f"{what[:1].upper()}{what[1:]}. {problem.mend[:1].upper()}{problem.mend[1:]}."


def _belongs(problem: Sequence[str | int], path: Sequence[str | int], widget: Widget) -> bool:
    """Tell whether a problem is shown at a field: at the deepest one that has it."""
    if widget in ("blok", "rijen"):
        return tuple(problem) == tuple(path) or (widget == "rijen" and tuple(problem[:-1]) == tuple(path))
    return tuple(problem[: len(path)]) == tuple(path)


def _max_length(info: FieldInfo) -> int | None:
    return next((part.max_length for part in reversed(info.metadata) if hasattr(part, "max_length")), None)


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (typing.Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def without_defaults(model: type[BaseModel], values: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without those that a file need not say: a default that it did not have before."""
    fields = model.model_fields
    return {
        name: None if name not in held and not fields[name].is_required() and value == fields[name].default else value
        for name, value in values.items()
    }


def sent_values(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[str]]:
    """Return what a form sent, every value under its name; files are left out."""
    sent: dict[str, list[str]] = {}
    for name, value in pairs:
        if isinstance(value, str):
            sent.setdefault(name, []).append(value)
    return sent
