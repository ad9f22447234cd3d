"""Fits the weights of the search on the tuning half of the development questions: `make calibrate`.

Three fits. The fusion: weights under which the items that have the expected facts get the most
belief (conditional logit). Two logistic regressions: whether the knowledge answers a question at
all, and whether the best item does. All are written to `bot/knowledge/calibration.json`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from actions.assistant import prior_of
from benchmarks.questions import Question, RightItems, load_questions
from benchmarks.server import running_rasa
from bot.knowledge.check import check
from bot.knowledge.confidence import Logistic
from bot.knowledge.facets import FacetReader
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Knowledge
from bot.knowledge.search import CALIBRATION_FILE, Calibration, Index, Prior
from bot.language.encoder import default_encoder
from bot.language.text import question_text
from bot.places import load_gazetteer

console = Console(highlight=False)

FUSED = ("examples", "answer", "lexical")
# Weights of the classifier's belief and of FUSED that did well in the first trials; the fit starts from
# them, whatever stands in the file, and some hundred questions may not pull it far away.
ORIGIN = np.array([0.5, 5.0, 2.5, 5.0])
PULL = 6.0
MAX_RIGHT_ITEMS = 8  # a fact that stands in more items than this says little about which is meant
FOLDS = 5


@dataclass(frozen=True)
class Case:
    """A question as the search meets it."""

    question: Question
    text: str
    prior: Prior
    evidence: dict[str, np.ndarray]
    allowed: np.ndarray
    right: np.ndarray
    """Which items have the expected facts; shape (items,)."""

    @property
    def inside(self) -> bool:
        """Whether the knowledge answers it."""
        return self.question.kind == "answer"


def parse_all(questions: Sequence[Question]) -> list[dict]:
    """Return what Rasa's pipeline makes of every question."""
    with running_rasa() as client:
        return [client.post("/model/parse", json={"text": q.text}).json() for q in questions]


def cases_of(index: Index, questions: Sequence[Question], parsed: Sequence[dict]) -> list[Case]:
    """Return the questions that are answered from the knowledge or not at all, as the search meets them."""
    facets = FacetReader(index.knowledge.landsdelen, load_gazetteer(Path("knowledge")))
    right_items = RightItems(index.knowledge, facets)
    cases = []
    for question, message in zip(questions, parsed, strict=True):
        if question.kind not in ("answer", "fallback") or question.subject in ("regios", "smalltalk"):
            continue
        text, prior = message.get("repaired") or question.text, prior_of(message)
        allow = facets.read(text).allow
        allowed = np.array([allow is None or allow(item) for item in index.knowledge.items])
        if not allowed.any():  # "doel 19": there is nothing to search in
            continue
        right = right_items.of(question) if question.kind == "answer" else np.zeros(len(allowed), dtype=bool)
        cases.append(Case(question, question_text(text), prior, index.evidence(text, prior), allowed, right))
    return cases


def fit_fusion(index: Index, cases: Sequence[Case], start: Calibration) -> Calibration:
    """Return the calibration with the weights that best explain which items are right."""
    views = []
    for case in cases:
        if case.inside and 0 < case.right.sum() <= MAX_RIGHT_ITEMS:
            belief = np.log(index.belief(case.evidence) + 1e-6)
            views.append((np.stack([belief, *(case.evidence[name] for name in FUSED)]), case.right))

    def loss(logs: np.ndarray) -> float:
        weights = np.exp(logs)
        total = 0.0
        for view, right in views:
            scores = weights @ view
            total += np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[right])
        return total + PULL * float(((logs - np.log(ORIGIN)) ** 2).sum())

    best = np.exp(minimize(loss, np.log(ORIGIN), method="L-BFGS-B").x)
    hits = [right[(best @ view).argmax()] for view, right in views]
    console.print(f"Fusion: {len(views)} questions, right item first for {np.mean(hits):.3f}.")
    fused = {name: round(float(weight / best[0]), 3) for name, weight in zip(FUSED, best[1:], strict=True)}
    return replace(start, **fused, share_sharpness=round(float(best[0]), 3))


def features_of(index: Index, cases: Sequence[Case], calibration: Calibration) -> tuple[list[dict], np.ndarray]:
    """Return the features of every question with its best item, and whether that item is right."""
    rows, right = [], []
    for case in cases:
        scores = calibration.share_sharpness * index.fuse(case.evidence, calibration)
        scores = np.where(case.allowed, scores, -np.inf)
        best = int(scores.argmax())
        share = float(1 / np.exp(scores - scores[best]).sum())
        rows.append(index.features(case.text, case.evidence, case.allowed, best, share, case.prior))
        right.append(bool(case.right[best]))
    return rows, np.array(right)


def fit_logistic(rows: Sequence[dict], target: np.ndarray, groups: Sequence[str], name: str) -> Logistic:
    """Return the logistic regression of a target on features; print how it does on personas that it has not seen."""
    names = list(rows[0])
    features = np.array([[row[name] for name in names] for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = GroupKFold(FOLDS)
    chances = cross_val_predict(model, features, target, groups=groups, cv=folds, method="predict_proba")[:, 1]
    console.print(
        f"{name}: {sum(target)} of {len(target)}; AUROC {roc_auc_score(target, chances):.3f} on unseen personas."
    )
    for limit in np.arange(0.1, 0.9, 0.1):
        kept, refused = (chances[target] >= limit).mean(), (chances[~target] < limit).mean()
        console.print(f"  threshold {limit:.1f}: {kept:.3f} kept, {refused:.3f} of the others refused")
    scaler, fitted = model.fit(features, target)
    weights = fitted.coef_[0] / scaler.scale_
    bias = float(fitted.intercept_[0] - weights @ scaler.mean_)
    return Logistic(
        round(bias, 3), {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
    )


def calibrate(knowledge: Knowledge) -> Calibration:
    """Return the calibration that fits the tuning questions best."""
    encoder = default_encoder()
    start = Calibration.load()
    index = Index(knowledge, encoder, document_encoder(encoder), start)
    questions = load_questions("afstellen")
    cases = cases_of(index, questions, parse_all(questions))
    calibration = fit_fusion(index, cases, start)
    rows, right = features_of(index, cases, calibration)
    personas = [case.question.persona for case in cases]
    inside = np.array([case.inside for case in cases])
    return replace(
        calibration,
        scope=fit_logistic(rows, inside, personas, "In scope"),
        right=fit_logistic(rows, right, personas, "Right"),
    )


def main() -> None:
    """Fit and write the calibration."""
    knowledge, _ = check(Path("knowledge"))
    CALIBRATION_FILE.write_text(json.dumps(asdict(calibrate(knowledge)), indent=2) + "\n", "utf-8")
    console.print(f"Written to {CALIBRATION_FILE.relative_to(Path.cwd())}.")


if __name__ == "__main__":
    main()
