"""The floor under the answers: development questions that nothing was tuned on."""

from benchmarks.questions import load_questions
from benchmarks.replies import ask_all
from tests.conftest import Assistant

FLOOR = 0.85


def test_most_questions_of_the_final_part_are_answered_right(assistant: Assistant):
    questions = load_questions("eindmeting")
    replies = ask_all(assistant.address, questions)
    wrong = [q.text for q, messages in zip(questions, replies, strict=True) if not q.right(messages)]
    assert 1 - len(wrong) / len(questions) >= FLOOR, "\n".join(wrong)
