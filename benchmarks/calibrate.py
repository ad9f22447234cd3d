"""Fits the weights of the search on the tuning half of the development questions: `make calibrate`.

Two fits. The fusion: weights under which the items that have the expected facts get the most
belief (conditional logit). The scope: a logistic regression that tells questions which the
knowledge answers from all others. Both are written to `bot/knowledge/calibration.json`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import httpx
import numpy as np
from rich.console import Console
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from actions import reply
from actions.assistant import prior_of
from benchmarks.questions import Question, load_questions
from benchmarks.server import running_rasa
from bot.knowledge.asked import Asked
from bot.knowledge.check import check
from bot.knowledge.facets import FacetReader
from bot.knowledge.lookup import Lookups
from bot.knowledge.publish import document_encoder
from bot.knowledge.search import CALIBRATION_FILE, Calibration, Index, Prior
from bot.language.encoder import default_encoder
from bot.places import load_gazetteer

console = Console(highlight=False)

FUSED = ("examples", "answer", "lexical")
# Weights of the classifier's belief and of FUSED that did well in the first trials; the fit starts from
# them, whatever stands in the file, and some hundred questions may not pull it far away.
ORIGIN = np.array([0.5, 5.0, 2.5, 5.0])
PULL = 6.0
MAX_RIGHT_ITEMS = 8  # a fact that stands in more items than this says little about which is meant


def parse_all(questions: Sequence[Question]) -> list[Prior]:
    """Return what Rasa's classifier makes of every question."""
    with running_rasa() as address, httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        return [prior_of(client.post("/model/parse", json={"text": q.text}).json()) for q in questions]


def fit_fusion(index: Index, questions: Sequence[Question], priors: Sequence[Prior], start: Calibration) -> Calibration:
    """Return the calibration with the weights that best explain which items are right."""
    texts = [reply.answer([item], index.knowledge).text for item in index.knowledge.items]
    lookups = Lookups(index.knowledge)
    facets = FacetReader(index.knowledge.landsdelen, load_gazetteer(Path("knowledge")))
    cases = []
    for question, prior in zip(questions, priors, strict=True):
        asked = Asked(question.text, facets.read(question.text))
        found = [lookups.look_up(item, asked) for item in index.knowledge.items]
        right = np.array([question.has_facts(f.text if f else t) for f, t in zip(found, texts, strict=True)])
        if question.kind == "answer" and question.subject != "regios" and 0 < right.sum() <= MAX_RIGHT_ITEMS:
            evidence = index.evidence(question.text, prior)
            belief = np.log(index.belief(evidence) + 1e-6)
            cases.append((np.stack([belief, *(evidence[name] for name in FUSED)]), right))

    def loss(logs: np.ndarray) -> float:
        weights = np.exp(logs)
        total = 0.0
        for features, right in cases:
            scores = weights @ features
            total += np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[right])
        return total + PULL * float(((logs - np.log(ORIGIN)) ** 2).sum())

    best = np.exp(minimize(loss, np.log(ORIGIN), method="L-BFGS-B").x)
    hits = [right[(best @ features).argmax()] for features, right in cases]
    console.print(f"Fusion: {len(cases)} questions, right item first for {np.mean(hits):.3f}.")
    fused = {name: round(float(weight / best[0]), 3) for name, weight in zip(FUSED, best[1:], strict=True)}
    return replace(start, **fused, share_sharpness=round(float(best[0]), 3))


def fit_scope(
    index: Index, questions: Sequence[Question], priors: Sequence[Prior], calibration: Calibration
) -> Calibration:
    """Return the calibration with the weights that best tell questions in scope from others."""
    rows, inside = [], []
    everything = np.ones(len(index.knowledge.items), dtype=bool)
    for question, prior in zip(questions, priors, strict=True):
        # A question that the pact comes near to is in scope; that it has no answer is for `expects` to see.
        if question.kind in ("answer", "fallback") and question.subject not in ("regios", "pact_onbekend"):
            evidence = index.evidence(question.text, prior)
            best = int(index.fuse(evidence, calibration).argmax())
            rows.append(index.scope_features(evidence, everything, best, prior))
            inside.append(question.kind == "answer")
    names, inside = list(rows[0]), np.array(inside)
    features = np.array([[row[name] for name in names] for row in rows])
    model = LogisticRegression(C=10, class_weight="balanced", max_iter=1000).fit(features, inside)
    chances = model.predict_proba(features)[:, 1]
    limit = np.quantile(chances[inside], 0.05)
    rejected = (chances[~inside] < limit).mean()
    auroc = roc_auc_score(inside, chances)
    console.print(
        f"Scope: {sum(inside)} inside, {len(inside) - sum(inside)} outside; AUROC {auroc:.3f}; "
        f"at 95 % kept (threshold {limit:.2f}) {rejected:.3f} of the others is rejected."
    )
    for limit in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        kept, refused = (chances[inside] >= limit).mean(), (chances[~inside] < limit).mean()
        console.print(f"  threshold {limit}: {kept:.3f} kept, {refused:.3f} of the others rejected")
    weights = {name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)}
    return replace(calibration, scope=weights, scope_bias=round(float(model.intercept_[0]), 3))


def main() -> None:
    """Fit and write the calibration."""
    knowledge, _ = check(Path("knowledge"))
    encoder = default_encoder()
    start = Calibration.load()
    index = Index(knowledge, encoder, document_encoder(encoder), start)
    questions = load_questions("afstellen")
    priors = parse_all(questions)
    calibration = fit_fusion(index, questions, priors, start)
    calibration = fit_scope(index, questions, priors, calibration)
    CALIBRATION_FILE.write_text(json.dumps(asdict(calibration), indent=2) + "\n", "utf-8")
    console.print(f"Written to {CALIBRATION_FILE.relative_to(Path.cwd())}.")


if __name__ == "__main__":
    main()
