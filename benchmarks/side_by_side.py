"""The house pipeline beside others, and beside itself with parts taken out, on the same sample of examples.

From the knowledge, `ITEMS` items are taken that the final questions ask for most, with `EXAMPLES`
examples each, and some off-topic examples as one more label. Every pipeline is trained on the same
sample; then all label the final questions that those items answer, and those out of scope. The
questions are given to each pipeline as they are: no search and no conversation around it.
"""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from benchmarks.metrics import auroc, expected_calibration_error, macro_f1, rejected
from benchmarks.questions import Question, RightItems, load_questions
from benchmarks.rasa_trial import PIPELINES, Outcome, Trial, run_trials, without, write_examples
from benchmarks.replies import Section
from bot.knowledge.facets import FacetReader
from bot.knowledge.schema import Item, Knowledge
from bot.knowledge.stems import stems
from bot.language.text import FUNCTION_WORDS, words
from bot.places import load_gazetteer

ITEMS, EXAMPLES, OFF_TOPIC_EXAMPLES = 40, 8, 40
SEEDS = (1, 2)
CURVE = (2, 4, 8, 16)
STOCK_CURVE = (2, 8)
"""Training the stock pipeline on sixteen examples an item would take longer than all the rest together."""
OFF_TOPIC = "buiten_onderwerp"
HARD_SHARE = 1 / 3
"""A question is hard when it shares at most this part of its stems with any example of its items."""
PARTS = ("SpellingRepair", "SentenceEncoder", "WordPartFeaturizer")
COLUMNS = (
    ("item", "item", ".3f"),
    ("hard wordings", "hard", ".3f"),
    ("theme", "theme", ".3f"),
    ("top 3", "top3", ".3f"),
    ("macro-F1", "macro_f1", ".3f"),
    ("AUROC", "auroc", ".3f"),
    ("off-topic rejected at 95 % kept", "rejected", ".3f"),
    ("ECE", "ece", ".3f"),
    ("training (s)", "train_seconds", ".1f"),
    ("message, median (ms)", "p50_ms", ".1f"),
    ("95th percentile (ms)", "p95_ms", ".1f"),
    ("model (MB)", "model_megabytes", ".1f"),
)
STOCK, HOUSE, TFIDF = "Rasa stock (DIET)", "house", "TF-IDF + logistic regression"


@dataclass(frozen=True)
class Sample:
    """What all pipelines are trained and tried on."""

    items: Sequence[Item]
    inside: Sequence[Question]
    right: Sequence[frozenset[str]]
    """For each question inside, the items that answer it."""
    outside: Sequence[Question]
    off_topic: Sequence[str]

    def examples(self, size: int, seed: int) -> dict[str, list[str]]:
        """Return so many examples of each item and the off-topic ones, drawn with a seed."""
        draw = random.Random(seed)
        drawn = {item.id: draw.sample(item.voorbeeldvragen, size) for item in self.items}
        return {**drawn, OFF_TOPIC: draw.sample(list(self.off_topic), OFF_TOPIC_EXAMPLES)}


@dataclass(frozen=True)
class Result:
    """One pipeline, trained on one drawing of the examples."""

    pipeline: str
    size: int
    seed: int
    outcome: Outcome

    def figures(self, sample: Sample) -> dict[str, float]:
        """Return all measures by name."""
        outcome, count = self.outcome, len(sample.inside)
        found, score = outcome.found[:count], in_scope_score(outcome)
        hits = np.array([label in right for label, right in zip(found, sample.right, strict=True)])
        themes = {item.id: item.thema for item in sample.items}
        theme_hits = [
            themes.get(label) in {themes[r] for r in right} for label, right in zip(found, sample.right, strict=True)
        ]
        top = [
            any(label in right for label, _ in ranking[:3])
            for ranking, right in zip(outcome.rankings, sample.right, strict=False)
        ]
        expected = [label if hit else min(right) for label, hit, right in zip(found, hits, sample.right, strict=True)]
        inside = np.arange(len(score)) < count
        off = inside | np.array([False] * count + [q.subject == "buiten" for q in sample.outside])
        hard = np.array([is_hard(q, right, sample.items) for q, right in zip(sample.inside, sample.right, strict=True)])
        return {
            **outcome.figures(),
            "item": float(hits.mean()),
            "hard": float(hits[hard].mean()),
            "theme": float(np.mean(theme_hits)),
            "top3": float(np.mean(top)),
            "macro_f1": macro_f1(expected, found),
            "auroc": auroc(inside[off], score[off]),
            "rejected": rejected(inside[off], score[off]),
            "ece": expected_calibration_error(outcome.confidence[:count], hits),
        }


@dataclass(frozen=True)
class Compared:
    """All results on one sample."""

    sample: Sample
    results: Sequence[Result]

    def of(self, pipeline: str, size: int = EXAMPLES) -> list[Result]:
        """Return the results of one pipeline at one number of examples, one a seed."""
        return [result for result in self.results if (result.pipeline, result.size) == (pipeline, size)]


def in_scope_score(outcome: Outcome) -> np.ndarray:
    """Return how sure a pipeline is that a message is about any item: its confidence in the likeliest one."""
    return np.array(
        [max((c for label, c in ranking if label != OFF_TOPIC), default=0.0) for ranking in outcome.rankings]
    )


def is_hard(question: Question, right: frozenset[str], items: Sequence[Item]) -> bool:
    """Tell whether a question is put in other words than every example of the items that answer it."""
    said = _content(question.text)
    examples = (text for item in items if item.id in right for text in (item.vraag, *item.voorbeeldvragen))
    return not said or max(len(said & _content(text)) / len(said) for text in examples) <= HARD_SHARE


def make_sample(knowledge: Knowledge) -> Sample:
    """Choose the items that the final questions ask for most, and the questions that they answer."""
    questions = load_questions("eindmeting")
    facets = FacetReader(knowledge.landsdelen, load_gazetteer(Path("knowledge")))
    right_items = RightItems(knowledge, facets)
    answered = {}
    for question in questions:
        if question.kind == "answer" and question.subject != "regios":
            ids = {item.id for item, right in zip(knowledge.items, right_items.of(question), strict=True) if right}
            if 0 < len(ids) <= 8:
                answered[question] = ids
    asked = Counter(item_id for ids in answered.values() for item_id in ids)
    enough = [item for item in knowledge.items if len(item.voorbeeldvragen) >= max(CURVE) and not item.opzoeken]
    items = sorted(enough, key=lambda item: (-asked[item.id], item.id))[:ITEMS]
    chosen = {item.id for item in items}
    inside = {question: frozenset(ids & chosen) for question, ids in answered.items() if ids & chosen}
    outside = [question for question in questions if question.kind == "fallback"]
    return Sample(items, list(inside), list(inside.values()), outside, _off_topic_examples())


def compare(knowledge: Knowledge) -> Compared:
    """Train and try all pipelines; the stock one and the house one over all seeds and along the curve."""
    sample = make_sample(knowledge)
    plan = [(HOUSE, EXAMPLES, seed) for seed in SEEDS] + [(STOCK, EXAMPLES, seed) for seed in SEEDS]
    plan += [(HOUSE, size, SEEDS[0]) for size in CURVE if size != EXAMPLES]
    plan += [(STOCK, size, SEEDS[0]) for size in STOCK_CURVE if size != EXAMPLES]
    plan += [(f"house without {part}", EXAMPLES, seed) for part in PARTS for seed in SEEDS]
    with tempfile.TemporaryDirectory(prefix="compare") as name:
        folder = Path(name)
        test = write_examples(_test_examples(sample), folder / "test.yml")
        trials = []
        for number, (pipeline, size, seed) in enumerate(plan):
            train = write_examples(sample.examples(size, seed), folder / f"train-{size}-{seed}.yml")
            trials.append(Trial(f"t{number}", _config(pipeline, folder), train, test))
        outcomes = run_trials(trials)
    order = [question.text for question in [*sample.inside, *sample.outside]]
    results = [Result(*planned, outcome) for planned, outcome in zip(plan, outcomes, strict=True)]
    baseline = [
        Result(TFIDF, size, seed, _tfidf(sample.examples(size, seed), order)) for size in CURVE for seed in SEEDS
    ]
    return Compared(sample, [*results, *baseline])


def pipelines_section(compared: Compared) -> Section:
    """Return the table of all pipelines at the same number of examples."""
    rows = [["pipeline", *(title for title, _, _ in COLUMNS)]]
    for pipeline in (STOCK, HOUSE, TFIDF, *(f"house without {part}" for part in PARTS)):
        figures = [result.figures(compared.sample) for result in compared.of(pipeline)]
        rows.append([pipeline, *(_with_spread([f[key] for f in figures], form) for _, key, form in COLUMNS)])
    sample = compared.sample
    text = (
        f"{len(sample.items)} items with {EXAMPLES} examples each and {OFF_TOPIC_EXAMPLES} off-topic examples;\n"
        f"{len(sample.inside)} final questions that those items answer, {len(sample.outside)} out of scope. Mean of\n"
        f"{len(SEEDS)} drawings of the examples (seeds {SEEDS}), with the largest distance to that mean.\n"
        "A hard wording shares at most a third of its word stems with any example of its item.\n\n"
        "![Confusions](confusions.png)"
    )
    return "pipelines", "Pipelines side by side", text, rows


def curve_section(compared: Compared) -> Section:
    """Return the accuracy by number of examples."""
    rows = [["pipeline", *(f"{size} examples" for size in CURVE)]]
    for pipeline in (STOCK, HOUSE, TFIDF):
        points = dict(curve(compared, pipeline))
        rows.append([pipeline, *(f"{points[size]:.3f}" if size in points else "" for size in CURVE)])
    text = f"Right item by number of examples an item; seed {SEEDS[0]}.\n\n![Learning curve](learning_curve.png)"
    return "learning_curve", "Learning from few examples", text, rows


def curve(compared: Compared, pipeline: str) -> list[tuple[int, float]]:
    """Return the number of examples and the part that gets the right item, of the first drawing of each number."""
    firsts = [r for size in CURVE for r in compared.of(pipeline, size) if r.seed == SEEDS[0]]
    return [(result.size, result.figures(compared.sample)["item"]) for result in firsts]


def _with_spread(values: Sequence[float], form: str) -> str:
    mean = float(np.mean(values))
    return f"{mean:{form}} ± {max(abs(value - mean) for value in values):{form}}"


def _config(pipeline: str, folder: Path) -> Path:
    if pipeline == STOCK:
        return PIPELINES / "stock.yml"
    part = pipeline.removeprefix("house without ")
    return PIPELINES / "huis.yml" if pipeline == HOUSE else without(PIPELINES / "huis.yml", part, folder)


def _test_examples(sample: Sample) -> dict[str, list[str]]:
    """Return every question under a label of its own place, so that the order can be found back."""
    questions = [*sample.inside, *sample.outside]
    return {f"vraag{number:04d}": [question.text] for number, question in enumerate(questions)}


def _tfidf(examples: dict[str, list[str]], texts: Sequence[str]) -> Outcome:
    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b"),
        LogisticRegression(C=30, max_iter=500),
    )
    started = time.perf_counter()
    model.fit(
        [t for found in examples.values() for t in found], [label for label, found in examples.items() for _ in found]
    )
    seconds = time.perf_counter() - started
    rankings, taken = [], []
    for text in texts:
        began = time.perf_counter()
        chances = model.predict_proba([text])[0]
        taken.append((time.perf_counter() - began) * 1000)
        rankings.append([(str(model.classes_[n]), float(chances[n])) for n in np.argsort(-chances)[:10]])
    size = sum(array.nbytes for array in (model[-1].coef_, model[-1].intercept_, model[0].idf_)) / 1e6
    return Outcome("tfidf", seconds, size, [""] * len(texts), rankings, taken)


def _off_topic_examples() -> list[str]:
    texts = []
    for path in sorted(Path("data/nlu").glob("buiten_*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            texts += [line.removeprefix("- ").strip() for line in block["examples"].splitlines()]
    return texts


def _content(text: str) -> set[str]:
    return set(stems(word for word in words(text) if word not in FUNCTION_WORDS and len(word) > 2))
