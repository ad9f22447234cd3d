"""Publishing and restoring, also when it is killed, refused, or done twice at once."""

import hashlib
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import training
from bot.beheer.progress import read_state
from bot.beheer.publishing import (
    BusyError,
    Order,
    Places,
    RefusedError,
    StoppedError,
    publish,
    publish_at_start,
    recover,
)
from bot.knowledge.check import check
from bot.knowledge.snapshot import read_files
from tests.beheer.stopped import places_in
from tests.conftest import ROOT

STAGES = "faq/stages.yml"
ANSWER = "Kijk op stagemarkt.nl"


def trained(places: Places) -> None:
    """Make it so that the model counts as trained on the files as they are; training takes minutes."""
    knowledge, problems = check(places.knowledge)
    assert knowledge, problems
    mark_trained(places.models, training.digest(knowledge))


def mark_trained(folder: Path, digest: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model = f"a model trained on {digest}".encode()
    training.model_path(folder).write_bytes(model)
    record = {"digest": digest, "sha256": hashlib.sha256(model).hexdigest()}
    (folder / "techniekpact.json").write_text(json.dumps(record))


@pytest.fixture
def places(tmp_path: Path, few: Path) -> Places:
    """Return a place where version 1 is live, with a model that knows its examples."""
    found = places_in(tmp_path)
    trained(found)
    publish(Order("Anna", "Eerste versie.", "geen"), found)
    return found


def edit(places: Places, old: str, new: str, name: str = STAGES) -> None:
    path = places.knowledge / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def answer(places: Places) -> str:
    return places.store.load()[1].item("stage-zoeken").antwoord


def edit_answer(places: Places, text: str = "Nieuw antwoord: ") -> None:
    item = answer(places).splitlines()[0]
    edit(places, item, f"{text}{item}")


def test_a_changed_answer_goes_live_after_the_short_trial(places: Places):
    edit_answer(places)
    changes = publish(Order("Bram", "Stages bijgewerkt."), places)
    assert changes.changed == ["stage-zoeken"]
    assert answer(places).startswith("Nieuw antwoord")
    newest = places.store.versions()[0]
    assert (newest.number, newest.author, newest.note) == (2, "Bram", "Stages bijgewerkt.")
    assert newest.trial == {"lang": False, "vragen": 0, "goed": 0, "redenen": [], "slechter": [], "aanvaard": ""}
    state = read_state(places.progress)
    assert (state.outcome, state.version) == ("live", 2)
    assert [step.name for step in state.steps] == ["nakijken", "vergelijken", "toetsen", "live", "bewaren"]


def test_nothing_changed_makes_no_version(places: Places):
    assert publish(Order("Bram"), places) is None
    assert read_state(places.progress).outcome == "niets"
    assert places.store.version() == 1


def test_a_comment_alone_is_a_version_that_can_come_back(places: Places):
    edit(places, "- id:", "# Let op de punt.\n- id:")
    changes = publish(Order("Bram"), places)
    assert changes.files
    assert not changes.changed
    assert places.store.versions()[0].note == "Alleen opmerkingen of concepten veranderd."


def test_mistakes_are_named_and_nothing_happens(places: Places):
    edit(places, "antwoord:", "antword:")
    with pytest.raises(StoppedError, match="fouten") as stopped:
        publish(Order("Bram"), places)
    assert any(STAGES in reason and "antword" in reason for reason in stopped.value.reasons)
    assert read_state(places.progress).reasons == stopped.value.reasons
    assert places.store.version() == 1


def test_files_that_changed_after_somebody_looked_are_not_published(places: Places):
    edit_answer(places)
    with pytest.raises(StoppedError, match="veranderd sinds je ze bekeek"):
        publish(Order("Bram", expected="iets anders"), places)
    assert places.store.version() == 1


@pytest.fixture
def worse(places: Places) -> Places:
    """Return places where the files have an item that none of its examples finds."""
    item = "\n- id: verdwaald\n  thema: stages\n  vraag: Appeltaart?\n  voorbeeldvragen:\n    - nieuwsbrief graag\n" \
        "  antwoord: Neem zes appels.\n  doelgroep: [student]\n  bronnen: [faq-techniekpact]\n" \
        "  gecontroleerd_op: 2026-11-21\n"  # fmt: skip
    path = places.knowledge / STAGES
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + item, "utf-8")
    trained(places)
    return places


def test_what_becomes_worse_is_refused_with_the_reason(worse: Places):
    with pytest.raises(RefusedError) as refused:
        publish(Order("Bram"), worse)
    assert "verdwaald" in " ".join(refused.value.verdict.reasons)
    state = read_state(worse.progress)
    assert state.outcome == "afgekeurd"
    assert any("verdwaald" in reason for reason in state.reasons)
    assert worse.store.version() == 1


def test_accepted_with_a_reason_it_goes_live_and_the_reason_stays(worse: Places):
    with pytest.raises(RefusedError):
        publish(Order("Bram"), worse)
    publish(Order("Carla", accepted="Dit item is een proef."), worse)
    trial = worse.store.versions()[0].trial
    assert trial["aanvaard"] == "Dit item is een proef."
    assert any("verdwaald" in reason for reason in trial["redenen"])


def test_restoring_brings_the_files_back_to_the_byte(places: Places):
    before = read_files(places.knowledge)
    edit_answer(places)
    (places.knowledge / "faq/nieuw.yml").write_text("# leeg bestand\n[]\n", "utf-8")
    publish(Order("Bram"), places)
    publish(Order("Carla", "Terug.", "geen", restore=1), places)
    assert read_files(places.knowledge) == before
    assert not answer(places).startswith("Nieuw antwoord")
    assert [version.number for version in places.store.versions()] == [3, 2, 1]
    assert places.store.files(3) == places.store.files(1)


def test_edits_that_were_never_live_are_not_thrown_away_unasked(places: Places):
    edit_answer(places)
    publish(Order("Bram"), places)
    edit_answer(places, "Nog niet live: ")
    edited = read_files(places.knowledge)
    with pytest.raises(StoppedError, match="nog niet live"):
        publish(Order("Carla", trial="geen", restore=1), places)
    assert read_files(places.knowledge) == edited
    publish(Order("Carla", trial="geen", restore=1, discard_edits=True), places)
    assert read_files(places.knowledge) == places.store.files(1)


def test_a_version_without_files_cannot_be_restored(places: Places):
    with pytest.raises(StoppedError, match="geen bestanden"):
        publish(Order("Carla", restore=99), places)


def test_one_at_a_time(places: Places):
    edit_answer(places)
    with places.alone(), pytest.raises(BusyError, match="al gepubliceerd"):
        publish(Order("Bram"), places)
    assert not places.busy()
    assert publish(Order("Bram"), places)


def test_two_at_once_make_one_version(places: Places, tmp_path: Path):
    edit_answer(places)
    command = [sys.executable, "-m", "tests.beheer.stopped", "time.sleep", "0", str(tmp_path)]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [process.communicate(timeout=300)[1] for process in both]
    assert places.store.version() == 2
    assert sorted(process.returncode for process in both) in ([0, 0], [0, 1])
    assert all("BusyError" in error for process, error in zip(both, errors, strict=True) if process.returncode)


def test_a_restart_keeps_what_was_tried_live(places: Places):
    knowledge = places.store.load()[1]
    assert publish_at_start(knowledge, places, "start")
    edit_answer(places)
    publish(Order("Bram"), places)
    edit_answer(places, "Half af: ")
    edited, _ = check(places.knowledge)
    assert not publish_at_start(edited, places, "start")
    assert not answer(places).startswith("Half af")


Kill = Callable[..., None]


@pytest.fixture
def kill_before(places: Places, tmp_path: Path) -> Kill:
    """Return what publishes in a process of its own and kills it with -9 before a function is called."""

    def run(where: str, number: int = 1, restore: int | None = None) -> None:
        command = [sys.executable, "-m", "tests.beheer.stopped", where, str(number), str(tmp_path)]
        command += [str(restore)] if restore else []
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "hier\n"
            process.send_signal(signal.SIGKILL)
            assert process.wait(30) == -signal.SIGKILL

    return run


BEFORE_THE_STORE = [
    "bot.beheer.publishing.check",
    "bot.beheer.publishing.describe",
    "bot.beheer.publishing.short_trial",
    "bot.beheer.publishing.publish_knowledge",
    "bot.knowledge.store._keep_files",
    "bot.knowledge.store._forget_old_versions",
]


@pytest.mark.parametrize("where", BEFORE_THE_STORE)
def test_killed_before_the_store_has_it_nothing_happened(places: Places, kill_before: Kill, where: str):
    edit_answer(places)
    kill_before(where)
    assert places.store.version() == 1
    assert not answer(places).startswith("Nieuw antwoord")
    assert read_state(places.progress).outcome is None
    assert not places.busy()
    assert publish(Order("Bram"), places).version == 2
    assert answer(places).startswith("Nieuw antwoord")


@pytest.mark.parametrize(
    ("where", "number"), [("bot.beheer.publishing.finish", 2), ("bot.beheer.publishing.commit", 1)]
)
def test_killed_after_the_store_has_it_it_is_live(places: Places, kill_before: Kill, where: str, number: int):
    edit_answer(places)
    kill_before(where, number)
    assert answer(places).startswith("Nieuw antwoord")
    recover(places)
    assert not places.to_follow.exists()
    assert publish(Order("Bram"), places) is None
    edit_answer(places, "Nog nieuwer: ")
    assert publish(Order("Bram"), places).version == 3


@pytest.mark.parametrize(
    ("where", "number", "live"),
    [
        ("bot.knowledge.snapshot.WriteBack.prepare", 1, False),
        ("bot.beheer.publishing.publish_knowledge", 1, False),
        ("bot.knowledge.store._forget_old_versions", 1, False),
        ("bot.beheer.publishing.finish", 2, True),
        ("bot.knowledge.snapshot._put", 4, True),
        ("bot.knowledge.snapshot._put", 5, True),
        ("bot.beheer.publishing.commit", 1, True),
    ],
)
def test_a_restore_that_is_killed_happened_wholly_or_not(
    places: Places, kill_before: Kill, where: str, number: int, live: bool
):
    edit_answer(places)
    (places.knowledge / "bronnen.yml").write_bytes(b"# een opmerking\n" + places.store.files(1)["bronnen.yml"])
    publish(Order("Bram"), places)
    kill_before(where, number, restore=1)
    recover(places)
    assert places.store.version() == (3 if live else 2)
    assert read_files(places.knowledge) == places.store.files() == places.store.files(1 if live else 2)
    publish(Order("Carla", trial="geen", restore=1), places)
    assert read_files(places.knowledge) == places.store.files(1)


def test_a_model_that_was_tried_follows_its_version(places: Places):
    edit_answer(places)
    fresh = places.candidate.models
    mark_trained(fresh, "nieuw")
    places.to_follow.write_text(json.dumps({"base_version": 1, "model": True, "measure": {"right": {}}}))
    recover(places)
    assert b"nieuw" not in training.model_path(places.models).read_bytes()
    publish(Order("Bram", trial="geen"), places)
    places.to_follow.write_text(json.dumps({"base_version": 1, "model": True, "measure": {"right": {}}}))
    recover(places)
    assert training.model_path(places.models).read_bytes() == training.model_path(fresh).read_bytes()
    assert json.loads(places.measure.read_text()) == {"right": {}}


def test_a_full_disk_leaves_the_old_version(places: Places, tmp_path: Path):
    edit_answer(places)
    command = [sys.executable, "-m", "tests.beheer.stopped", "time.sleep", "0", str(tmp_path)]
    largest = (tmp_path / "kennis.db").stat().st_size + 4096

    def no_more_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that a write fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    done = subprocess.run(command, cwd=ROOT, preexec_fn=no_more_room, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Wat live was, is nog live." in done.stderr
    assert places.store.version() == 1
    assert not answer(places).startswith("Nieuw antwoord")
    assert publish(Order("Bram"), places).version == 2
