"""The YAML files of `knowledge/`, read so that every mistake can be shown on its line."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, ClassVar

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_FILE_BYTES = 5_000_000
MAX_VALUES = 100_000
"""In one file; many times what the largest has."""
MAX_DEPTH = 20
_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))


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


class Keys(dict):
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
    path: tuple[str | int, ...] = field(default=(), compare=False)
    """Which value of its entry is wrong."""
    entry_line: int = field(default=0, compare=False)
    """Where its entry begins."""
    sort: str = field(default="", compare=False)
    """What the schema calls it, where the schema has it against it."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'let op: ' if self.warning else ''}{self.what} → {self.mend}"


@dataclass(frozen=True)
class Entry:
    """One entry of a file, as YAML gave it, with where it stands."""

    file: str
    data: Any
    line: int
    place: int | None = None
    """Its number in the list of the file; None when the file is one entry."""

    def line_of(self, path: Sequence[str | int]) -> int:
        """Return the line of the deepest part of `path` that the file has."""
        node, line = self.data, self.line
        for step in path:
            try:
                if isinstance(node, Keys | Items):
                    line = node.lines[step]
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return line

    def problem(self, path: Sequence[str | int], what: str, mend: str, warning: bool = False) -> Problem:
        """Return what is wrong with the value at `path`."""
        return Problem(self.file, self.line_of(path), what, mend, warning, tuple(path), self.line)


@dataclass(frozen=True)
class _Read:
    """What a file held when it was read last."""

    stamp: tuple[int, int] | None
    entries: list[Entry]
    problems: list[Problem]


class KnowledgeFiles:
    """The YAML files of a folder. One that has not changed since is not read again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, _Read] = {}
        self._tried: Mapping[str, str] = {}

    def trying(self, texts: Mapping[str, str]) -> "KnowledgeFiles":
        """Return the same files as if these, by name, held other texts."""
        other = KnowledgeFiles(self.folder)
        other._read, other._tried = self._read, texts
        return other

    def entries(self, pattern: str, problems: list[Problem]) -> Iterator[Entry]:
        """Yield the entries of all files that match; broken files become problems.

        A file holds a list of entries or is, as a whole, one entry.
        """
        for name in self.names(pattern):
            yield from self.of(name, problems)

    def of(self, name: str, problems: list[Problem]) -> list[Entry]:
        """Return the entries of one file."""
        read = self._file(name)
        problems.extend(read.problems)
        return read.entries

    def stamp(self) -> tuple:
        """Return what differs as soon as any file was changed, added or taken away."""
        found = ((path, path.stat()) for path in sorted(self.folder.rglob("*.yml")))
        return tuple((path, status.st_mtime_ns, status.st_size) for path, status in found)

    def names(self, pattern: str) -> list[str]:
        """Return the names of the files that match, in order."""
        found = {path.relative_to(self.folder).as_posix() for path in self.folder.glob(pattern)}
        tried = {name for name in self._tried if name.count("/") == pattern.count("/") and fnmatch(name, pattern)}
        return sorted(found | tried)

    def _file(self, name: str) -> _Read:
        if name in self._tried:
            return _parsed(name, self._tried[name], None)
        path = self.folder / name
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            held = self._read.get(name)
            if held is None or held.stamp != stamp:
                held = self._read[name] = _load(path, name, stamp)
        except OSError as error:
            problem = Problem(name, 1, f"het bestand kan niet worden gelezen ({error.strerror})", "kijk de rechten na")
            return _Read(None, [], [problem])
        return held


def _load(path: Path, name: str, stamp: tuple[int, int]) -> _Read:
    if stamp[1] > MAX_FILE_BYTES:
        problem = Problem(name, 1, "het bestand is groter dan 5 MB", "verdeel het over meer bestanden")
        return _Read(stamp, [], [problem])
    try:
        return _parsed(name, path.read_bytes().decode("utf-8").replace("\r\n", "\n"), stamp)
    except UnicodeDecodeError:
        problem = Problem(name, 1, "het bestand is geen tekst in UTF-8", "sla het op met de codering UTF-8")
        return _Read(stamp, [], [problem])


def _parsed(name: str, text: str, stamp: tuple[int, int] | None) -> _Read:
    problems: list[Problem] = []
    document = _document(name, text, problems)
    if isinstance(document, Items):
        entries = [Entry(name, document[place], line, place) for place, line in enumerate(document.lines)]
    else:
        entries = [] if document is None else [Entry(name, document, 1)]
    return _Read(stamp, entries, problems)


def _document(name: str, text: str, problems: list[Problem]) -> Any:
    try:
        _count_values(text)
        if _has_alias(text):
            problems.append(Problem(name, 1, "er staat een YAML-verwijzing (* of &)", "schrijf de tekst voluit"))
            return None
        node = compose(text)
        return value_of(node) if node else None
    except MarkedYAMLError as error:
        problems.append(Problem(name, _line(error), *_explain(error, text)))
    except YAMLError as error:
        problems.append(Problem(name, 1, f"dit is geen geldige YAML ({error})", "kijk naar tekens die je niet kent"))
    return None


def compose(text: str) -> Node | None:
    """Return the tree of a YAML text, of which each node knows where it stands; None of an empty text.

    Raises:
        YAMLError: it is no valid YAML.
    """
    return _Loader(text).get_single_node()


def scan(text: str) -> Iterator[yaml.ScalarToken]:
    """Yield the values and keys of a YAML text as they stand in it, one after another."""
    return (token for token in yaml.scan(text, Loader=_Loader) if isinstance(token, yaml.ScalarToken))


def value_of(node: Node) -> Any:
    """Return what a node of YAML holds, with the lines of its parts.

    Raises:
        MarkedYAMLError: a key stands twice in one block, or there is what no file of the knowledge needs.
    """
    return _Builder(_Loader("")).build(node)


class _Builder:
    """Makes of the nodes of YAML what they hold, with the lines of their parts; within bounds, whatever they are."""

    def __init__(self, loader: _Loader) -> None:
        self._loader = loader

    def build(self, node: Node, depth: int = 1) -> Any:
        """Return what a node holds.

        Raises:
            MarkedYAMLError: it is of no kind that the knowledge has, or too deep.
        """
        if depth > MAX_DEPTH:
            raise _error("maximum nesting depth", node)
        if node.tag not in _TAGS:
            raise _error("unknown tag", node)
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if isinstance(node, SequenceNode):
            items = Items(self.build(part, depth + 1) for part in node.value)
            items.lines = [part.start_mark.line + 1 for part in node.value]
            return items
        return self._mapping(node, depth)

    def _scalar(self, node: ScalarNode) -> Any:
        try:
            return self._loader.construct_object(node)
        except (
            ValueError,
            KeyError,
            IndexError,
        ) as error:  # "!!int veel", a number without end
            raise _error("impossible value", node) from error

    def _mapping(self, node: MappingNode, depth: int) -> Keys:
        mapping = Keys()
        mapping.lines = {}
        for key_node, value_node in node.value:
            name = self.build(key_node, depth + 1)
            if not isinstance(name, Hashable) or name in mapping:
                raise _error("duplicate key", key_node)
            mapping[name] = self.build(value_node, depth + 1)
            mapping.lines[name] = key_node.start_mark.line + 1
        return mapping


def _error(problem: str, node: Node) -> MarkedYAMLError:
    return MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


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


_BOUNDS = {
    "too many values": (f"het bestand heeft meer dan {MAX_VALUES} waarden", "verdeel het over meer bestanden"),
    "maximum nesting depth": (
        f"de blokken zitten te diep in elkaar (meer dan {MAX_DEPTH} niveaus)",
        "kijk naar een ander item: dat heeft er hooguit vijf; misschien staan er haken of accolades te veel",
    ),
    "unknown tag": ("er staat een YAML-tag (een woord met ! ervoor)", "zet de tekst tussen aanhalingstekens"),
    "could not determine a constructor": (
        "er staat een YAML-tag (een woord met ! ervoor)",
        "zet de tekst tussen aanhalingstekens",
    ),
    "impossible value": ("deze waarde is geen getal, ja of nee dat ik kan lezen", "zet hem tussen aanhalingstekens"),
}
"""What no file of ours needs, and what would take the computer's memory or time."""


def _count_values(text: str) -> None:
    """Look whether a file can be built in a reasonable time; short ones always can.

    Raises:
        MarkedYAMLError: it holds too many values.
    """
    if len(text) <= MAX_VALUES:
        return
    values = 0
    for event in yaml.parse(text, Loader=_Loader):
        values += isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        if values > MAX_VALUES:
            raise MarkedYAMLError(problem="too many values", problem_mark=event.start_mark)


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
    if known := next((mend for mark, mend in _BOUNDS.items() if mark in problem), None):
        return known
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
