"""The development questions of `tests/questions`, and how a reply to one is judged."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent.parent / "tests" / "questions"
CONVERSATIONS = "*gesprekken.yml"


@dataclass(frozen=True)
class Question:
    """One question with what a right reply must be and contain."""

    text: str
    persona: str
    part: str
    """`afstellen` (tuning) or `eindmeting` (final figure); one of the two for each persona."""
    kind: str
    expected: Sequence[str]
    subject: str

    def right(self, messages: Sequence[dict[str, Any]]) -> bool:
        """Tell whether a reply is of the right kind and has every expected fact."""
        return self.right_kind(kind_of(messages)) and self.has_facts(text_of(messages))

    def right_kind(self, kind: str) -> bool:
        """Tell whether the kind fits; to an `eerlijk` question, not to know is right and so is to say that."""
        return kind in ("fallback", "clarify", "answer") if self.kind == "eerlijk" else kind == self.kind

    def has_facts(self, text: str) -> bool:
        """Tell whether every expected fact stands in the text."""
        return all(re.search(pattern, text, re.IGNORECASE) for pattern in self.expected)


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
    if path.match(CONVERSATIONS):
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
        expected=entry["verwacht"] or [],
        subject=entry["onderwerp"],
    )
