"""Entries are found, changed, added and taken away in their files; what is wrong is refused as a whole."""

import resource
import signal
from pathlib import Path

import pytest

from bot.beheer.entries import ConflictError, Entries, RefusedError, UnknownError, UnsavedError
from bot.knowledge.check import check

NEW = {
    "id": "brug-bouwen",
    "thema": "stages",
    "vraag": "Wie leert mij bruggen bouwen?",
    "voorbeeldvragen": [f"bruggen bouwen manier {number}" for number in range(6)],
    "antwoord": "Vraag het een aannemer.",
    "doelgroep": ["leerling"],
    "bronnen": ["faq-techniekpact"],
    "gecontroleerd_op": "2026-11-21",
}


@pytest.fixture
def entries(scratch: Path, tmp_path: Path) -> Entries:
    return Entries(scratch, tmp_path / "var" / "kennis.lock")


def test_an_answer_changes_and_nothing_else(entries: Entries, scratch: Path):
    file = scratch / "faq" / "stages.yml"
    before = file.read_text("utf-8").splitlines()
    held = entries.find("item", "stage-zoeken")
    entries.change(held, {"antwoord": "Kijk op stagemarkt.nl."}, held.data)
    after = file.read_text("utf-8").splitlines()
    gone = [line for line in before if line not in after]
    assert [line for line in after if line not in before] == ["    Kijk op stagemarkt.nl."]
    assert all(line.startswith("    ") for line in gone)
    assert check(scratch)[0].item("stage-zoeken").antwoord.strip() == "Kijk op stagemarkt.nl."


def test_the_second_of_two_editors_is_told(entries: Entries):
    first = entries.find("item", "stage-zoeken")
    second = entries.find("item", "stage-zoeken")
    entries.change(first, {"antwoord": "Van de eerste."}, first.data)
    with pytest.raises(ConflictError) as told:
        entries.change(second, {"antwoord": "Van de tweede."}, second.data)
    assert told.value.theirs["antwoord"] == "Van de eerste.\n"
    assert entries.find("item", "stage-zoeken").data["antwoord"] == "Van de eerste.\n"


def test_two_editors_of_neighbours_both_get_their_way(entries: Entries):
    one, other = entries.find("item", "stage-zoeken"), entries.find("item", "leerbaan-zoeken")
    entries.change(one, {"antwoord": "Van de een."}, one.data)
    entries.change(other, {"antwoord": "Van de ander."}, other.data)
    assert entries.find("item", "stage-zoeken").data["antwoord"] == "Van de een.\n"
    assert entries.find("item", "leerbaan-zoeken").data["antwoord"] == "Van de ander.\n"


@pytest.mark.parametrize(
    ("wanted", "path", "what"),
    [
        ({"vraag": ""}, ("vraag",), "vraag ontbreekt"),
        ({"vraag": "x" * 81}, ("vraag",), "te lang"),
        ({"links": [{"titel": "X", "url": "javascript:alert(1)"}]}, ("links", 0, "url"), "is geen adres"),
        ({"thema": "bestaat-niet"}, ("thema",), "het thema 'bestaat-niet' bestaat niet"),
        ({"zie_ook": ["leerbaan-zoeken", "weg"]}, ("zie_ook", 1), "'weg' bestaat niet"),
        ({"gecontroleerd_op": "31 februari"}, ("gecontroleerd_op",), "klopt niet"),
        ({"voorbeeldvragen": ["stage", "wat is het techniekpact"]}, (), "staat ook bij 'stage-zoeken'"),
    ],
)
def test_what_is_wrong_is_refused_and_says_where(entries: Entries, scratch: Path, wanted: dict, path: tuple, what: str):
    before = (scratch / "faq" / "stages.yml").read_bytes()
    held = entries.find("item", "stage-zoeken")
    with pytest.raises(RefusedError) as refused:
        entries.change(held, {**held.data, **wanted}, held.data)
    assert any(problem.path == path and what in problem.what for problem in refused.value.problems)
    assert (scratch / "faq" / "stages.yml").read_bytes() == before


def test_an_item_is_added_and_taken_away_again(entries: Entries, scratch: Path):
    before = (scratch / "faq" / "stages.yml").read_bytes()
    entries.add("item", "faq/stages.yml", NEW)
    added = entries.find("item", "brug-bouwen")
    assert (added.file, added.data["vraag"]) == ("faq/stages.yml", NEW["vraag"])
    entries.remove(added, added.data)
    assert (scratch / "faq" / "stages.yml").read_bytes().rstrip() == before.rstrip()
    with pytest.raises(UnknownError):
        entries.find("item", "brug-bouwen")


def test_a_taken_id_is_refused(entries: Entries):
    with pytest.raises(RefusedError) as refused:
        entries.add("item", "faq/nieuws.yml", {**NEW, "id": "stage-zoeken"})
    assert any("bestaat al" in problem.what for problem in refused.value.problems)


@pytest.mark.parametrize("file", ["../buiten.yml", "faq/nieuw.yml", "bronnen.yml", "regios/noord.yml"])
def test_an_item_goes_only_into_a_file_of_items(entries: Entries, file: str):
    with pytest.raises(UnknownError):
        entries.add("item", file, NEW)


@pytest.mark.parametrize(
    ("kind", "entry_id"),
    [("item", "leerbaan-zoeken"), ("bron", "faq-techniekpact"), ("tabel", "baankansen-2011-2016"), ("thema", "stages")],
)
def test_what_others_refer_to_stays(entries: Entries, kind: str, entry_id: str):
    held = entries.find(kind, entry_id)
    with pytest.raises(RefusedError) as refused:
        entries.remove(held, held.data)
    assert all(f"'{entry_id}'" in problem.what or "ontbre" in problem.what for problem in refused.value.problems)
    assert entries.find(kind, entry_id)


def test_an_organisation_is_changed_added_and_taken_away_in_its_landsdeel(entries: Entries, scratch: Path):
    before = (scratch / "regios" / "noord.yml").read_bytes()
    held = entries.find("organisatie", "techniekpact-noord-org")
    entries.change(held, {"email": "info@voorbeeld.nl"}, held.data)
    assert entries.find("organisatie", "techniekpact-noord-org").data["email"] == "info@voorbeeld.nl"
    body = {"id": "nieuwe-club", "naam": "Nieuwe club", "gebied": "Drenthe", "tekst": "Iets.", "bronnen": ["pact-2013"]}
    entries.add("organisatie", "regios/noord.yml", body)
    added = entries.find("organisatie", "nieuwe-club")
    entries.remove(added, added.data)
    held = entries.find("organisatie", "techniekpact-noord-org")
    entries.change(held, {"email": None}, held.data)
    assert (scratch / "regios" / "noord.yml").read_bytes() == before
    with pytest.raises(RefusedError) as refused:
        entries.change(held, {"streken": ["bestaat-niet"]}, entries.find("organisatie", held.id).data)
    assert refused.value.problems[0].path == ("streken", 0)


def test_a_file_that_is_broken_by_hand_hinders_only_itself(entries: Entries, scratch: Path):
    entries.check()
    (scratch / "faq" / "nieuws.yml").write_text("- id: x\n\tthema: nieuws\n", "utf-8")
    assert ("faq/nieuws.yml", 2) in {(problem.file, problem.line) for problem in entries.check()[1]}
    held = entries.find("item", "stage-zoeken")
    entries.change(held, {"antwoord": "Gaat gewoon door."}, held.data)
    assert entries.find("item", "stage-zoeken").data["antwoord"] == "Gaat gewoon door.\n"
    with pytest.raises(UnknownError):
        entries.find("item", "nieuwsbrief-aanmelden")


def test_a_full_disk_leaves_the_file_as_it_was(entries: Entries, scratch: Path):
    file = scratch / "faq" / "stages.yml"
    before, held = file.read_bytes(), entries.find("item", "stage-zoeken")
    entries.check()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(UnsavedError, match="niet veranderd"):
            entries.change(held, {"antwoord": "Past niet."}, held.data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert file.read_bytes() == before
    assert list(file.parent.glob(".*")) == []


def test_windows_line_ends_stay(entries: Entries, scratch: Path):
    file = scratch / "faq" / "stages.yml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    held = entries.find("item", "stage-zoeken")
    entries.change(held, {"antwoord": "Een.\nTwee."}, held.data)
    body = file.read_bytes()
    assert b"    Een.\r\n    Twee.\r\n" in body
    assert body.count(b"\n") == body.count(b"\r\n")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "ما هو العقد", "{{ 7*7 }} ${x} %s", "- id: kaper\n  vraag: x"]
)
def test_any_answer_is_kept_as_text(entries: Entries, scratch: Path, text: str):
    held = entries.find("item", "stage-zoeken")
    entries.change(held, {"antwoord": text}, held.data)
    assert entries.find("item", "stage-zoeken").data["antwoord"].strip() == text
    assert check(scratch)[0]


def test_what_is_no_text_is_refused(entries: Entries):
    held = entries.find("item", "stage-zoeken")
    with pytest.raises(RefusedError) as refused:
        entries.change(held, {"antwoord": "…\x07…"}, held.data)
    assert "geen tekst" in refused.value.problems[0].what
