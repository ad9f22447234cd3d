"""Does a publish make anything worse? The long trial asks the candidate everything; the short one compares texts."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.knowledge.leave_one_out import REACHED, Found, without_self
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Knowledge
from bot.knowledge.search import Index
from bot.language.encoder import default_encoder
from bot.processes import die_with_parent

TOLERANCE = 0.1
"""How much of the example questions that were looked up may be lost; it are few, so one more or less says little."""
_PASSED, _REFUSED = 0, 1


class TrialFailedError(RuntimeError):
    """The trial could not be held, which says nothing about the knowledge."""


@dataclass(frozen=True)
class Verdict:
    """What became worse."""

    full: bool
    """Whether the candidate was asked the development questions, or only texts were compared."""
    reasons: Sequence[str] = ()
    """Why it does not pass, in Dutch; empty when it does."""
    worse: Sequence[str] = ()
    """Questions that went right before."""
    record: Mapping[str, Any] | None = None
    """How good the candidate is: what is held against from now on, when this is accepted."""

    @property
    def passed(self) -> bool:
        """Whether it may go live."""
        return not self.reasons


@dataclass(frozen=True)
class Candidate:
    """What may go live, in a folder of its own."""

    folder: Path

    @property
    def knowledge(self) -> Path:
        """The files."""
        return self.folder / "kennis"

    @property
    def models(self) -> Path:
        """The model, when one was trained for it."""
        return self.folder / "models"

    def environment(self, models: Path) -> dict[str, str]:
        """Return the settings of an assistant that answers from the candidate and leaves all else alone."""
        state = self.folder.absolute()
        return {
            "KNOWLEDGE_FOLDER": str(self.knowledge.absolute()),
            "KNOWLEDGE_DATABASE_URL": f"sqlite:///{state / 'kennis.db'}",
            "RECORDS_DATABASE_URL": f"sqlite:///{state / 'administratie.db'}",
            "TRACKER_DATABASE_URL": f"sqlite:///{state / 'gesprekken.db'}",
            "STATE_FOLDER": str(state / "var"),
            "MODEL_FOLDER": str(models.absolute()),
            "HOST": "127.0.0.1",
            "BEHEER_PORT": "0",
            "REDIS_URL": "",
            "MODEL_SECRET": "",  # a model that is on trial is nobody else's business
            "PYTHONUNBUFFERED": "1",
        }


def long_trial(candidate: Candidate, models: Path, accepted: Path, say: Callable[[str], None]) -> Verdict:
    """Start an assistant on the candidate and hold it against what was accepted last: `evaluate --gate`.

    Args:
        candidate: What may go live.
        models: The folder of the model that goes with it.
        accepted: The record of what staff accepted last; without it, that of the release counts.
        say: Hears how far it is.

    Raises:
        TrialFailedError: the assistant did not start or did not answer.
    """
    outcome, log = candidate.folder / "oordeel.json", candidate.folder / "toets.log"
    outcome.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bot", "evaluate", "--gate", "--map", str(candidate.knowledge),
               "--json", str(outcome)]  # fmt: skip
    if accepted.exists():
        command += ["--maat", str(accepted)]
    say("Een tweede assistent starten, met de nieuwe kennis …")
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            env={**os.environ, **candidate.environment(models)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=die_with_parent,
        ) as process,
    ):
        for line in process.stdout or ():
            file.write(line)
            if line.rstrip().endswith("…"):
                say(line)
    if process.returncode not in (_PASSED, _REFUSED) or not outcome.exists():
        raise TrialFailedError(f"De toets kon niet worden gedaan. In {log} staat waarom.")
    return Verdict(full=True, **json.loads(outcome.read_text("utf-8")))


def short_trial(before: Knowledge | None, after: Knowledge) -> Verdict:
    """Look up example questions without themselves, before and after: enough when nothing new is to be learnt.

    Only those of items that changed, and those that lie nearest to the answer of one: for all others
    nothing can have changed.
    """
    known = {item.id: item for item in before.items} if before else {}
    changed = {item.id for item in after.items if known.get(item.id) != item}
    new = _lookups(after, changed)
    old = _lookups(before, changed) if before else {}
    lost = sorted(text for text in old.keys() & new.keys() if old[text].rank == 0 and new[text].rank > 0)
    gained = sum(old[text].rank > 0 and new[text].rank == 0 for text in old.keys() & new.keys())
    reasons = []
    if len(lost) - gained > TOLERANCE * len(new):
        reasons.append(
            f"Van {len(new)} voorbeeldvragen vinden er {len(lost)} hun item niet meer, en {gained} weer wel."
        )
    unreachable = sorted(_unreachable(after, new, changed) - _unreachable(before, old, changed))
    if unreachable:
        reasons.append(f"Geen enkele voorbeeldvraag vindt nog: {', '.join(unreachable)}.")
    return Verdict(False, reasons, lost if reasons else ())


def _lookups(knowledge: Knowledge, changed: Collection[str]) -> dict[str, Found]:
    encoder = default_encoder()
    index = Index(knowledge, encoder, document_encoder(encoder))
    chosen = index.wordings_near([row for row, item in enumerate(knowledge.items) if item.id in changed])
    return {found.text: found for found in without_self(index, chosen=chosen)}


def _unreachable(knowledge: Knowledge | None, lookups: Mapping[str, Found], changed: Collection[str]) -> set[str]:
    if knowledge is None:
        return set()
    reached = {found.owner for found in lookups.values() if found.rank < REACHED}
    return {item.id for row, item in enumerate(knowledge.items) if item.id in changed and row not in reached}
