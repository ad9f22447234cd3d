"""What the running assistant replies to the development questions, and how good that is."""

import collections
import concurrent.futures
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx
import numpy as np
from rich.console import Console

from benchmarks.metrics import auroc, expected_calibration_error, rejected
from benchmarks.questions import Conversation, Question, kind_of, load_conversations, load_questions

PARTS = ("eindmeting", "afstellen")
Section = tuple[str, str, str, list[list[str]]]
"""Name, title, text and table of a part of the report."""


@dataclass(frozen=True)
class Asked:
    """A question with the messages that came back."""

    question: Question
    messages: Sequence[dict]

    @property
    def right(self) -> bool:
        """Whether the reply is of the right kind with every expected fact."""
        return self.question.right(self.messages)

    @property
    def confidence(self) -> float | None:
        """How sure the assistant says that it was of what it found; None for small talk."""
        return self.messages[-1].get("custom", {}).get("confidence") if self.messages else None


def ask_all(
    address: str, questions: Sequence[Question], asked: Callable[[int], None] = lambda count: None
) -> list[list[dict]]:
    """Return the replies to questions that each open a conversation of their own; `asked` hears how many there are."""
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:

        def ask(question: Question) -> list[dict]:
            body = {"sender": f"meting-{uuid.uuid4()}", "message": question.text}
            return client.post("/webhooks/rest/webhook", json=body).json()

        replies = []
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for reply in pool.map(ask, questions):
                replies.append(reply)
                asked(len(replies))
        return replies


def converse(address: str, conversations: Sequence[Conversation]) -> list[list[dict]]:
    """Return the replies to the turns of conversations, one after the other."""
    replies = []
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
        for conversation in conversations:
            sender = f"meting-{uuid.uuid4()}"
            for turn in conversation.turns:
                body = {"sender": sender, "message": turn.text}
                replies.append(client.post("/webhooks/rest/webhook", json=body).json())
    return replies


def ask_part(address: str, part: str) -> list[Asked]:
    """Return the questions and turns of a part with the replies to them."""
    questions, conversations = load_questions(part), load_conversations(part)
    turns = [turn for conversation in conversations for turn in conversation.turns]
    replies = [*ask_all(address, questions), *converse(address, conversations)]
    return [Asked(question, messages) for question, messages in zip([*questions, *turns], replies, strict=True)]


def show_wrong(asked: Sequence[Asked], console: Console) -> None:
    """Print every question that got a wrong reply, with what it got."""
    for each in asked:
        if not each.right:
            question = each.question
            used = each.messages[-1].get("custom", {}).get("items") if each.messages else None
            got = f"{kind_of(each.messages)} {used}"
            console.print(f"[{question.subject}] {question.text} {list(question.expected)} → {got}", markup=False)


def right_section(asked: dict[str, list[Asked]]) -> Section:
    """Return the part of right replies, by expected kind and by subject."""
    totals: dict[str, dict[str, list[bool]]] = collections.defaultdict(lambda: collections.defaultdict(list))
    for part, replies in asked.items():
        for each in replies:
            for group in ("all", f"kind: {each.question.kind}", f"subject: {each.question.subject}"):
                totals[group][part].append(each.right)
    rows = [["", "eindmeting", "", "afstellen", ""]]
    for group in sorted(totals):
        row = [group]
        for part in PARTS:
            found = totals[group][part]
            row += [f"{sum(found)} of {len(found)}", f"{np.mean(found):.3f}"] if found else ["", ""]
        rows.append(row)
    text = (
        "Replies of the running assistant over REST that are of the right kind and have every expected fact. An\n"
        "`eerlijk` question has no answer in the sources: saying so is right."
    )
    return "replies", "Right replies", text, rows


def confidence_section(asked: Sequence[Asked]) -> Section:
    """Return how well the confidence of the assistant tells right from wrong and in from out of scope."""
    sure = [each for each in asked if each.confidence is not None and each.question.kind in ("answer", "fallback")]
    score = np.array([each.confidence for each in sure])
    inside = np.array([each.question.kind == "answer" for each in sure])
    rows = [["questions out of scope", "number", "AUROC", "rejected at 95 % kept"]]
    for name, subjects in (("off-topic", {"buiten"}), ("near the subject", {"bijna", "pact_onbekend"}), ("all", None)):
        outside = np.array([subjects is None or each.question.subject in subjects for each in sure])
        chosen = inside | (~inside & outside)
        rows.append([name, str(int((~inside & chosen).sum())), f"{auroc(inside[chosen], score[chosen]):.3f}",
                     f"{rejected(inside[chosen], score[chosen]):.3f}"])  # fmt: skip
    answered = [each for each in sure if kind_of(each.messages) == "answer"]
    confidence, right = np.array([e.confidence for e in answered]), np.array([e.right for e in answered])
    text = (
        "The confidence that the running assistant gives with each reply, on the final part. Its expected\n"
        f"calibration error over {len(answered)} answers is {expected_calibration_error(confidence, right):.3f} "
        "(ten bins).\n\n"
        "![Reliability](reliability.png) ![Risk and coverage](risk_coverage.png)"
    )
    return "confidence", "Knowing when it does not know", text, rows
