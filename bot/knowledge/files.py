"""The YAML files of `knowledge/`, read so that every mistake can be shown on its line."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import Node, ScalarNode, SequenceNode

MAX_FILE_BYTES = 5_000_000


class _Loader(yaml.CSafeLoader):
    """libyaml, which reads ten times as fast as a parser in Python.

    Resolves words as YAML 1.2 does: `ja`, `on` and `12:30` are texts. So are dates: 31 February is
    for the check to name, on its line.
    """

    yaml_implicit_resolvers: ClassVar[dict] = {}


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(?:0|[1-9]\d*)", "-+0123456789"),
    ("float", r"[-+]?\d+\.\d+", "-+0123456789"),
    ("null", r"~|null|", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), list(_first))


class Mapping(dict):
    """A block of keys; `lines` says on which line each of them stands."""

    lines: dict[Any, int]


class Items(list):
    """A list; `lines` says on which line each of its entries stands."""

    lines: list[int]


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, where, and how to mend it. Warnings do not stop a publish."""

    file: str
    line: int
    what: str
    mend: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'let op: ' if self.warning else ''}{self.what} → {self.mend}"


@dataclass(frozen=True)
class Entry:
    """One entry of a file, as YAML gave it, with where it stands."""

    file: str
    data: Any
    line: int

    def line_of(self, path: Sequence[str | int]) -> int:
        """Return the line of the deepest part of `path` that the file has."""
        node, line = self.data, self.line
        for step in path:
            try:
                if isinstance(node, Mapping | Items):
                    line = node.lines[step]
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return line


def read_entries(folder: Path, pattern: str, problems: list[Problem]) -> Iterator[Entry]:
    """Yield the entries of all files under `folder` that match; broken files become problems.

    A file holds a list of entries or is, as a whole, one entry.
    """
    for path in sorted(folder.glob(pattern)):
        name = path.relative_to(folder).as_posix()
        document = _load(path, name, problems)
        if isinstance(document, Items):
            for entry, line in zip(document, document.lines, strict=True):
                yield Entry(name, entry, line)
        elif document is not None:
            yield Entry(name, document, 1)


def _load(path: Path, name: str, problems: list[Problem]) -> Any:
    if path.stat().st_size > MAX_FILE_BYTES:
        problems.append(Problem(name, 1, "het bestand is groter dan 5 MB", "verdeel het over meer bestanden"))
        return None
    try:
        text = path.read_text("utf-8")
        if _has_alias(text):
            problems.append(Problem(name, 1, "er staat een YAML-verwijzing (* of &)", "schrijf de tekst voluit"))
            return None
        loader = _Loader(text)
        node = loader.get_single_node()
        return _built(loader, node) if node else None
    except UnicodeDecodeError:
        problems.append(Problem(name, 1, "het bestand is geen tekst in UTF-8", "sla het op met de codering UTF-8"))
    except MarkedYAMLError as error:
        problems.append(Problem(name, _line(error), *_explain(error, text)))
    except YAMLError as error:
        problems.append(Problem(name, 1, f"dit is geen geldige YAML ({error})", "kijk naar tekens die je niet kent"))
    return None


def _built(loader: _Loader, node: Node) -> Any:
    """Return what a node of YAML holds, with the lines of its parts."""
    if isinstance(node, ScalarNode):
        return loader.construct_object(node)
    if isinstance(node, SequenceNode):
        items = Items(_built(loader, part) for part in node.value)
        items.lines = [part.start_mark.line + 1 for part in node.value]
        return items
    mapping = Mapping()
    mapping.lines = {}
    for key_node, value_node in node.value:
        name = _built(loader, key_node)
        if not isinstance(name, Hashable) or name in mapping:
            raise MarkedYAMLError(problem="duplicate key", problem_mark=key_node.start_mark)
        mapping[name] = _built(loader, value_node)
        mapping.lines[name] = key_node.start_mark.line + 1
    return mapping


def _line(error: MarkedYAMLError) -> int:
    """Return the line on which to look: of an open quote, where it begins, not the end of the file."""
    marks = (error.problem_mark, error.context_mark)
    mark = next(filter(None, reversed(marks) if "quoted scalar" in str(error.context) else marks), None)
    return mark.line + 1 if mark else 1


def _has_alias(text: str) -> bool:
    """Tell whether YAML aliases are used: staff never need them, and a few lines can blow up to gigabytes."""
    if "&" not in text or "*" not in text:
        return False
    return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Loader))


def _explain(error: MarkedYAMLError, text: str) -> tuple[str, str]:
    """Say in Dutch what YAML stumbles over, and how to mend it."""
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    problem = str(error.problem or error.context or "")
    if "\t" in line[: len(line) - len(line.lstrip())] or r"'\t'" in problem:
        return "er staat een tab", "gebruik spaties om in te springen, geen tabs"
    if "mapping values are not allowed" in problem:
        return (
            "er staat een dubbele punt die YAML niet begrijpt",
            "zet de hele tekst tussen dubbele aanhalingstekens",
        )
    if "duplicate key" in problem:
        return "een sleutel staat twee keer in dit blok", "laat er één staan"
    if "expected <block end>" in problem or "did not find expected" in problem or "could not find expected" in problem:
        return (
            "de regels springen niet goed in of er mist een streepje, dubbele punt of aanhalingsteken",
            "vergelijk deze en de vorige regel met een ander item",
        )
    if "quoted scalar" in problem or "quoted scalar" in str(error.context or ""):
        return (
            "een aanhalingsteken wordt niet gesloten",
            "zet aan het eind van de tekst hetzelfde aanhalingsteken",
        )
    return f"dit is geen geldige YAML ({problem})", "vergelijk deze en de vorige regel met een ander item"
