"""From a question to the items that may answer it, by meaning and by words together.

Four views of an item are fused: how Rasa's classifier labels the question, how near the question
lies to the item's example questions and to its answer (sentence vectors), and which words and
parts of words they share (BM25; Robertson & Zaragoza, 2009, "The Probabilistic Relevance
Framework: BM25 and Beyond"). No single one decides, so one wrong intent is not one wrong answer,
and an item that was published after the last training is found all the same.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import bm25s
import numpy as np

from bot.knowledge.confidence import Logistic, Subjects, fit_of, log_odds
from bot.knowledge.quantities import join_quantities
from bot.knowledge.schema import Item, Knowledge
from bot.knowledge.stems import stems
from bot.knowledge.strangers import Vocabulary
from bot.knowledge.synonyms import Synonyms
from bot.language.eight_bits import Rows
from bot.language.encoder import Encoder, unpack
from bot.language.text import key, question_text, words

NEAREST_EXAMPLES = 3
ANSWER_CHARACTERS = 400  # the encoder sees some 500 tokens; the point of an answer stands in front
GRAM = 4
OFF_TOPIC_INTENT, NOT_IN_SOURCES_INTENT = "buiten_onderwerp", "niet_in_bronnen"
BLOCKED_SHARE, BLOCKED_RUNNER_UP = 0.5, 0.2
UNSEEN_ON_SUBJECT = 0.9
CALIBRATION_FILE = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True)
class Prior:
    """What Rasa made of the message: probabilities of items and of intents, and perhaps its vector, packed."""

    items: Mapping[str, float] = field(default_factory=dict)
    intents: Mapping[str, float] = field(default_factory=dict)
    vector: str | None = None


@dataclass(frozen=True)
class Candidate:
    """An item that may answer, with its share of the belief among all items (0 to 1)."""

    item: Item
    share: float


@dataclass(frozen=True)
class Result:
    """The candidates, the best first."""

    candidates: list[Candidate]
    in_scope: float
    """The probability that the knowledge answers the question at all."""
    confidence: float = 0.0
    """The probability that the best candidate answers it."""
    blocked: Item | None = None
    """An item that fits far better than any candidate, but is about another landsdeel than the question."""


@dataclass(frozen=True)
class Calibration:
    """Weights of the fusion, of the estimate whether a question is in scope, and the limits of `decide`.

    `calibration.json` holds them; `make calibrate` fits them on the tuning half of `tests/questions`.
    """

    prior_mix: float
    similarity_sharpness: float
    examples: float
    answer: float
    lexical: float
    share_sharpness: float
    scope: Logistic
    """Whether a question is answered by the knowledge at all."""
    right: Logistic
    """Whether the best candidate answers it."""

    @classmethod
    def load(cls) -> "Calibration":
        """Read the weights that belong to this release."""
        stored = json.loads(CALIBRATION_FILE.read_text("utf-8"))
        estimates = {name: Logistic(**stored.pop(name)) for name in ("scope", "right")}
        return cls(**stored, **estimates)


class Index:
    """The searchable form of one version of the knowledge. Immutable; threads may share it."""

    def __init__(
        self,
        knowledge: Knowledge,
        encoder: Encoder,
        documents: Encoder | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        """Index the knowledge; `documents` may be a caching form of `encoder` for its texts."""
        self.knowledge = knowledge
        self._items = knowledge.items
        self._encoder = encoder
        self._calibration = calibration or Calibration.load()
        self._row_of = {item.id: row for row, item in enumerate(self._items)}
        self._vocabulary = Vocabulary(knowledge.items)
        self._subjects = Subjects(knowledge.items)
        self._synonyms = Synonyms(knowledge.woorden)
        self._themes = {theme.id for theme in knowledge.themas}
        self._theme_of = np.array([item.thema for item in self._items], dtype=str)
        wordings = [[item.vraag, *item.voorbeeldvragen] for item in self._items]
        self._exact = {key(wording): n for n, group in enumerate(wordings) for wording in group}
        self._documents = documents or encoder
        self._embed(wordings, self._documents)
        self._count([" ".join([*group, item.antwoord]) for group, item in zip(wordings, self._items, strict=True)])

    def search(
        self,
        question: str,
        prior: Prior | None = None,
        limit: int = 5,
        allow: Callable[[Item], bool] | None = None,
        without: str | None = None,
    ) -> Result:
        """Return the best candidates for a question of a visitor.

        They are among the items that `allow` lets through, and not of the theme `without`.
        """
        prior = prior or Prior()
        allowed = self._theme_of != (without or "")
        if allow is not None:
            allowed &= np.array([allow(item) for item in self._items], dtype=bool)
        if not allowed.any() or not words(question):
            return Result([], 0.0)
        exact = self._exact.get(key(question))
        if exact is not None and allowed[exact]:
            return Result([Candidate(self._items[exact], 1.0)], 1.0, 1.0)
        text, prior = self._expanded(question_text(question), prior)
        evidence = self._evidence(text, prior)
        scores = self.fuse(evidence)
        shares = _softmax(self._calibration.share_sharpness * np.where(allowed, scores, -np.inf))
        best = np.argsort(-shares)[: min(limit, int(allowed.sum()))]
        candidates = [Candidate(self._items[n], float(shares[n])) for n in best]
        features = self.features(text, evidence, allowed, int(best[0]), candidates[0].share, prior)
        estimates = self._calibration
        return Result(candidates, estimates.scope(features), estimates.right(features), self._blocked(scores, allowed))

    def items(self, ids: Iterable[str]) -> list[Item]:
        """Return the items with these ids, of those that there are."""
        return [self._items[self._row_of[item_id]] for item_id in ids if item_id in self._row_of]

    def strangers(self, question: str, item: Item) -> list[str]:
        """Return the names in a question that an item does not know."""
        return self._vocabulary.strangers(question, item)

    def evidence(self, question: str, prior: Prior) -> dict[str, np.ndarray]:
        """Return the four views of every item, each of shape (items,), as calibration needs them."""
        return self._evidence(*self._expanded(question_text(question), prior))

    def _expanded(self, text: str, prior: Prior) -> tuple[str, Prior]:
        """Return the question with the knowledge's own words added; its vector is then another one."""
        expanded = self._synonyms.expand(text)
        return (text, prior) if expanded == text else (expanded, replace(prior, vector=None))

    @property
    def wordings(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """All questions and examples, the row of the item of each, and their centred vectors."""
        texts = [wording for item in self._items for wording in (item.vraag, *item.voorbeeldvragen)]
        return texts, self._rows, self._examples

    def question_vectors(self, questions: Sequence[str]) -> np.ndarray:
        """Return the centred vectors of questions of visitors, which no cache remembers; shape (questions, dim)."""
        return self._centre(self._encoder.encode([question_text(question) for question in questions]))

    def wordings_near(self, rows: Sequence[int]) -> np.ndarray:
        """Return the rows of the wordings of these items, and of those that lie nearest to one of their answers."""
        nearest = (self._examples @ self._answers.T).argmax(axis=1)
        return np.flatnonzero(np.isin(self._rows, rows) | np.isin(nearest, rows))

    def vectors(self, wordings: Sequence[str]) -> np.ndarray:
        """Return the centred vectors of wordings that staff think of, to compare with those of `wordings`."""
        return self._centre(self._documents.encode([question_text(wording) for wording in wordings]))

    def scores_without_self(self, rows: np.ndarray, priors: np.ndarray) -> np.ndarray:
        """Return the fused score of every item for these wordings as if they were no examples themselves.

        `priors` is a classifier's belief for each of them, of one that has not learnt from it; both it
        and the result have shape (rows, items). BM25 stays out: it counts an item's wordings as one text.
        """
        alike = self._examples[rows] @ self._examples.T
        alike[np.arange(len(rows)), rows] = -1.0
        answers = self._examples[rows] @ self._answers.T
        nothing = np.zeros(len(self._items))
        scores = []
        for similarities, answer, prior in zip(alike, answers, priors, strict=True):
            examples = self._nearest(similarities).mean(axis=1)
            scores.append(self.fuse({"prior": prior, "examples": examples, "answer": answer, "lexical": nothing}))
        return np.stack(scores)

    def _nearest(self, similarities: np.ndarray) -> np.ndarray:
        """Return the largest similarities of each item's examples, shape (items, NEAREST_EXAMPLES)."""
        table = np.full(self._shape, -1.0, dtype=np.float32)
        table[self._rows, self._columns] = similarities
        nearest = -np.partition(-table, range(NEAREST_EXAMPLES), axis=1)[:, :NEAREST_EXAMPLES]
        return np.where(nearest == -1.0, nearest[:, :1], nearest)  # an item with fewer examples

    def _blocked(self, scores: np.ndarray, allowed: np.ndarray) -> Item | None:
        shares = _softmax(self._calibration.share_sharpness * scores)
        best = int(shares.argmax())
        far_better = shares[best] >= BLOCKED_SHARE and shares[allowed].max() <= BLOCKED_RUNNER_UP
        return self._items[best] if far_better and not allowed[best] else None

    def features(
        self,
        text: str,
        evidence: Mapping[str, np.ndarray],
        allowed: np.ndarray,
        best: int,
        share: float,
        prior: Prior,
    ) -> dict[str, float]:
        """Return what tells how sure an answer is: of the question, of its best item, and of both."""
        return {
            "nearest": float(evidence["nearest"][allowed].max()),
            "examples": float(evidence["examples"][best]),
            "answer": float(evidence["answer"][best]),
            "lexical": float(evidence["lexical"][best]),
            "prior": float(evidence["prior"][best]),
            "share": log_odds(share),
            "themes": log_odds(self._on_subject(prior)),
            "off_topic": log_odds(prior.intents.get(OFF_TOPIC_INTENT, 0.0)),
            "not_in_sources": log_odds(prior.intents.get(NOT_IN_SOURCES_INTENT, 0.0)),
            **fit_of(text, self._items[best], self._subjects.coverage(text, best)),
        }

    def _on_subject(self, prior: Prior) -> float:
        """Return the belief that a message is about any theme; one that Rasa has not seen was put together by us."""
        if not prior.intents:
            return UNSEEN_ON_SUBJECT
        return sum(p for intent, p in prior.intents.items() if intent in self._themes)

    def _embed(self, wordings: Sequence[Sequence[str]], documents: Encoder) -> None:
        flat = [question_text(wording) for group in wordings for wording in group]
        answers = [question_text(f"{item.vraag} {item.antwoord[:ANSWER_CHARACTERS]}") for item in self._items]
        vectors = documents.encode([*flat, *answers])
        self._mean = vectors[: len(flat)].mean(axis=0) if flat else np.zeros(self._encoder.dim, np.float32)
        centred = self._centre(vectors).astype(np.float32)
        self._examples, self._answers = centred[: len(flat)], centred[len(flat) :]
        self._example_rows, self._answer_rows = Rows(self._examples), Rows(self._answers)
        # Where the similarity of each example goes: row n is item n, column m its m-th example.
        sizes = [len(group) for group in wordings]
        self._rows = np.repeat(np.arange(len(sizes)), sizes)
        self._columns = np.concatenate([np.arange(size) for size in sizes]) if sizes else self._rows
        self._shape = (len(sizes), max([NEAREST_EXAMPLES, *sizes]))

    def _centre(self, vectors: np.ndarray) -> np.ndarray:
        centred = vectors - self._mean
        return centred / np.maximum(np.linalg.norm(centred, axis=-1, keepdims=True), 1e-9)

    def _count(self, documents: Sequence[str]) -> None:
        tokens = [self._tokens(document) for document in documents]
        frequency = Counter(token for document in tokens for token in set(document))
        total = len(tokens)
        self._weight = {
            token: math.log(1 + (total - count + 0.5) / (count + 0.5)) for token, count in frequency.items()
        }
        self._unknown_weight = math.log(1 + total)
        self._bm25 = bm25s.BM25(k1=1.2, b=0.75)
        if total:
            self._bm25.index(tokens, show_progress=False)

    def _tokens(self, text: str) -> list[str]:
        """Return stems and, against typing errors, parts of words of four letters."""
        found = [word for word in words(join_quantities(text)) if len(word) > 1 or word.isdigit()]
        grams = (f"_{word}_" for word in found)
        parts = [gram[i : i + GRAM] for gram in grams for i in range(max(1, len(gram) - GRAM + 1))]
        return [*stems(found), *parts]

    def _evidence(self, text: str, prior: Prior) -> dict[str, np.ndarray]:
        known = unpack(prior.vector, self._encoder)
        vector = self._centre(known if known is not None else self._encoder.encode([text])[0])
        nearest = self._nearest(self._example_rows @ vector)
        belief = np.zeros(len(self._items))
        for item_id, probability in prior.items.items():
            if item_id in self._row_of:  # the model may know an item that has gone since
                belief[self._row_of[item_id]] = probability
        return {
            "prior": belief,
            "nearest": nearest[:, 0],
            "examples": nearest.mean(axis=1),
            "answer": self._answer_rows @ vector,
            "lexical": self._lexical(text),
        }

    def _lexical(self, text: str) -> np.ndarray:
        """Return BM25 as a part of what a document with all the words of the question would get."""
        tokens = self._tokens(text)
        known = [token for token in tokens if token in self._weight]
        if not known:
            return np.zeros(len(self._items))
        ceiling = sum(self._weight.get(token, self._unknown_weight) for token in set(tokens))
        return self._bm25.get_scores(sorted(set(known))) / ceiling

    def belief(self, evidence: Mapping[str, np.ndarray], weights: Calibration | None = None) -> np.ndarray:
        """Return the probability of each item; one that the classifier does not know yet gets it from its examples."""
        weights = weights or self._calibration
        similar = _softmax(weights.similarity_sharpness * evidence["examples"])
        return (1 - weights.prior_mix) * evidence["prior"] + weights.prior_mix * similar

    def fuse(self, evidence: Mapping[str, np.ndarray], weights: Calibration | None = None) -> np.ndarray:
        """Return one score for each item, on a scale on which only differences count."""
        weights = weights or self._calibration
        return (
            np.log(self.belief(evidence, weights) + 1e-6)
            + weights.examples * evidence["examples"]
            + weights.answer * evidence["answer"]
            + weights.lexical * evidence["lexical"]
        )


def _softmax(scores: np.ndarray) -> np.ndarray:
    exponents = np.exp(scores - scores.max())
    return exponents / exponents.sum()
