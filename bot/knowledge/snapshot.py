"""The files of `knowledge/` as they are at one moment, to the byte, and the way back to an earlier moment.

A version keeps its files, for they are the truth: comments, order and drafts stand in them and in
nothing that is made of them.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.writing import write_whole

SUFFIXES = (".yml", ".csv")
_PLAN, _STAGE = "plan.json", "bestanden"

Files = Mapping[str, bytes]
"""The bytes of files, by their path inside the folder."""


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files that hold the knowledge; hidden ones and those of an editor's own are not among them."""
    paths = (path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES and path.is_file())
    named = ((path.relative_to(folder), path) for path in paths)
    return {
        name.as_posix(): path.read_bytes()
        for name, path in named
        if not any(part.startswith(".") for part in name.parts)
    }


def content_key(body: bytes) -> str:
    """Return what identifies the bytes of a file."""
    return hashlib.sha256(body).hexdigest()


def files_key(files: Files) -> str:
    """Return what identifies a set of files with what is in them."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{content_key(files[name])}\n".encode())
    return total.hexdigest()


def write_files(folder: Path, files: Files) -> None:
    """Write files into a new folder."""
    for name, body in files.items():
        path = _inside(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


@dataclass(frozen=True)
class WriteBack:
    """Bringing a folder to other files, all or nothing.

    `prepare` lays the new files ready and writes down what is to happen; nothing has changed then.
    `apply` puts them in place one by one. Killed half-way, it goes on where it was when called again.
    """

    journal: Path
    """A folder for this purpose alone."""

    @property
    def pending(self) -> bool:
        """Whether a prepared change waits to be applied or cancelled."""
        return (self.journal / _PLAN).exists()

    def prepare(self, folder: Path, files: Files) -> None:
        """Lay ready what differs between the folder and `files`.

        Raises:
            OSError: it does not fit on the disk; nothing has changed.
        """
        self.cancel()
        before = {name: content_key(body) for name, body in read_files(folder).items()}
        changed = {name: body for name, body in files.items() if before.get(name) != content_key(body)}
        stage = self.journal / _STAGE
        for name, body in changed.items():
            _put(_inside(stage, name), body)
        plan = {
            "folder": str(folder.absolute()),
            "write": {name: [before.get(name), content_key(body)] for name, body in changed.items()},
            "remove": {name: key for name, key in before.items() if name not in files},
        }
        _put(self.journal / _PLAN, json.dumps(plan).encode())  # from here on the plan counts

    def apply(self) -> list[str]:
        """Put the new files in place; return those that somebody has edited in the meantime, which stay theirs."""
        plan = self._plan()
        folder, stage = Path(plan["folder"]), self.journal / _STAGE
        kept = []
        for name, (old, new) in plan["write"].items():
            target, staged = _inside(folder, name), _inside(stage, name)
            found = _key_of(target)
            if found == old and staged.exists():
                _put(target, staged.read_bytes())
            elif found != new:
                kept.append(name)
        for name, old in plan["remove"].items():
            target = _inside(folder, name)
            if _key_of(target) == old:
                target.unlink()
            elif target.exists():
                kept.append(name)
        self.cancel()
        return kept

    def cancel(self) -> None:
        """Forget a prepared change."""
        (self.journal / _PLAN).unlink(missing_ok=True)
        shutil.rmtree(self.journal, ignore_errors=True)

    def _plan(self) -> dict:
        return json.loads((self.journal / _PLAN).read_text("utf-8"))


def _inside(folder: Path, name: str) -> Path:
    """Return where a file goes.

    Raises:
        ValueError: its name leads out of the folder.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"'{name}' ligt buiten de map {folder}.")
    return path


def _key_of(path: Path) -> str | None:
    return content_key(path.read_bytes()) if path.is_file() else None


def _put(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, body)


def changed_names(before: Files, after: Files) -> Iterable[str]:
    """Return the names of files that are not the same in both."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
