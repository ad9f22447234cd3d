"""How far a publish is: a small file that the page reads, whichever process it is that publishes."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

STEPS = {
    "nakijken": "De bestanden nakijken",
    "vergelijken": "Kijken wat er veranderd is",
    "leren": "Leren van de voorbeeldvragen",
    "toetsen": "Toetsen of er niets slechter is geworden",
    "live": "Live zetten",
    "bewaren": "Bewaren in git",
    "bijleren": "Leren van de voorbeeldvragen die terug zijn",
}
"""The steps of a publish, as staff read them."""

Outcome = Literal["live", "niets", "afgekeurd", "gestopt"]


@dataclass(frozen=True)
class Step:
    """A step with when it began."""

    name: str
    started_at: str


@dataclass(frozen=True)
class State:
    """One publish: who, why, how far, and how it ended. Times are ISO 8601, in UTC."""

    author: str
    note: str
    started_at: str
    steps: Sequence[Step] = ()
    detail: str = ""
    """What it is doing at this moment."""
    outcome: Outcome | None = None
    """None as long as it runs, or when it was broken off."""
    message: str = ""
    """What came of it, in one sentence."""
    reasons: Sequence[str] = ()
    """Why it was refused, or what is wrong in the files."""
    worse: Sequence[str] = ()
    """Questions that went right before and would not any more."""
    notes: Sequence[str] = ()
    """What else is worth knowing of how it went."""
    version: int | None = None
    """The version that went live."""
    files: str = ""
    """What identifies the files that were read."""
    ended_at: str | None = None

    @property
    def ended(self) -> datetime | None:
        """When it ended, in UTC."""
        return datetime.fromisoformat(self.ended_at) if self.ended_at else None


@dataclass
class Progress:
    """Writes the state of a publish. A full disk makes it fall silent, but stops nothing."""

    path: Path
    hear: Callable[[str], None] = lambda said: None
    """Is told too how far it is, for whoever waits at a terminal."""
    state: State = field(init=False)

    def begin(self, author: str, note: str) -> None:
        """Start anew."""
        self._write(State(author, note, _now()))

    def step(self, name: str) -> None:
        """Go on to a step of `STEPS`."""
        self.hear(STEPS[name])
        self._write(replace(self.state, steps=[*self.state.steps, Step(name, _now())], detail=""))

    def say(self, detail: str) -> None:
        """Say how far the step is."""
        self.hear(f"  {detail.strip()}")
        self._write(replace(self.state, detail=detail.strip()))

    def note(self, said: str) -> None:
        """Say something that is still worth knowing afterwards."""
        self._write(replace(self.state, notes=[*self.state.notes, said]))

    def read_files(self, key: str) -> None:
        """Say which files are published."""
        self._write(replace(self.state, files=key))

    def end(
        self,
        outcome: Outcome,
        message: str,
        reasons: Sequence[str] = (),
        worse: Sequence[str] = (),
        version: int | None = None,
    ) -> None:
        """Say how it ended."""
        self._write(
            replace(
                self.state,
                outcome=outcome,
                message=message,
                reasons=list(reasons),
                worse=list(worse),
                version=version,
                detail="",
                ended_at=_now(),
            )
        )

    def _write(self, state: State) -> None:
        self.state = state
        fresh = self.path.with_name(f"{self.path.name}.nieuw")
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(asdict(state), ensure_ascii=False), "utf-8")
            fresh.replace(self.path)


def read_state(path: Path) -> State | None:
    """Return the state of the last publish; None when there was none."""
    try:
        stored = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return State(**{**stored, "steps": [Step(**step) for step in stored["steps"]]})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
