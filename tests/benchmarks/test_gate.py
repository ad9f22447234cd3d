from pathlib import Path

import pytest

from benchmarks.examples import examine
from benchmarks.gate import Record, compare, lines
from bot.knowledge.publish import document_encoder
from bot.knowledge.schema import Knowledge
from bot.knowledge.search import Index
from bot.language.encoder import default_encoder

RIGHT = {f"vraag {number}": True for number in range(100)}


def record(wrong: int = 0, examples: float = 0.9, unreachable: tuple[str, ...] = ()) -> Record:
    return Record({question: n >= wrong for n, question in enumerate(RIGHT)}, examples, list(unreachable))


def test_one_point_is_forgiven_and_more_is_not():
    assert compare(record(), record(wrong=1)).passed
    verdict = compare(record(), record(wrong=2))
    assert not verdict.passed
    assert verdict.worse == ["vraag 0", "vraag 1"]


def test_an_item_that_nothing_finds_any_more_does_not_pass():
    verdict = compare(record(unreachable=("oud",)), record(unreachable=("oud", "stage-zoeken")))
    assert not verdict.passed
    assert "stage-zoeken" in verdict.reasons[0]
    assert "oud" not in verdict.reasons[0]


def test_worse_examples_do_not_pass():
    assert not compare(record(), record(examples=0.88)).passed


def test_new_and_dropped_questions_say_nothing():
    after = Record({"vraag 0": True, "nieuw": False}, 0.9, [])
    assert compare(record(), after).passed


def test_a_record_comes_back_as_it_was(tmp_path: Path):
    record(wrong=3).save(tmp_path / "gate.json")
    assert Record.load(tmp_path / "gate.json") == record(wrong=3)
    assert Record.load(tmp_path / "no.json") is None


@pytest.fixture(scope="module")
def spoilt(knowledge: Knowledge) -> Knowledge:
    """Return the knowledge with one example under the wrong item, and one item whose examples are all another's."""
    stage = knowledge.item("stage-zoeken")
    wrong = "waar meld ik me aan voor de nieuwsbrief van het techniekpact"
    moved = stage.model_copy(update={"voorbeeldvragen": [*stage.voorbeeldvragen, wrong]})
    lost = stage.model_copy(update={"id": "verdwaald", "vraag": "Appeltaart?", "voorbeeldvragen": ["nieuwsbrief graag"],
                                    "antwoord": "Neem zes appels."})  # fmt: skip
    items = [moved if item.id == stage.id else item for item in knowledge.items]
    return knowledge.model_copy(update={"items": [*items, lost]})


def test_leave_one_out_names_what_is_wrong_with_examples(spoilt: Knowledge):
    encoder = default_encoder()
    report = examine(Index(spoilt, encoder, document_encoder(encoder)))
    assert 0.5 < report.accuracy < 1
    assert "verdwaald" in report.unreachable
    assert "verdwaald" in report.few
    assert "stage-zoeken" not in report.unreachable
    assert any(each.item == "stage-zoeken" and "nieuwsbrief" in each.text for each in report.misplaced)
    shown = "\n".join(lines(record(), report, compare(record(), record(wrong=5))))
    assert "vraag 3" in shown
    assert "Afgekeurd" in shown
