import pytest

from bot.beheer.differences import KINDS, describe, in_words, word_pieces
from bot.knowledge.schema import Item, Knowledge


@pytest.fixture
def stage(knowledge: Knowledge) -> Item:
    return knowledge.item("stage-zoeken")


def with_item(knowledge: Knowledge, item: Item) -> Knowledge:
    return knowledge.model_copy(update={"items": [item if old.id == item.id else old for old in knowledge.items]})


def test_nothing_changed(knowledge: Knowledge):
    assert describe(knowledge, knowledge) == []


def test_a_changed_answer_is_shown_word_by_word(knowledge: Knowledge, stage: Item):
    answer = stage.antwoord.replace("stagemarkt.nl", "www.s-bb.nl", 1)
    (change,) = describe(knowledge, with_item(knowledge, stage.model_copy(update={"antwoord": answer})))
    assert (change.called, change.sort, change.summary) == ("vraag", "veranderd", "antwoord")
    (field,) = change.fields
    assert "".join(piece.text for piece in field.pieces if piece.kind != "erbij") == stage.antwoord
    assert "".join(piece.text for piece in field.pieces if piece.kind != "weg") == answer


def test_changed_examples_are_counted(knowledge: Knowledge, stage: Item):
    examples = [*stage.voorbeeldvragen[1:], "stage in de techniek", "hoe kom ik aan een stage"]
    (change,) = describe(knowledge, with_item(knowledge, stage.model_copy(update={"voorbeeldvragen": examples})))
    assert change.summary == "voorbeeldvragen (2 erbij, 1 weg)"


def test_new_changed_and_removed_stand_in_that_order(knowledge: Knowledge, stage: Item):
    first, second = [item for item in knowledge.items if item.id != stage.id][:2]
    changed = second.model_copy(update={"vraag": "Een andere vraag?"})
    fresh = stage.model_copy(update={"id": "iets-nieuws"})
    after = [fresh, *(changed if item.id == second.id else item for item in knowledge.items if item.id != first.id)]
    changes = describe(knowledge, knowledge.model_copy(update={"items": after}))
    assert [(change.sort, change.id) for change in changes] == [
        ("nieuw", "iets-nieuws"), ("veranderd", second.id), ("weg", first.id),
    ]  # fmt: skip
    assert in_words(changes) == "vraag nieuw, vraag veranderd, vraag weg.".replace("vraag", "1 vraag")


def test_other_parts_count_too(knowledge: Knowledge):
    source = knowledge.bronnen[0].model_copy(update={"datum": "2026"})
    changes = describe(knowledge, knowledge.model_copy(update={"bronnen": [source, *knowledge.bronnen[1:]]}))
    assert [(change.called, change.summary) for change in changes] == [("bron", "datum")]
    assert in_words(changes) == "1 bron veranderd."


def test_the_first_version_is_all_new(knowledge: Knowledge):
    changes = describe(None, knowledge)
    assert {change.sort for change in changes} == {"nieuw"}
    assert f"{len(knowledge.items)} vragen nieuw" in in_words(changes)


def test_white_space_is_not_lost():
    assert "".join(piece.text for piece in word_pieces("a  b\nc", "a  b\nc d")) == "a  b\nc d"


def test_every_part_of_the_knowledge_has_a_name_for_staff():
    assert KINDS.keys() == Knowledge.model_fields.keys()
