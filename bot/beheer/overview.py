"""What waits to be published, and starting to publish it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot import training
from bot.beheer.differences import PartChange, describe
from bot.beheer.progress import State, read_state
from bot.beheer.publishing import BusyError, Order, Places
from bot.knowledge.check import check
from bot.knowledge.files import Problem
from bot.knowledge.snapshot import changed_names, files_key, read_files
from bot.knowledge.store import EmptyStoreError
from bot.settings import Settings

START_SECONDS = 30.0


@dataclass(frozen=True)
class Waiting:
    """What differs between the files and what is live."""

    key: str
    """What identifies the files that were looked at."""
    version: int
    """What is live now; 0 when nothing ever was."""
    problems: Sequence[Problem]
    """What must be mended first."""
    changes: Sequence[PartChange]
    files: Sequence[str]
    """The names of the files that are not as they were when this version was published."""
    learns: bool
    """Whether there are example questions that the model has not learnt yet."""

    @property
    def anything(self) -> bool:
        """Whether there is something to publish."""
        return bool(self.changes or self.files)


class Overview:
    """Looks at the files and at what is live; again only when one of the two changed."""

    def __init__(self, places: Places, settings: Settings) -> None:
        self.places = places
        self._settings = settings
        self._lock = threading.Lock()
        self._seen: Waiting | None = None

    def state(self) -> State | None:
        """Return how far the last publish is, or how it ended."""
        return read_state(self.places.progress)

    def waiting(self) -> Waiting:
        """Return what waits to be published."""
        with self._lock:
            files = read_files(self.places.knowledge)
            seen = (files_key(files), self.places.store.version())
            if self._seen is None or (self._seen.key, self._seen.version) != seen:
                self._seen = self._look(*seen)
            return self._seen

    def _look(self, key: str, version: int) -> Waiting:
        knowledge, found = check(self.places.knowledge)
        problems = [problem for problem in found if not problem.warning]
        names = changed_names(self.places.store.files(), read_files(self.places.knowledge))
        if knowledge is None:
            return Waiting(key, version, problems, (), list(names), False)
        try:
            before = self.places.store.load()[1]
        except EmptyStoreError:
            before = None
        learns = not training.is_current(knowledge, self.places.models)
        return Waiting(key, version, problems, describe(before, knowledge), list(names), learns)

    def start(self, order: Order) -> None:
        """Publish in a process that goes on when this one ends; returns as soon as it is under way.

        Raises:
            BusyError: somebody is publishing.
        """
        if self.places.busy():
            raise BusyError("Er wordt al gepubliceerd. Wacht tot dat klaar is.")
        before = self.state()
        self.places.state.mkdir(parents=True, exist_ok=True)
        variables = {
            **os.environ,
            "KNOWLEDGE_FOLDER": str(self._settings.knowledge_folder),
            "STATE_FOLDER": str(self._settings.state_folder),
        }
        with (self.places.state / "publiceren.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.beheer"],
                env=variables,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        with process.stdin as order_pipe:  # type: ignore[union-attr]
            order_pipe.write(json.dumps(asdict(order)).encode())
        threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no zombie
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None and self.state() == before:
            time.sleep(0.1)
