"""Every mistake that staff can make is named in Dutch, with file, line and remedy; and all at once."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.files import Problem

ROOT = Path(__file__).parents[2]

GOOD = """\
- id: eerste
  thema: stages
  vraag: Waar vind ik een stage?
  voorbeeldvragen:
    - waar is een stage
    - stage gezocht
  antwoord: |
    Kijk op Stagemarkt.
  doelgroep: [leerling]
  links:
    - titel: Stagemarkt
      url: https://www.stagemarkt.nl
  bronnen: [bron]
  gecontroleerd_op: 2026-11-21
  zie_ook: [tweede]
- id: tweede
  thema: stages
  vraag: Wat is een leerbaan?
  voorbeeldvragen:
    - wat is bbl
  antwoord: Werken en leren.
  doelgroep: [leerling]
  bronnen: [bron]
  gecontroleerd_op: 2026-11-21
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("faq", "regelingen", "regios"):
        (tmp_path / name).mkdir()
    (tmp_path / "bronnen.yml").write_text("- id: bron\n  titel: Een bron\n  datum: 2018\n", "utf-8")
    (tmp_path / "themas.yml").write_text("- {id: stages, titel: Stages, knop: Waar?}\n", "utf-8")
    (tmp_path / "faq/stages.yml").write_text(GOOD, "utf-8")
    return tmp_path


def errors(folder: Path) -> list[Problem]:
    return [problem for problem in check(folder)[1] if not problem.warning]


def change(folder: Path, old: str, new: str) -> list[Problem]:
    assert old in GOOD
    (folder / "faq/stages.yml").write_text(GOOD.replace(old, new, 1), "utf-8")
    return errors(folder)


def test_a_good_folder_has_no_errors(folder: Path):
    knowledge, _ = check(folder)
    assert knowledge is not None
    assert knowledge.item("eerste").links[0].url == "https://www.stagemarkt.nl"


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "mend"),
    [
        ("  antwoord: |\n    Kijk op Stagemarkt.\n", "", 1, "antwoord ontbreekt", "antwoord: …"),
        ("  antwoord: Werken en leren.", "  antwoordt: Werken en leren.", 21, "antwoordt", "bedoel je 'antwoord'?"),
        ("thema: stages", "thema: stage", 2, "het thema 'stage' bestaat niet", "bedoel je 'stages'?"),
        ("bronnen: [bron]", "bronnen: [brn]", 13, "de bron 'brn' bestaat niet", "bedoel je 'bron'?"),
        ("zie_ook: [tweede]", "zie_ook: [derde]", 15, "zie_ook 'derde' bestaat niet", ""),
        ("- id: tweede", "- id: eerste", 16, "het id 'eerste' bestaat al (faq/stages.yml:1)", "ander id"),
        ("- id: eerste", "- id: Eerste Item", 1, "'Eerste Item' kan geen id zijn", "kleine letters"),
        ("    - wat is bbl", "    - Stage gezocht!", 20, "staat ook bij 'eerste'", "laat haar staan bij"),
        ("gecontroleerd_op: 2026-11-21", "gecontroleerd_op: 21-11-2026", 14, "gecontroleerd_op", "2026-11-21"),
        ("gecontroleerd_op: 2026-11-21", "gecontroleerd_op: 2026-02-31", 14, "gecontroleerd_op", "2026-11-21"),
        ("https://www.stagemarkt.nl", "www.stagemarkt.nl", 12, "is geen adres", "https://"),
        ("https://www.stagemarkt.nl", "javascript:alert(1)", 12, "is geen adres", "https://"),
        ("[leerling]", "[leerlingen]", 9, "kan niet 'leerlingen' zijn", "kies uit: leerling"),
        ("    - stage gezocht", "    - '???'", 6, "zonder woorden", "haal haar weg"),
        ("vraag: Wat is een leerbaan?", "vraag: 12", 18, "vraag is geen tekst", "aanhalingstekens"),
        ("bronnen: [bron]", "bronnen: []", 13, "bronnen is leeg", "ten minste één"),
        ("  vraag: Waar", "\tvraag: Waar", 3, "een tab", "spaties"),
        ("vraag: Waar vind", "vraag: Stage: waar vind", 3, "dubbele punt", "aanhalingstekens"),
        ("vraag: Wat is", 'vraag: "Wat is', 18, "", "aanhalingsteken"),
        (
            "  doelgroep: [leerling]\n  links",
            "  thema: stages\n  doelgroep: [leerling]\n  links",
            9,
            "twee keer",
            "één",
        ),
        ("- id: eerste", "- &a\n  id: eerste\n- *a\n- id: derde", 1, "verwijzing", "voluit"),
    ],
)
def test_mistakes(folder: Path, old: str, new: str, line: int, what: str, mend: str):
    problems = change(folder, old, new)
    assert any(
        problem.file == "faq/stages.yml" and problem.line == line and what in problem.what and mend in problem.mend
        for problem in problems
    ), [str(problem) for problem in problems]


def test_all_mistakes_are_shown_at_once(folder: Path):
    text = GOOD.replace("thema: stages", "thema: stage", 1).replace("bronnen: [bron]", "bronnen: [brn]")
    (folder / "faq/stages.yml").write_text(text, "utf-8")
    (folder / "regelingen/kapot.yml").write_text("- id: [", "utf-8")
    found = errors(folder)
    assert len(found) >= 4
    assert {problem.file for problem in found} == {"faq/stages.yml", "regelingen/kapot.yml"}


def test_with_any_error_nothing_is_returned(folder: Path):
    change(folder, "thema: stages", "thema: stage")
    assert check(folder)[0] is None


def test_a_missing_folder_is_an_error():
    knowledge, problems = check(Path("bestaat-niet"))
    assert knowledge is None
    assert "bestaat niet" in problems[0].what


def test_a_file_that_is_no_text(folder: Path):
    (folder / "faq/stages.yml").write_bytes(b"\xff\xfe\x00")
    assert any("UTF-8" in problem.what + problem.mend for problem in errors(folder))


def test_a_yaml_bomb_is_refused_at_once(folder: Path):
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (folder / "faq/stages.yml").write_text("\n".join(levels), "utf-8")
    assert any("verwijzing" in problem.what for problem in errors(folder))


def test_an_overdue_answer_is_a_warning(folder: Path):
    text = GOOD.replace("  zie_ook: [tweede]", "  geldig_tot: 2026-12-31\n  zie_ook: [tweede]")
    (folder / "faq/stages.yml").write_text(text, "utf-8")
    knowledge, problems = check(folder, today=date(2027, 1, 1))
    assert knowledge is not None
    assert any("geldig_tot 2026-12-31 is voorbij" in problem.what for problem in problems)
    assert not any("geldig_tot" in problem.what for problem in check(folder, today=date(2026, 12, 1))[1])


def test_few_examples_is_a_warning(folder: Path):
    assert any(problem.warning and "voorbeeldvragen is weinig" in problem.what for problem in check(folder)[1])


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("regios/oost.yml", "streken: [twente,", "streken: [twentte,", "de streek 'twentte' bestaat niet"),
        ("plaatsen/streken.yml", "landsdelen: [oost]", "landsdelen: [oosten]", "het landsdeel 'oosten' bestaat niet"),
        ("plaatsen/streken.yml", "  naam: Twente", "  nam: Twente", "naam ontbreekt"),
        ("plaatsen/namen.yml", "gewone_woorden:", "gewone_wordn:", "gewone_woorden ontbreekt"),
    ],
)
def test_mistakes_about_places(tmp_path: Path, name: str, old: str, new: str, what: str):
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    path = tmp_path / "knowledge" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(problem.file == name and what in problem.what for problem in errors(tmp_path / "knowledge"))


def in_pact(scratch: Path, file: str, old: str, new: str) -> list[str]:
    path = scratch / "pact" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return [str(problem) for problem in errors(scratch)]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("tabellen/baankansen.yml", "mbo: -14000, ", "", "rij 'oost', ontbreekt de waarde voor 'mbo'"),
        ("tabellen/baankansen.yml", "mbo: -14000, ", "mbo: -14001, ", "oost, totaal is -31700, maar de som is -31701"),
        ("tabellen/baankansen.yml", "mbo: -14000, ", "mbo: -14000, havo: 3, ", "de kolom 'havo' bestaat niet"),
        ("tabellen/baankansen.yml", " oost: {vmbo: -13700", " west: {vmbo: -13700", "de rij 'west' bestaat niet"),
        ("lijsten/regiegroep.yml", "naam: FME}", "naam: WENB}", "'WENB' staat er twee keer"),
        ("lijsten/ondertekenaars.yml", "groep: onderwijs", "groep: ondewijs", "bedoel je 'onderwijs'?"),
        ("ambitie-3.yml", "actie: 14}", "actie: 15}", "maak er 'actie: 14' van"),
        ("ambitie-3.yml", "id: pact-actie-14", "id: pact-actie-15", "het id 'pact-actie-15' bestaat al"),
        ("opzoeken.yml", "opzoeken: ondertekenaars", "opzoeken: ondertekenars", "bedoel je 'ondertekenaars'?"),
        ("plan-oost.yml", "landsdeel: oost", "landsdeel: west", "het landsdeel 'west' bestaat niet"),
    ],
)  # fmt: skip
def test_mistakes_in_counted_and_numbered_things(scratch: Path, file: str, old: str, new: str, told: str):
    problems = in_pact(scratch, file, old, new)
    assert [problem for problem in problems if told in problem and f"pact/{file}:" in problem], problems


def test_a_sum_that_is_wrong_in_the_source_is_recorded_with_its_reason(scratch: Path):
    file = "tabellen/baankansen.yml"
    in_pact(scratch, file, "oost: {vmbo: -13700", "oost: {vmbo: -13701")
    excuses = """\
  afwijkingen:
    - {maat: aantal, rij: nederland, kolom: vmbo, reden: zo in de bron}
    - {maat: aantal, rij: oost, kolom: totaal, reden: zo in de bron}
  uitleg: |
"""
    assert in_pact(scratch, file, "  uitleg: |\n", excuses) == []
    excused = in_pact(scratch, file, "oost: {vmbo: -13701", "oost: {vmbo: -13700")
    assert len([problem for problem in excused if "klopt de som gewoon" in problem]) == 2


def test_the_command_lists_the_mistakes_and_fails(tmp_path: Path):
    from typer.testing import CliRunner

    from bot.cli import app

    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    path = tmp_path / "knowledge/faq/stages.yml"
    path.write_text(path.read_text("utf-8").replace("thema: stages", "thema: stagess", 1), "utf-8")
    result = CliRunner().invoke(app, ["check", "--map", str(tmp_path / "knowledge")])
    assert result.exit_code == 1
    assert "faq/stages.yml:" in result.output
    assert "bedoel je 'stages'?" in result.output
    assert "1 fout gevonden" in result.output
