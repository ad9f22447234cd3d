"""The text of a document with where it stands: plain text, Markdown, PDF and Word."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pypdf
from docx.opc.exceptions import PackageNotFoundError
from markdown_it import MarkdownIt
from pypdf.errors import PyPdfError

from bot.language.text import clean

MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 200_000_000
"""A Word file is a zip: one that unpacks to more than this is no document."""
MAX_HEADING = 80
_BULLET = re.compile(r"^\s*(?:[•●▪‣*–-]|\d{1,2}[.)])\s+")
_CHAPTER = re.compile(r"^\d+(?:\.\d+)+\.?\s|^\d+\.?\s+[^a-z]+$")  # "2.1 Inleiding", "3. KIEZEN, LEREN"
_ENDS = re.compile(r"[.!?:;,]$")


class UnreadableError(ValueError):
    """The document cannot be read; the message says in Dutch why, and what to do."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or a point of a list, under the heading and on the page where it stands."""

    text: str
    heading: str | None = None
    page: int | None = None


def read_document(path: Path) -> list[Paragraph]:
    """Return the paragraphs of a document, in order.

    Raises:
        UnreadableError: there is no such file, it is of another kind, damaged, locked, or holds no text.
    """
    if not path.is_file():
        raise UnreadableError(f"{path} bestaat niet. Kijk de naam van het bestand na.")
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableError(f"{path} is groter dan 50 MB. Haal de afbeeldingen eruit of splits het bestand.")
    readers = {".txt": _read_text, ".md": _read_markdown, ".pdf": _read_pdf, ".docx": _read_word}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableError(f"{path.name} is van een soort die ik niet ken. Ik lees {', '.join(readers)}.")
    paragraphs = [paragraph for paragraph in reader(path) if paragraph.text]
    if not paragraphs:
        raise UnreadableError(f"In {path.name} staat geen tekst. Is het een scan, laat er dan eerst tekst van maken.")
    return paragraphs


def _read_text(path: Path) -> Iterator[Paragraph]:
    yield from _paragraphs(_decoded(path).splitlines())


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what old Windows programs save


def _read_markdown(path: Path) -> Iterator[Paragraph]:
    heading, in_heading, mark = None, False, ""
    for token in MarkdownIt("commonmark").enable("table").parse(_decoded(path)):
        if token.type in ("heading_open", "heading_close"):
            in_heading = token.type == "heading_open"
        elif token.type in ("list_item_open", "list_item_close"):
            mark = "- " if token.type == "list_item_open" else ""
        elif token.type == "inline":
            text = clean("".join(child.content or " " for child in token.children or ()))
            if in_heading:
                heading = text[:MAX_HEADING]
            else:
                yield Paragraph(mark + text, heading)


def _read_pdf(path: Path) -> Iterator[Paragraph]:
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted:
            raise UnreadableError(f"{path.name} is met een wachtwoord beveiligd. Sla het zonder wachtwoord op.")
        heading = None
        for number, page in enumerate(reader.pages, start=1):
            for paragraph in _paragraphs((page.extract_text() or "").splitlines(), heading, number):
                heading = paragraph.heading
                yield paragraph
    except (PyPdfError, OSError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(f"{path.name} is geen goede PDF of is beschadigd. Sla het opnieuw op.") from error


def _read_word(path: Path) -> Iterator[Paragraph]:
    try:
        with zipfile.ZipFile(path) as package:
            if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED_BYTES:
                raise UnreadableError(f"{path.name} is uitgepakt groter dan 200 MB. Dat is geen gewoon document.")
        document = docx.Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(f"{path.name} is geen goed Word-bestand of is beschadigd. Sla het opnieuw op.") from error
    heading = None
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            for row in block.rows:
                yield Paragraph("; ".join(filter(None, (clean(cell.text) for cell in row.cells))), heading)
            continue
        text, style = clean(block.text), (block.style.name or "").lower()
        if style.startswith(("heading", "kop", "title", "titel")):
            heading = text[:MAX_HEADING] or heading
        else:
            yield Paragraph(f"- {text}" if text and style.startswith(("list", "lijst")) else text, heading)


def _paragraphs(lines: Iterable[str], heading: str | None = None, page: int | None = None) -> Iterator[Paragraph]:
    """Join the lines of running text to paragraphs; a short line of its own is a heading."""
    lines = [line.strip() for line in lines]
    held: list[str] = []
    bare = False  # a heading with nothing under it yet
    for number, line in enumerate(lines):
        following = next((later for later in lines[number + 1 :] if later), "")
        alone = not held or bool(_ENDS.search(held[-1]))
        titles = bool(line) and alone and _is_heading(line, following)
        if held and (not line or titles or _BULLET.match(line)):
            yield Paragraph(_joined(held), heading, page)
            held = []
        if titles:
            if bare:  # a heading over another: its words are not to be lost
                yield Paragraph(clean(heading or ""), None, page)
            heading, bare = line, True
        elif line:
            held.append(_BULLET.sub("- ", line))
            bare = False
    if held:
        yield Paragraph(_joined(held), heading, page)


def _is_heading(line: str, following: str) -> bool:
    short = len(line) <= MAX_HEADING and bool(following) and not following[0].islower()
    if not short or _ENDS.search(line):
        return False
    return bool(_CHAPTER.match(line)) or (line[0].isupper() and not _BULLET.match(f"{line} "))


def _joined(lines: list[str]) -> str:
    return clean(" ".join(lines))
