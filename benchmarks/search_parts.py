"""The search over all of the knowledge, with each of its views taken out: what every view is worth."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.calibrate import Case, cases_of, parse_all
from benchmarks.questions import load_questions
from benchmarks.replies import Section
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Knowledge
from bot.knowledge.search import Calibration, Index
from bot.language.encoder import default_encoder


def section(knowledge: Knowledge) -> Section:
    """Return how often the right item comes first, and is among the first three, on the final part."""
    encoder = default_encoder()
    full = Calibration.load()
    index = Index(knowledge, encoder, document_encoder(encoder), full)
    questions = [question for question in load_questions("eindmeting") if question.kind == "answer"]
    cases = [case for case in cases_of(index, questions, parse_all(questions)) if case.right.any()]
    variants: dict[str, Callable[[Case], np.ndarray]] = {
        "all views": lambda case: index.fuse(case.evidence),
        "without the classifier": lambda case: index.fuse({**case.evidence, "prior": case.evidence["prior"] * 0}),
        "without example similarity": lambda case: index.fuse(
            case.evidence, replace(full, examples=0.0, similarity_sharpness=0.0)
        ),
        "without answer similarity": lambda case: index.fuse(case.evidence, replace(full, answer=0.0)),
        "without BM25": lambda case: index.fuse(case.evidence, replace(full, lexical=0.0)),
        "only the classifier": lambda case: case.evidence["prior"],
        "only BM25": lambda case: case.evidence["lexical"],
    }
    rows = [["search", "right item first", "among the first three"]]
    for name, scores in variants.items():
        ranks = [_rank(case, scores(case)) for case in cases]
        rows.append([name, f"{np.mean([r == 0 for r in ranks]):.3f}", f"{np.mean([r < 3 for r in ranks]):.3f}"])
    text = (
        f"{len(cases)} final questions on all {len(knowledge.items)} items: each with the model that runs, so the\n"
        "classifier has learnt from all example questions."
    )
    return "search", "The search, part by part", text, rows


def _rank(case: Case, scores: np.ndarray) -> int:
    """Return how many allowed items come before the first right one."""
    order = np.argsort(-np.where(case.allowed, scores, -np.inf), kind="stable")
    return int(case.right[order].argmax())
