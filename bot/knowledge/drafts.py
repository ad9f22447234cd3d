"""Draft items from a document of staff's own: `techniekpact import`. A draft is never answered with."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.knowledge.documents import Paragraph
from bot.knowledge.schema import Knowledge
from bot.knowledge.search import Index
from bot.knowledge.writing import write_whole
from bot.language.text import fold, words

FOLDER = "concepten"
MIN_WORDS, MAX_WORDS = 25, 110
MAX_QUESTION = 80
MAX_CHARACTERS = 1000
_HEADER = """\
# Concepten uit {name}. De assistent antwoordt hier niet mee.
# Maak van elk concept een item: schrijf het antwoord in je eigen woorden en bedenk een vraag met zes of meer
# voorbeeldvragen. Haal dan de regel 'status: concept' weg. Wat je niet nodig hebt, gooi je weg.
"""


class DraftsExistError(FileExistsError):
    """There already are drafts with this name, perhaps half edited."""


@dataclass(frozen=True)
class Passage:
    """A piece of a document that is large enough for an item."""

    text: str
    heading: str | None
    page: int | None

    @property
    def place(self) -> str:
        """Where it stands, as a visitor reads it."""
        parts = [f"bladzijde {self.page}" if self.page else "", f"onder '{self.heading}'" if self.heading else ""]
        return ", ".join(filter(None, parts)) or "begin van het document"


def passages(paragraphs: Iterable[Paragraph]) -> Iterator[Passage]:
    """Yield pieces of some 25 to 110 words that stand together under one heading."""
    held: list[Paragraph] = []
    for paragraph in (piece for whole in paragraphs for piece in _pieces(whole)):
        size = sum(len(words(part.text)) for part in held)
        new_heading = bool(held) and paragraph.heading != held[0].heading
        if held and (new_heading or (size >= MIN_WORDS and size + len(words(paragraph.text)) > MAX_WORDS)):
            yield _passage(held)
            held = []
        held.append(paragraph)
    if held:
        yield _passage(held)


def _pieces(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Cut a paragraph that is too long for one item at the end of a sentence, or else between words."""
    held: list[str] = []
    for sentence in _sentences(paragraph.text):
        if held and len(words(" ".join([*held, sentence]))) > MAX_WORDS:
            yield replace(paragraph, text=" ".join(held))
            held = []
        held.append(sentence)
    yield replace(paragraph, text=" ".join(held))


def _sentences(text: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        yield from textwrap.wrap(sentence, MAX_CHARACTERS) or [""]


def write_drafts(folder: Path, name: str, found: Iterable[Passage], index: Index, today: date) -> tuple[Path, int]:
    """Write the drafts and their source into the knowledge folder; return the file and how many there are.

    Raises:
        DraftsExistError: there are drafts with this name already.
    """
    source = slug(name)
    path = folder / FOLDER / f"{source}.yml"
    if path.exists():
        raise DraftsExistError(str(path))
    drafts = [_draft(number, source, passage, index, today) for number, passage in enumerate(found, start=1)]
    _add_source(folder / "bronnen.yml", index.knowledge, source, name)
    path.parent.mkdir(exist_ok=True)
    write_whole(path, _HEADER.format(name=name) + _as_yaml(drafts))
    return path, len(drafts)


def slug(name: str) -> str:
    """Return a name as an id: `Plan 2026 (def).docx` → `plan-2026-def`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(Path(name).stem)).strip("-")[:50] or "document"


def _passage(parts: list[Paragraph]) -> Passage:
    return Passage("\n".join(part.text for part in parts), parts[0].heading, parts[0].page)


def _draft(number: int, source: str, passage: Passage, index: Index, today: date) -> dict:
    title = passage.heading or passage.text.removeprefix("- ")
    question = title if len(title) <= MAX_QUESTION else title[: MAX_QUESTION - 1].rsplit(" ", 1)[0] + "…"
    nearest = index.search(passage.text[:400], limit=1).candidates
    return {
        "id": f"concept-{source}-{number}",
        "status": "concept",
        "thema": nearest[0].item.thema if nearest else index.knowledge.themas[0].id,
        "vraag": " ".join(question.split()),
        "voorbeeldvragen": [f"{' '.join(question.split())} ({number})"],
        "antwoord": LiteralScalarString(passage.text + "\n"),
        "doelgroep": ["beleid"],
        "bronnen": [source],
        "vindplaats": passage.place,
        "gecontroleerd_op": today,
    }


def _add_source(path: Path, knowledge: Knowledge, source: str, name: str) -> None:
    if any(known.id == source for known in knowledge.bronnen):
        return
    entry = {"id": source, "titel": Path(name).stem, "datum_tekst": "zonder datum"}
    write_whole(path, path.read_text("utf-8").rstrip("\n") + "\n" + _as_yaml([entry]))


def _as_yaml(entries: list[dict]) -> str:
    yaml = YAML()
    yaml.width = 4096
    yaml.representer.ignore_aliases = lambda _: True  # staff never need them, and the check refuses them
    text = StringIO()
    yaml.dump(entries, text)
    return text.getvalue()
