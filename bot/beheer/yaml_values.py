"""How a new value is written in a YAML file: in the style that the files of `knowledge/` have."""

import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

BLOCK_LISTS = ("voorbeeldvragen",)
"""Lists of texts of which every one stands on a line of its own; others stand on one line."""
LONG_TEXTS = ("antwoord", "tekst", "uitleg", "omschrijving")
_WIDE = 100_000
_PLAIN = re.compile(r"[^\W_].*")
_PLAIN_IN_FLOW = re.compile(r"[^\W_][\w .()/&+'-]*")


def is_empty(value: Any) -> bool:
    """Tell whether a value says nothing, so that its key may be left out."""
    return value is None or value is False or value in ("", [], {})


def pair(name: str, value: Any, column: int) -> str:
    """Return a key with its value, as it is written at a column; the first line is not indented."""
    return _indented(_dump(CommentedMap({name: _styled(value, name)})), column)


def list_item(value: Any, column: int) -> str:
    """Return a value as an entry of a list, with its dash at a column; the first line is not indented."""
    lines = _dump(_styled(value)).split("\n")
    return _indented("\n".join(["- " + lines[0], *(f"  {line}" if line else "" for line in lines[1:])]), column)


def one_line(value: Any) -> str:
    """Return a value as it is written between [ ] or { }."""
    if isinstance(value, Mapping):
        return _dump(_flow_map(value))
    return _dump(_flow_list([value]))[1:-1]


def _styled(value: Any, name: str = "") -> Any:
    if isinstance(value, Mapping):
        return CommentedMap(
            {key: _styled(part, key) for key, part in value.items() if not is_empty(part) or part is False}
        )
    if isinstance(value, list):
        if name in BLOCK_LISTS or any(isinstance(part, Mapping) for part in value):
            return CommentedSeq([_styled(part) for part in value])
        return _flow_list(value)
    if isinstance(value, str) and (name in LONG_TEXTS or "\n" in value):
        return LiteralScalarString(value.strip("\n") + "\n")
    return _quoted(value, _PLAIN)


def _flow_list(values: list[Any]) -> CommentedSeq:
    flow = CommentedSeq([_in_flow(value) for value in values])
    flow.fa.set_flow_style()
    return flow


def _flow_map(value: Mapping[str, Any]) -> CommentedMap:
    flow = CommentedMap({key: _in_flow(part) for key, part in value.items() if not is_empty(part)})
    flow.fa.set_flow_style()
    return flow


def _in_flow(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _flow_map(value)
    return _flow_list(value) if isinstance(value, list) else _quoted(value, _PLAIN_IN_FLOW)


def _quoted(value: Any, plain: re.Pattern) -> Any:
    """Return a text in quotes, unless every reader of YAML takes it for a text without them."""
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not plain.fullmatch(value) else value


def _dump(value: Any) -> str:
    yaml = YAML()
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _: True  # the check refuses them
    text = StringIO()
    yaml.dump(value, text)
    return text.getvalue().removesuffix("...\n").rstrip("\n")


def _indented(text: str, column: int) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{' ' * column}{line}" if line else "" for line in rest)])
