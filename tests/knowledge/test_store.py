from pathlib import Path

import pytest

from bot.knowledge.schema import Knowledge
from bot.knowledge.store import KEPT_VERSIONS, EmptyStoreError, Store


@pytest.fixture
def store(any_database: str) -> Store:
    return Store(any_database)


def edited(knowledge: Knowledge, answer: str) -> Knowledge:
    first, *rest = knowledge.items
    return knowledge.model_copy(update={"items": [first.model_copy(update={"antwoord": answer}), *rest]})


def test_an_empty_store_says_what_to_do(store: Store):
    assert store.version() == 0
    with pytest.raises(EmptyStoreError, match="techniekpact publish"):
        store.load()


def test_what_is_published_is_what_is_read(store: Store, knowledge: Knowledge):
    changes = store.publish(knowledge, "test")
    assert len(changes.added) == len(knowledge.items)
    version, found = store.load()
    assert version == store.version() == changes.version
    assert found.model_dump() == knowledge.model_dump()


def test_publishing_the_same_again_writes_nothing(store: Store, knowledge: Knowledge):
    store.publish(knowledge, "test")
    again = store.publish(knowledge, "test")
    assert not again
    assert store.version() == again.version


def test_a_change_makes_a_version_and_the_old_one_stays(store: Store, knowledge: Knowledge):
    first = store.publish(knowledge, "test").version
    changes = store.publish(edited(knowledge, "Een nieuw antwoord."), "test")
    assert changes.changed == [knowledge.items[0].id]
    assert not changes.added
    assert store.load()[1].items[0].antwoord == "Een nieuw antwoord."
    assert store.load(first)[1].items[0].antwoord == knowledge.items[0].antwoord


def test_a_publish_that_fails_half_way_leaves_the_old_version(
    store: Store, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
):
    store.publish(knowledge, "test")

    def fail(*_: object) -> None:
        raise OSError("de schijf is vol")

    monkeypatch.setattr("bot.knowledge.store._forget_old_versions", fail)
    with pytest.raises(OSError, match="vol"):
        store.publish(edited(knowledge, "Half."), "test")
    assert store.load()[1].items[0].antwoord == knowledge.items[0].antwoord


def test_only_the_latest_versions_are_kept(tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch):
    assert KEPT_VERSIONS >= 10
    monkeypatch.setattr("bot.knowledge.store.KEPT_VERSIONS", 3)
    store = Store(f"sqlite:///{tmp_path / 'kennis.db'}")
    small = knowledge.model_copy(update={"items": knowledge.items[:2]})
    for number in range(5):
        store.publish(edited(small, f"Antwoord {number}."), "test")
    with pytest.raises(EmptyStoreError):
        store.load(2)
    assert store.load(3)[1].items[0].antwoord == "Antwoord 2."


FILES = {"faq/a.yml": b"# met een opmerking\r\n- id: a\n", "plaatsen/b.csv": b"\xef\xbb\xbfplaats\n"}


def test_a_version_keeps_its_files_to_the_byte(store: Store, knowledge: Knowledge):
    first = store.publish(knowledge, "test", files=FILES).version
    store.publish(knowledge, "test", files={**FILES, "faq/a.yml": b"# een andere opmerking\n"})
    assert store.files(first) == FILES
    assert store.files()["faq/a.yml"] == b"# een andere opmerking\n"


def test_the_same_files_again_make_no_version(store: Store, knowledge: Knowledge):
    first = store.publish(knowledge, "test", files=FILES)
    assert first.files
    assert not store.publish(knowledge, "test", files=FILES)


def test_the_list_of_versions_says_who_and_why(store: Store, knowledge: Knowledge):
    store.publish(knowledge, "Anna", "Eerste.")
    store.publish(edited(knowledge, "Nieuw."), "Bram", "Tweede.", FILES, {"vragen": 3})
    newest, oldest = store.versions()
    assert (newest.author, newest.note, newest.trial, newest.has_files) == ("Bram", "Tweede.", {"vragen": 3}, True)
    assert (oldest.author, oldest.note, oldest.trial, oldest.has_files) == ("Anna", "Eerste.", None, False)


def test_files_of_an_old_version_outlive_its_parts(store: Store, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.knowledge.store.KEPT_VERSIONS", 2)
    small = knowledge.model_copy(update={"items": knowledge.items[:2]})
    first = store.publish(small, "test", files=FILES, trial={"vragen": 1}).version
    for number in range(3):
        store.publish(edited(small, f"Antwoord {number}."), "test", files=FILES)
    assert store.files(first) == FILES
    with pytest.raises(EmptyStoreError):
        store.load(first)
