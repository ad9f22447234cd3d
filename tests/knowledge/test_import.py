"""Documents of staff's own become drafts, which nothing is ever answered with."""

import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from fpdf import FPDF
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bot.cli import app
from bot.knowledge.check import check
from bot.knowledge.documents import MAX_UNPACKED_BYTES, UnreadableError, read_document
from bot.knowledge.drafts import MAX_WORDS, passages
from bot.language.text import words

TEXT = (
    "De werkplaats in Ede leert ieder jaar 40 mensen lassen. Wie slaagt, krijgt een baan bij een bedrijf in de buurt."
)
HEADING = "Lassen in Ede"


def write_txt(path: Path) -> None:
    path.write_text(f"{HEADING}\n\n{TEXT}\n", "utf-8")


def write_md(path: Path) -> None:
    path.write_text(f"# {HEADING}\n\nDe *werkplaats* in {TEXT.split(' in ', 1)[1]}\n", "utf-8")


def write_docx(path: Path) -> None:
    document = docx.Document()
    document.add_heading(HEADING)
    document.add_paragraph(TEXT)
    document.save(str(path))


def write_pdf(path: Path) -> None:
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    pdf.add_page()
    pdf.multi_cell(0, 10, "Eerste bladzijde.")
    pdf.add_page()
    pdf.multi_cell(0, 10, HEADING)
    pdf.ln(12)
    pdf.multi_cell(0, 10, TEXT)
    pdf.output(str(path))


WRITERS = {".txt": write_txt, ".md": write_md, ".docx": write_docx, ".pdf": write_pdf}


@pytest.mark.parametrize("kind", WRITERS)
def test_text_and_heading_of_every_kind(tmp_path: Path, kind: str):
    path = tmp_path / f"plan{kind}"
    WRITERS[kind](path)
    last = read_document(path)[-1]
    assert last.text == TEXT
    assert last.heading == HEADING
    assert last.page == (2 if kind == ".pdf" else None)


def test_lists_tables_and_chapters(tmp_path: Path):
    path = tmp_path / "plan.md"
    path.write_text(
        "## Doelen\n\n- meer leerlingen\n- meer leraren\n\n| jaar | aantal |\n|--|--|\n| 2026 | 10 |\n", "utf-8"
    )
    assert [part.text for part in read_document(path)] == [
        "- meer leerlingen", "- meer leraren", "jaar", "aantal", "2026", "10",
    ]  # fmt: skip
    text = tmp_path / "plan.txt"
    text.write_text("2.1 INLEIDING\nWij beginnen\nhier.\n3. Een punt\n", "utf-8")
    assert [(part.heading, part.text) for part in read_document(text)] == [
        ("2.1 INLEIDING", "Wij beginnen hier."),
        ("2.1 INLEIDING", "- Een punt"),
    ]


def damaged_pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\nonzin")


def damaged_docx(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04onzin")


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as part:
        for _ in range(MAX_UNPACKED_BYTES // 10_000_000 + 1):
            part.write(bytes(10_000_000))


def locked_pdf(path: Path) -> None:
    pdf = FPDF()
    pdf.set_encryption("geheim", "geheim")
    pdf.add_page()
    pdf.output(str(path))


def empty_pdf(path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.output(str(path))


@pytest.mark.parametrize(
    ("name", "write", "told"),
    [
        ("weg.txt", None, "bestaat niet"),
        ("plan.odt", lambda path: path.write_text("x"), "soort die ik niet ken"),
        ("leeg.txt", lambda path: path.write_text(" \n"), "geen tekst"),
        ("plan.pdf", damaged_pdf, "beschadigd"),
        ("plan.pdf", locked_pdf, "wachtwoord"),
        ("scan.pdf", empty_pdf, "scan"),
        ("plan.docx", damaged_docx, "beschadigd"),
        ("plan.docx", bomb, "uitgepakt"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, write, told: str):
    path = tmp_path / name
    if write:
        write(path)
    with pytest.raises(UnreadableError, match=told):
        read_document(path)


def test_an_old_windows_file_keeps_its_letters(tmp_path: Path):
    path = tmp_path / "oud.txt"
    path.write_bytes("De coördinator wil één loket.".encode("cp1252"))
    assert read_document(path)[0].text == "De coördinator wil één loket."


def test_passages_are_of_a_size_to_answer_with(seeds: Path):
    for path in sorted(seeds.glob("*.txt")):
        found = list(passages(read_document(path)))
        assert found
        assert max(len(words(passage.text)) for passage in found) <= 2 * MAX_WORDS
        source = words(path.read_text("utf-8-sig", "replace"))
        kept = set(words(" ".join(f"{passage.text} {passage.heading}" for passage in found)))
        assert set(source) - kept <= {"1", "2", "3", "4", "5", "6", "7", "8", "9"}  # numbers of a list become dashes


def run_import(path: Path, knowledge: Path):
    return CliRunner().invoke(app, ["import", str(path), "--map", str(knowledge)])


def test_drafts_are_checked_and_not_answered_with(tmp_path: Path, scratch: Path):
    path = tmp_path / "Lasplan Ede 2026.docx"
    write_docx(path)
    before, _ = check(scratch)
    result = run_import(path, scratch)
    assert result.exit_code == 0, result.output
    drafts = YAML(typ="safe").load((scratch / "concepten/lasplan-ede-2026.yml").read_text("utf-8"))
    assert [draft["status"] for draft in drafts] == ["concept"]
    assert drafts[0]["vindplaats"] == f"onder '{HEADING}'"
    after, problems = check(scratch)
    assert [str(problem) for problem in problems if not problem.warning] == []
    assert [item.id for item in after.items] == [item.id for item in before.items]
    assert {bron.id for bron in after.bronnen} - {bron.id for bron in before.bronnen} == {"lasplan-ede-2026"}


def test_an_approved_draft_is_an_item(tmp_path: Path, scratch: Path):
    path = tmp_path / "lasplan.txt"
    write_txt(path)
    run_import(path, scratch)
    drafts = scratch / "concepten/lasplan.yml"
    drafts.write_text(drafts.read_text("utf-8").replace("  status: concept\n", ""), "utf-8")
    found, _ = check(scratch)
    assert found.item("concept-lasplan-1").gecontroleerd_op == date.today()


def test_a_second_import_overwrites_nothing(tmp_path: Path, scratch: Path):
    path = tmp_path / "lasplan.txt"
    write_txt(path)
    run_import(path, scratch)
    drafts = scratch / "concepten/lasplan.yml"
    drafts.write_text(drafts.read_text("utf-8") + "# werk van een collega\n", "utf-8")
    result = run_import(path, scratch)
    assert result.exit_code == 1
    assert "bestaat al" in result.output
    assert "werk van een collega" in drafts.read_text("utf-8")


def test_all_source_documents(seeds: Path, scratch: Path):
    for path in sorted(seeds.glob("*.txt")):
        assert run_import(path, scratch).exit_code == 0
    found, problems = check(scratch)
    assert found, "\n".join(map(str, problems))
