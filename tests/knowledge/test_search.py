from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.decide import Thresholds, decide
from bot.knowledge.live import LiveIndex
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Item, Knowledge
from bot.knowledge.search import Candidate, Index, Prior, Result
from bot.knowledge.store import Store
from bot.language.encoder import default_encoder


@pytest.fixture(scope="session")
def index(knowledge: Knowledge) -> Index:
    encoder = default_encoder()
    return Index(knowledge, encoder, document_encoder(encoder))


def new_item(knowledge: Knowledge) -> Item:
    return knowledge.items[0].model_copy(
        update={
            "id": "lasdagen",
            "vraag": "Wanneer zijn de lasdagen in Lutjebroek?",
            "voorbeeldvragen": ["lasdagen lutjebroek datum", "wanneer kan ik komen lassen op de lasdagen"],
            "antwoord": "De lasdagen zijn in mei.",
        }
    )


def test_an_example_question_finds_its_item_for_certain(index: Index):
    for item in index.knowledge.items[::10]:
        result = index.search(item.voorbeeldvragen[0].upper() + "?")
        assert result.candidates[0] == Candidate(item, 1.0)
        assert result.in_scope == 1.0


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("ik moet een stageplek hebben bij een metaalbedrijf voor mijn mbo", "stage-zoeken"),
        ("welke 12 doelen spraken ze af voor 2016 tot 2020", "twaalf-doelen"),
        ("kan ik nog geld krijgen uit het stap budjet", "stap-budget"),
        ("de vier o's, wie zijn dat ook alweer", "vier-o-s"),
    ],
)
def test_meaning_and_words_find_the_item_without_the_classifier(index: Index, question: str, item: str):
    assert item in [candidate.item.id for candidate in index.search(question).candidates[:2]]


def test_off_topic_is_out_of_scope(index: Index):
    prior = Prior(intents={"buiten_onderwerp": 0.9})
    assert index.search("hoe bak ik een appeltaart met kaneel", prior).in_scope < 0.5
    assert index.search("", prior) == Result([], 0.0)


def test_the_prior_moves_belief(index: Index):
    question = "vertel eens iets over doel 3 of 4"
    without = {c.item.id: c.share for c in index.search(question, limit=50).candidates}
    with_prior = {c.item.id: c.share for c in index.search(question, Prior({"doel-4": 0.9}), limit=50).candidates}
    assert with_prior["doel-4"] > without["doel-4"]


def test_shares_are_probabilities(index: Index):
    result = index.search("wat is het techniekpact eigenlijk", limit=len(index.knowledge.items))
    shares = np.array([candidate.share for candidate in result.candidates])
    assert shares.sum() == pytest.approx(1)
    assert (np.diff(shares) <= 1e-9).all()


def test_a_published_item_is_found_without_training(tmp_path: Path, knowledge: Knowledge):
    store = Store(f"sqlite:///{tmp_path / 'kennis.db'}")
    store.publish(knowledge, "test")
    live = LiveIndex(store, default_encoder())
    assert not live.refresh()
    store.publish(knowledge.model_copy(update={"items": [*knowledge.items, new_item(knowledge)]}), "test")
    assert live.refresh()
    assert live.index.search("op welke datum zijn die lasdagen in lutjebroek").candidates[0].item.id == "lasdagen"


def test_an_empty_knowledge_answers_nothing(knowledge: Knowledge):
    empty = Index(knowledge.model_copy(update={"items": []}), default_encoder())
    assert empty.search("wat is het techniekpact") == Result([], 0.0)


class TestDecide:
    LIMITS = Thresholds(in_scope=0.5, answer=0.5, runner_up=0.6)

    def result(self, knowledge: Knowledge, *shares: float, in_scope: float = 0.9, confidence: float = 0.8) -> Result:
        candidates = [Candidate(knowledge.items[n], share) for n, share in enumerate(shares)]
        return Result(candidates, in_scope, confidence)

    def test_sure_is_answered(self, knowledge: Knowledge):
        decision = decide(self.result(knowledge, 0.8, 0.1), self.LIMITS)
        assert (decision.kind, [i.id for i in decision.items]) == ("answer", [knowledge.items[0].id])
        assert [i.id for i in decision.choices] == [knowledge.items[1].id]

    def test_close_candidates_are_offered(self, knowledge: Knowledge):
        decision = decide(self.result(knowledge, 0.3, 0.28, 0.2, 0.1), self.LIMITS)
        assert (decision.kind, len(decision.choices)) == ("clarify", 3)

    def test_a_weak_but_lonely_candidate_is_answered(self, knowledge: Knowledge):
        assert decide(self.result(knowledge, 0.4, 0.1), self.LIMITS).kind == "answer"

    def test_out_of_scope_is_not_answered(self, knowledge: Knowledge):
        decision = decide(self.result(knowledge, 0.9, in_scope=0.2), self.LIMITS)
        assert (decision.kind, decision.items) == ("fallback", [])

    def test_what_is_probably_beside_the_point_is_not_answered(self, knowledge: Knowledge):
        decision = decide(self.result(knowledge, 0.9, confidence=0.2), self.LIMITS)
        assert (decision.kind, [i.id for i in decision.choices]) == ("fallback", [knowledge.items[0].id])

    def test_nothing_found(self):
        assert decide(Result([], 0.0)).kind == "fallback"
