"""The development questions of `tests/questions`, and how a reply to one is judged."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from actions.reply import answer
from bot.knowledge.asked import Asked
from bot.knowledge.facets import FacetReader
from bot.knowledge.lookup import Lookups
from bot.knowledge.schema import Knowledge

FOLDER = Path(__file__).parent.parent / "tests" / "questions"
CONVERSATIONS = "*gesprekken.yml"
PLACES = "plaatsen.yml"


@dataclass(frozen=True)
class Question:
    """One question with what a right reply must be and contain."""

    text: str
    persona: str
    part: str
    """`afstellen` (tuning) or `eindmeting` (final figure); one of the two for each persona."""
    kind: str
    expected: tuple[str, ...]
    subject: str

    def right(self, messages: Sequence[dict[str, Any]]) -> bool:
        """Tell whether a reply is of the right kind and has every expected fact."""
        return self.right_kind(kind_of(messages)) and self.has_facts_in(messages)

    def right_kind(self, kind: str) -> bool:
        """Tell whether the kind fits; to an `eerlijk` question, not to know is right and so is to say that."""
        return kind in ("fallback", "clarify", "answer") if self.kind == "eerlijk" else kind == self.kind

    def has_facts_in(self, messages: Sequence[dict[str, Any]]) -> bool:
        """Tell whether every expected fact stands in what a visitor reads of a reply."""
        return self.has_facts(text_of(messages))

    def has_facts(self, text: str) -> bool:
        """Tell whether every expected fact stands in the text."""
        return all(re.search(pattern, text, re.IGNORECASE) for pattern in self.expected)


class RightItems:
    """Which items answer a question: those whose reply has every expected fact."""

    def __init__(self, knowledge: Knowledge, facets: FacetReader) -> None:
        self._items = knowledge.items
        self._texts = [answer([item], knowledge).text for item in knowledge.items]
        self._lookups = Lookups(knowledge)
        self._facets = facets

    def of(self, question: Question) -> np.ndarray:
        """Return for every item whether it answers the question; shape (items,), bool."""
        asked = Asked(question.text, self._facets.read(question.text))
        found = [self._lookups.look_up(item, asked) for item in self._items]
        texts = (looked_up.text if looked_up else text for looked_up, text in zip(found, self._texts, strict=True))
        return np.array([question.has_facts(text) for text in texts])


@dataclass(frozen=True)
class Conversation:
    """Questions that follow on one another."""

    name: str
    part: str
    turns: Sequence[Question]


def kind_of(messages: Sequence[dict[str, Any]]) -> str:
    """Return the kind that a reply says it is."""
    return messages[-1].get("custom", {}).get("kind", "none") if messages else "none"


def text_of(messages: Sequence[dict[str, Any]]) -> str:
    """Return all that a visitor reads in a reply."""
    return "\n".join(message["text"] for message in messages if "text" in message)


def load_questions(part: str | None = None, folder: Path = FOLDER) -> list[Question]:
    """Return the questions of one part, or all."""
    questions = [question for path in sorted(folder.glob("*.yml")) for question in _read(path)]
    return [question for question in questions if part in (None, question.part)]


def load_conversations(part: str | None = None, folder: Path = FOLDER) -> list[Conversation]:
    """Return the conversations of one part, or all."""
    found = [_conversation(entry) for path in sorted(folder.glob(CONVERSATIONS)) for entry in _entries(path)]
    return [conversation for conversation in found if part in (None, conversation.part)]


def _conversation(entry: dict[str, Any]) -> Conversation:
    about = {"persoon": entry["naam"], "deel": entry["deel"], "onderwerp": "gesprekken"}
    return Conversation(entry["naam"], entry["deel"], [_question({**about, **turn}) for turn in entry["beurten"]])


def _read(path: Path) -> Iterator[Question]:
    if path.match(CONVERSATIONS) or path.match(PLACES):
        return
    yield from map(_question, _entries(path))


def _entries(path: Path) -> list[dict[str, Any]]:
    return YAML(typ="safe").load(path.read_text("utf-8"))


def _question(entry: dict[str, Any]) -> Question:
    return Question(
        text=entry["vraag"],
        persona=entry["persoon"],
        part=entry["deel"],
        kind=entry["soort"],
        expected=tuple(entry["verwacht"] or ()),
        subject=entry["onderwerp"],
    )
