"""The entries of `knowledge/` for staff: found, changed, added and taken away in their files.

The files stay the truth: they are read again as soon as somebody changed them by hand, and a save
touches nothing but the lines of its entry.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from errno import ENOSPC
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import BaseModel

from bot.beheer import yaml_text
from bot.beheer.yaml_values import is_empty
from bot.knowledge.check import check, problems_of
from bot.knowledge.files import Entry, KnowledgeFiles, Problem
from bot.knowledge.layout import PARTS
from bot.knowledge.schema import Knowledge, Organisatie
from bot.knowledge.writing import write_whole

BODY = "organisatie"
"""The kind of entry that stands inside another one: in its landsdeel."""
MODELS: dict[str, type[BaseModel]] = {name: part.model for name, part in PARTS.items()} | {BODY: Organisatie}
EDITABLE = ("item", "initiatief", "landsdeel", BODY, "tabel", "lijst", "bron", "thema", "woord", "website")


class UnknownError(LookupError):
    """There is no such entry (any more)."""


class UnsavedError(RuntimeError):
    """The file could not be written; the message says in Dutch why. It is as it was."""


class RefusedError(ValueError):
    """What was to be saved is not right; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
        """Those of the entry itself have the path of the value in it; those of others have none."""


class ConflictError(RuntimeError):
    """Somebody else changed the entry since it was shown; nothing was written."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        super().__init__("veranderd door een ander")
        self.theirs = theirs


@dataclass(frozen=True)
class Held:
    """An entry as it stands in its file."""

    kind: str
    entry: Entry
    body: int | None = None
    """For an organisation: its number in the landsdeel."""

    @property
    def data(self) -> Mapping[str, Any]:
        """Return its values, as YAML gave them."""
        whole = self.entry.data
        data = whole if self.body is None else whole["organisaties"][self.body]
        return data if isinstance(data, Mapping) else {}

    @property
    def id(self) -> str:
        """Return its id; empty when it has none."""
        return str(self.data.get("id") or "")

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return self.entry.file

    @property
    def line(self) -> int:
        """Return the line on which it begins."""
        return self.entry.line if self.body is None else self.entry.line_of(["organisaties", self.body])

    @property
    def path(self) -> tuple[str | int, ...]:
        """Return where it stands inside the entry of the file."""
        return () if self.body is None else ("organisaties", self.body)


class Entries:
    """Finds and changes entries. Several threads and processes may use one folder."""

    def __init__(self, folder: Path, lock: Path) -> None:
        self.folder = folder
        self._files = KnowledgeFiles(folder)
        lock.parent.mkdir(parents=True, exist_ok=True)
        self.lock = FileLock(lock)
        """To be held by whoever writes files."""
        self._checked: tuple[tuple, Knowledge | None, list[Problem]] | None = None

    def stamp(self) -> tuple:
        """Return what differs as soon as any file changed, or the day."""
        return (date.today(), *self._files.stamp())

    def of(self, *kinds: str) -> Iterator[Held]:
        """Yield the entries of these kinds in the order of the files, broken ones too as far as they can be read."""
        unread: list[Problem] = []
        for kind in kinds:
            for pattern in _patterns(kind):
                for entry in self._files.entries(pattern, unread):
                    yield from _held(kind, entry)

    def find(self, kind: str, entry_id: str) -> Held:
        """Return an entry.

        Raises:
            UnknownError: there is none.
        """
        if kind not in EDITABLE:
            raise UnknownError(kind)
        found = next((held for held in self.of(kind) if held.id == entry_id), None)
        if found is None:
            raise UnknownError(entry_id)
        return found

    def file_names(self, kind: str) -> list[str]:
        """Return the names of the files that an entry of a kind can be added to."""
        return [
            name
            for pattern in PARTS["landsdeel" if kind == BODY else kind].patterns
            for name in self._files.names(pattern)
        ]

    def check(self) -> tuple[Knowledge | None, list[Problem]]:
        """Return the knowledge, None with any error, and all problems; looked at again only after a change."""
        stamp = self.stamp()
        if self._checked is None or self._checked[0] != stamp:
            self._checked = (stamp, *check(self._files))
        return self._checked[1], self._checked[2]

    def change(self, held: Held, wanted: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
        """Give an entry other values for these keys; `shown` are all values that the editor saw.

        Raises:
            ConflictError: the entry is no longer as it was shown.
            RefusedError: the result is not right.
            UnknownError: the entry is gone.
            UnsavedError: the file could not be written.
        """
        with self.lock:
            current = self._unchanged(held, shown)
            values = {**current.data, **wanted}
            self._refuse_by_schema(current.kind, values)
            whole = _with_value(current.entry.data, current.path, values)
            text = self._written(yaml_text.changed, current.file, current.entry.place, whole)
            self._save(current.file, text, current.entry.place, current.path)

    def add(self, kind: str, file: str, wanted: Mapping[str, Any]) -> None:
        """Add an entry to a file; an organisation, to the landsdeel of the file.

        Raises:
            RefusedError: the result is not right.
            UnknownError: this file cannot hold such an entry.
            UnsavedError: the file could not be written.
        """
        with self.lock:
            if file not in self.file_names(kind):
                raise UnknownError(file)
            self._refuse_by_schema(kind, wanted)
            held = self._files.of(file, [])
            if kind == BODY:
                path = ("organisaties", len(held[0].data.get("organisaties") or []))
                text = self._written(yaml_text.changed, file, None, _with_value(held[0].data, path, lean(wanted)))
                self._save(file, text, None, path)
            elif held and held[0].place is None:
                raise UnknownError(file)  # a file that is one entry
            else:
                self._save(file, self._written(yaml_text.added, file, lean(wanted)), len(held))

    def remove(self, held: Held, shown: Mapping[str, Any]) -> None:
        """Take an entry away.

        Raises:
            ConflictError: the entry is no longer as it was shown.
            RefusedError: others refer to it, or it is all that its file holds.
            UnknownError: it is gone already.
            UnsavedError: the file could not be written.
        """
        with self.lock:
            current = self._unchanged(held, shown)
            place = current.entry.place
            if current.body is not None:
                bodies = list(current.entry.data["organisaties"])
                del bodies[current.body]
                whole = {**current.entry.data, "organisaties": bodies}
                text = self._written(yaml_text.changed, current.file, place, whole)
            elif place is None:
                what = "dit is het enige in zijn bestand"
                raise RefusedError([current.entry.problem([], what, "haal het bestand zelf weg uit de map knowledge")])
            else:
                text = self._written(yaml_text.removed, current.file, place)
            self._save(current.file, text)

    def _unchanged(self, held: Held, shown: Mapping[str, Any]) -> Held:
        current = self.find(held.kind, held.id)
        if as_json(current.data) != as_json(shown):
            raise ConflictError(current.data)
        return current

    def _refuse_by_schema(self, kind: str, wanted: Mapping[str, Any]) -> None:
        problems = problems_of(MODELS[kind], Entry("", lean(wanted), 0))
        if problems:
            raise RefusedError(problems)

    def _written(self, edit: Callable[..., str], file: str, *arguments: Any) -> str:
        """Return the text of a file after an edit; one that would not say what it should, is refused."""
        try:
            return edit((self.folder / file).read_text("utf-8"), *arguments)
        except yaml_text.EditError as error:
            mend = "haal vreemde tekens weg; helpt dat niet, verander het bestand dan zelf"
            raise RefusedError([Problem(file, 1, str(error), mend)]) from error

    def _save(self, file: str, text: str, place: int | None = None, path: tuple[str | int, ...] = ()) -> None:
        """Write a file, unless that brings errors that were not there before.

        `place` and `path` say which entry of the file is edited, to tell its errors from those of others.
        """
        before = {(problem.file, problem.what) for problem in self.check()[1]}
        tried = self._files.trying({file: text})
        _, after = check(tried)
        fresh = [problem for problem in after if not problem.warning and (problem.file, problem.what) not in before]
        if fresh:
            own = (
                next((entry.line for entry in tried.of(file, []) if entry.place == place), 0) if path is not None else 0
            )
            raise RefusedError([_seen_from(problem, file, own, path or ()) for problem in fresh])
        try:
            windows = b"\r\n" in (self.folder / file).read_bytes()
            write_whole(self.folder / file, text.replace("\n", "\r\n") if windows else text)
        except OSError as error:
            why = "de schijf is vol" if error.errno == ENOSPC else (error.strerror or "onbekende fout")
            raise UnsavedError(f"Opslaan lukte niet: {why}. Het bestand {file} is niet veranderd.") from error


def as_json(data: Mapping[str, Any]) -> str:
    """Return the values of an entry as one text: to compare them, and to let a form bring along what it showed."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)


def lean(value: Any) -> Any:
    """Return a value without what says nothing: what is empty is left out of a file."""
    if isinstance(value, Mapping):
        parts = {name: lean(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part is False or not is_empty(part)}
    if isinstance(value, list):
        return [lean(part) for part in value]
    return value


def _patterns(kind: str) -> tuple[str, ...]:
    return PARTS["landsdeel" if kind == BODY else kind].patterns


def _held(kind: str, entry: Entry) -> Iterable[Held]:
    if kind != BODY:
        return [Held(kind, entry)]
    bodies = entry.data.get("organisaties") if isinstance(entry.data, Mapping) else None
    return [Held(kind, entry, number) for number in range(len(bodies or []))]


def _with_value(data: Mapping[str, Any], path: tuple[str | int, ...], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an entry in which the value at `path` is another; at the end of a list it is added."""
    if not path:
        return dict(value)
    name, number = path
    parts = list(data.get(name) or [])
    parts[number : number + 1] = [value]
    return {**data, name: parts}


def _seen_from(problem: Problem, file: str, line: int, path: tuple[str | int, ...]) -> Problem:
    """Return a problem with its path as seen from the entry that is edited; one of another entry has none."""
    own = problem.file == file and problem.entry_line == line and problem.path[: len(path)] == path
    return replace(problem, path=problem.path[len(path) :] if own else ())
