"""From edited files to live, in steps that a crash can end at any moment without harm.

Nothing that visitors notice changes before the one transaction of the store. What must follow it (the
model, the files of a restored version, the new measure) is written down before it, so that whoever
comes next can finish it.
"""

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from bot import training
from bot.beheer.audit import AuditLog
from bot.beheer.commits import commit
from bot.beheer.differences import describe, in_words
from bot.beheer.progress import Progress
from bot.beheer.trial import Candidate, TrialFailedError, Verdict, long_trial, short_trial
from bot.knowledge.check import check
from bot.knowledge.publish import publish as publish_knowledge
from bot.knowledge.schema import Knowledge
from bot.knowledge.snapshot import Files, WriteBack, files_key, read_files, write_files
from bot.knowledge.store import Changes, EmptyStoreError, Store
from bot.knowledge.writing import write_whole
from bot.settings import Settings

logger = logging.getLogger(__name__)

LOCK_SECONDS = 2.0
"""A page that looks whether somebody publishes holds the lock for an instant."""

Trial = Literal["geen", "gepast", "lang"]
"""None at all; the short one where that is enough; the long one in any case."""


class BusyError(RuntimeError):
    """Somebody is publishing."""


class StoppedError(RuntimeError):
    """The publish can't go on; nothing has changed. `reasons` says more, line by line."""

    def __init__(self, message: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.reasons = reasons


class RefusedError(RuntimeError):
    """The trial says that it would become worse."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("Niet live gezet: het zou slechter worden.")
        self.verdict = verdict


@dataclass(frozen=True)
class Order:
    """What is to be published, by whom and why."""

    author: str
    note: str = ""
    trial: Trial = "gepast"
    accepted: str = ""
    """Why it may go live although the trial refuses it."""
    expected: str = ""
    """The key of the files as whoever publishes saw them; empty when that does not matter."""
    restore: int | None = None
    """The earlier version to go back to; None publishes the files as they are."""
    discard_edits: bool = False
    """Whether edits that were never published may be lost when going back."""


@dataclass(frozen=True)
class Places:
    """Where everything stands."""

    knowledge: Path = Path("knowledge")
    state: Path = Path("var/publiceren")
    """A folder for publishing alone."""
    models: Path = training.MODELS
    store: Store = field(default_factory=Store)

    @classmethod
    def from_settings(cls, settings: Settings, knowledge: Path | None = None) -> "Places":
        """Return the places of this machine."""
        return cls(knowledge or settings.knowledge_folder, settings.state_folder / "publiceren")

    @property
    def progress(self) -> Path:
        """The file that says how far the last publish is."""
        return self.state / "voortgang.json"

    @property
    def candidate(self) -> Candidate:
        """What may go live."""
        return Candidate(self.state / "kandidaat")

    @property
    def measure(self) -> Path:
        """What staff accepted last, which the long trial holds against."""
        return self.state / "maat.json"

    @property
    def write_back(self) -> WriteBack:
        """The files of a version that is being restored."""
        return WriteBack(self.state / "terugzetten")

    @property
    def files_lock(self) -> Path:
        """Held by whoever writes files of the knowledge: editors do too."""
        return self.state.parent / "kennis.lock"

    @property
    def to_follow(self) -> Path:
        """What is to be done once the store has the new version."""
        return self.state / "daarna.json"

    def busy(self) -> bool:
        """Tell whether somebody is publishing."""
        try:
            with self.alone(seconds=0):
                return False
        except BusyError:
            return True

    @contextmanager
    def alone(self, seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Let nobody else publish; the lock goes with its process, however that ends.

        Raises:
            BusyError: somebody is at it.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.state / "slot", timeout=seconds):
                yield
        except Timeout:
            raise BusyError("Er wordt al gepubliceerd. Wacht tot dat klaar is.") from None


@dataclass(frozen=True)
class Work:
    """One publish under way."""

    order: Order
    places: Places
    progress: Progress

    def run(self) -> Changes | None:
        """Go through the steps; return what went live, or None when there was nothing to do.

        Raises:
            StoppedError: the files are not in order, or changed while somebody looked.
            RefusedError: it would become worse.
        """
        files = self._files()
        knowledge = self._checked(files)
        self.progress.step("vergelijken")
        before, base = self._current()
        changes = describe(before, knowledge)
        if not changes and files_key(files) == files_key(self.places.store.files()) and self._model_is_current(before):
            return None
        models, verdict = self.places.models, None
        if self.order.restore is None and self.order.trial != "geen":
            models = self._model_for(knowledge)
            verdict = self._tried(before, knowledge, models, files)
        done = self._go_live(knowledge, files, base, models, verdict, in_words(changes))
        if self.order.restore is not None:
            self._learn_afterwards(knowledge)
        return done

    def _files(self) -> Files:
        self.progress.step("nakijken")
        edited = read_files(self.places.knowledge)
        if self.order.expected and files_key(edited) != self.order.expected:
            raise StoppedError("De bestanden zijn veranderd sinds je ze bekeek. Bekijk ze opnieuw en publiceer dan.")
        if self.order.restore is None:
            return edited
        files = self.places.store.files(self.order.restore)
        if not files:
            raise StoppedError(f"Van versie {self.order.restore} zijn geen bestanden bewaard.")
        if edited != self.places.store.files() and not self.order.discard_edits:
            raise StoppedError(
                "Er zijn wijzigingen die nog niet live zijn. Die raak je kwijt als je een oudere versie terugzet. "
                "Publiceer ze eerst, of bevestig dat ze weg mogen."
            )
        return files

    def _checked(self, files: Files) -> Knowledge:
        """Read what is published from a copy, so that edits in the meantime stay out of it."""
        folder = self.places.candidate.knowledge
        shutil.rmtree(folder, ignore_errors=True)
        write_files(folder, files)
        self.progress.read_files(files_key(files))
        knowledge, problems = check(folder)
        if knowledge is None:
            raise StoppedError(
                "Er zitten fouten in de bestanden.", [str(problem) for problem in problems if not problem.warning]
            )
        return knowledge

    def _current(self) -> tuple[Knowledge | None, int]:
        try:
            base, before = self.places.store.load()
        except EmptyStoreError:
            return None, 0
        return before, base

    def _model_is_current(self, knowledge: Knowledge | None) -> bool:
        no_matter = self.order.trial == "geen" and self.order.restore is None
        return no_matter or (knowledge is not None and training.is_current(knowledge, self.places.models))

    def _model_for(self, knowledge: Knowledge) -> Path:
        """Return the folder of a model that knows the example questions; train one where there is none."""
        for folder in (self.places.models, self.places.candidate.models):
            if training.is_current(knowledge, folder):
                return folder
        self.progress.step("leren")
        training.train(knowledge, self.places.candidate.models, self.progress.say, self.places.candidate.folder)
        return self.places.candidate.models

    def _tried(self, before: Knowledge | None, knowledge: Knowledge, models: Path, files: Files) -> Verdict:
        self.progress.step("toetsen")
        verdict = self._earlier_verdict(files) or self._verdict(before, knowledge, models)
        self._keep_verdict(verdict, files)
        if not verdict.passed and not self.order.accepted:
            raise RefusedError(verdict)
        return verdict

    def _verdict(self, before: Knowledge | None, knowledge: Knowledge, models: Path) -> Verdict:
        if models == self.places.models and self.order.trial != "lang":
            self.progress.say("Elke voorbeeldvraag opzoeken zonder zichzelf …")
            return short_trial(before, knowledge)
        return long_trial(self.places.candidate, models, self.places.measure, self.progress.say)

    def _earlier_verdict(self, files: Files) -> Verdict | None:
        """Return what was refused just now and is accepted after all: it need not be measured again."""
        try:
            kept = json.loads(self._verdict_file.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return Verdict(**kept["verdict"]) if self.order.accepted and kept["files"] == files_key(files) else None

    def _keep_verdict(self, verdict: Verdict, files: Files) -> None:
        kept = {"files": files_key(files), "verdict": vars(verdict)}
        self._verdict_file.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")

    @property
    def _verdict_file(self) -> Path:
        return self.places.candidate.folder / "laatste_oordeel.json"

    def _go_live(
        self, knowledge: Knowledge, files: Files, base: int, models: Path, verdict: Verdict | None, summary: str
    ) -> Changes:
        self.progress.step("live")
        accepted = verdict.record if verdict and not verdict.passed else None
        follow: dict[str, Any] = {"base_version": base, "model": models != self.places.models, "measure": accepted}
        write_whole(self.places.to_follow, json.dumps(follow))
        if self.order.restore is not None:
            self.places.write_back.prepare(self.places.knowledge, files)
        note = self.order.note or summary
        trial = _trial_record(verdict, self.order)
        changes = publish_knowledge(knowledge, self.order.author, note, self.places.store, files, trial)
        self._finish()
        self._commit(files, note, summary)
        return changes

    def _finish(self) -> None:
        try:
            for name in finish(self.places):
                self.progress.note(f"{name} is intussen door iemand anders veranderd en staat er nog zo.")
        except OSError as error:
            logger.exception("Het afronden is mislukt.")
            self.progress.note(f"Het afronden is mislukt; de volgende publicatie maakt het af. {_cause(error)}")

    def _commit(self, files: Files, note: str, summary: str) -> None:
        self.progress.step("bewaren")
        if read_files(self.places.knowledge) != files:
            self.progress.note("Er is intussen verder bewerkt: git bewaart het bij de volgende publicatie.")
            return
        message = note if note == summary else f"{note}\n\n{summary}"
        if said := commit(self.places.knowledge, self.order.author, message):
            self.progress.note(said)

    def _learn_afterwards(self, knowledge: Knowledge) -> None:
        """What was live before goes live at once; its own model follows."""
        if training.is_current(knowledge, self.places.models):
            return
        self.progress.step("bijleren")
        trained = self.places.candidate.models
        if not training.is_current(knowledge, trained):
            training.train(knowledge, trained, self.progress.say, self.places.candidate.folder)
        training.put_in_place(trained, self.places.models)


def publish(order: Order, places: Places, hear: Callable[[str], None] = lambda said: None) -> Changes | None:
    """Publish, and keep in `places.progress` how far it is and how it ended; `hear` is told too.

    Raises:
        BusyError: somebody is publishing.
        StoppedError: it could not go on; what was live still is.
        RefusedError: it would have become worse; what was live still is.
    """
    with places.alone():
        progress = Progress(places.progress, hear)
        progress.begin(order.author, order.note)
        try:
            finish(places)
            changes = Work(order, places, progress).run()
        except RefusedError as refused:
            verdict = refused.verdict
            progress.end("afgekeurd", str(refused), verdict.reasons, verdict.worse)
            raise
        except StoppedError as stopped:
            progress.end("gestopt", str(stopped), stopped.reasons)
            raise
        except (OSError, SQLAlchemyError, training.TrainingFailedError, TrialFailedError) as error:
            logger.exception("Het publiceren is mislukt.")
            stopped = StoppedError(f"Het publiceren is mislukt. Wat live was, is nog live. {_cause(error)}")
            progress.end("gestopt", str(stopped))
            raise stopped from error
        if changes is None:
            progress.end("niets", f"Er is niets veranderd: versie {places.store.version()} blijft live.")
        else:
            progress.end("live", f"Versie {changes.version} is live.", version=changes.version)
        return changes


def publish_and_note(
    order: Order, places: Places, audit: AuditLog, hear: Callable[[str], None] = lambda said: None
) -> Changes | None:
    """Publish, and write in the audit log what came of it.

    Raises:
        BusyError, StoppedError, RefusedError: as `publish` does.
    """
    what = "versie teruggezet" if order.restore else "gepubliceerd"
    try:
        changes = publish(order, places, hear)
    except (BusyError, StoppedError, RefusedError) as error:
        audit.note(order.author, f"niet {what}", detail=str(error))
        raise
    if changes:
        reason = f"Toch aanvaard: {order.accepted}" if order.accepted else order.note
        audit.note(order.author, what, f"versie {changes.version}", reason)
    return changes


def recover(places: Places) -> None:
    """At a start: finish what a crash has left, unless somebody is publishing, who has done so."""
    try:
        with places.alone(seconds=0):
            finish(places)
    except BusyError:
        logger.info("Er wordt gepubliceerd.")


def publish_at_start(knowledge: Knowledge, places: Places, author: str) -> bool:
    """Put the files live when the assistant starts, as long as staff do not publish through a trial.

    Once a version went live through one, a restart must not put half-finished edits live behind its back.

    Returns:
        Whether what is live is what the files say.
    """
    try:
        with places.alone(seconds=0):
            finish(places)
            files, newest = read_files(places.knowledge), next(iter(places.store.versions()), None)
            if newest and newest.trial is not None:
                return files == places.store.files()
            publish_knowledge(knowledge, author, store=places.store, files=files)
            return True
    except BusyError:
        return False


def finish(places: Places) -> list[str]:
    """Do what a publish left to be done, or forget it when the store never got the new version.

    Returns:
        The files of a restored version that somebody has edited in the meantime.
    """
    if not places.to_follow.exists():
        return []
    follow = json.loads(places.to_follow.read_text("utf-8"))
    kept: list[str] = []
    if places.store.version() > follow["base_version"]:
        if follow["model"]:
            training.put_in_place(places.candidate.models, places.models)
        if follow["measure"]:
            write_whole(places.measure, json.dumps(follow["measure"], ensure_ascii=False))
        if places.write_back.pending:
            with FileLock(places.files_lock):
                kept = places.write_back.apply()
    else:
        places.write_back.cancel()
    places.to_follow.unlink()
    return kept


def _trial_record(verdict: Verdict | None, order: Order) -> dict[str, Any] | None:
    """Return what a version keeps of its trial."""
    if verdict is None:
        return None
    right = list((verdict.record or {}).get("right", {}).values())
    return {
        "lang": verdict.full,
        "vragen": len(right),
        "goed": sum(right),
        "redenen": list(verdict.reasons),
        "slechter": list(verdict.worse),
        "aanvaard": "" if verdict.passed else order.accepted,
    }


def _cause(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return (
            f"De oorzaak: {error.strerror} ({error.filename})." if error.filename else f"De oorzaak: {error.strerror}."
        )
    return f"De oorzaak: {str(error).splitlines()[0][:200]}" if str(error) else ""
