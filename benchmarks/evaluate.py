"""Quality, measured on the running assistant: `make evaluate`, or `python -m benchmarks.evaluate --help`."""

import argparse
import collections
import concurrent.futures
import uuid
from collections.abc import Sequence

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.questions import Question, kind_of, load_questions
from benchmarks.server import running_assistant

console = Console(highlight=False, soft_wrap=True)


def ask_all(address: str, questions: Sequence[Question]) -> list[list[dict]]:
    """Return the replies to questions that each open a conversation of their own."""
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:

        def ask(question: Question) -> list[dict]:
            body = {"sender": f"meting-{uuid.uuid4()}", "message": question.text}
            return client.post("/webhooks/rest/webhook", json=body).json()

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(ask, questions))


def report(questions: Sequence[Question], replies: Sequence[list[dict]], show_wrong: bool) -> None:
    """Print how many replies are right, by expected kind and by subject."""
    totals: dict[tuple[str, str], list[int]] = collections.defaultdict(lambda: [0, 0])
    for question, messages in zip(questions, replies, strict=True):
        right = question.right(messages)
        for group in (("soort", question.kind), ("onderwerp", question.subject), ("", "alle")):
            totals[group][0] += right
            totals[group][1] += 1
        if show_wrong and not right:
            used = messages[-1].get("custom", {}).get("items") if messages else None
            got = f"{kind_of(messages)} {used}"
            console.print(f"[{question.subject}] {question.text} {list(question.expected)} → {got}", markup=False)
    table = Table("groep", "", "goed", "van", "deel")
    for (kind, name), (right, total) in sorted(totals.items()):
        table.add_row(kind, name, str(right), str(total), f"{right / total:.3f}")
    console.print(table)


def main() -> None:
    """Ask the development questions over REST and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deel", choices=["afstellen", "eindmeting"], help="only the questions of this part")
    parser.add_argument("--fout", action="store_true", help="show every wrong reply")
    parser.add_argument("--adres", help="an assistant that runs already; else one is started")
    arguments = parser.parse_args()
    questions = load_questions(arguments.deel)
    with running_assistant(arguments.adres) as address:
        replies = ask_all(address, questions)
    report(questions, replies, arguments.fout)


if __name__ == "__main__":
    main()
