"""Example questions that rather belong to another item are pointed out, while one types."""

import time
from pathlib import Path

import pytest

from bot.beheer.entries import Entries
from bot.beheer.examples import ExampleHelper
from bot.beheer.reading import reading

QUESTION = "Hoe meld ik me aan voor de nieuwsbrief?"
OWN = ["nieuwsbrief aanvragen", "ik wil de nieuwsbrief", "hoe meld ik me aan voor de nieuwsbrief"]


@pytest.fixture
def entries(few: Path, tmp_path: Path) -> Entries:
    return Entries(few, tmp_path / "kennis.lock")


@pytest.fixture
def helper(entries: Entries) -> ExampleHelper:
    made = ExampleHelper(entries)
    made.wait()
    return made


def test_a_wording_of_another_item_is_pointed_out(helper: ExampleHelper):
    strays = helper.strays("nieuwsbrief-aanmelden", QUESTION, [*OWN, "waar kan ik stage lopen in de techniek"])
    assert [(stray.wording, stray.item.thema) for stray in strays] == [
        ("waar kan ik stage lopen in de techniek", "stages")
    ]


def test_the_same_wording_elsewhere_is_named_so(helper: ExampleHelper):
    (stray,) = helper.strays("nieuwsbrief-aanmelden", QUESTION, [*OWN, "STAGEPLEK!"])
    assert (stray.item.id, stray.same) == ("stage-zoeken", True)


def test_own_wordings_are_no_strays_and_nothing_is_asked_of_none(helper: ExampleHelper):
    assert helper.strays("nieuwsbrief-aanmelden", QUESTION, OWN) == []
    assert helper.strays("nieuw", "", []) == []


def test_it_answers_within_a_second(helper: ExampleHelper):
    fresh = [f"waar leer ik het vak van nummer {number}" for number in range(5)]
    started = time.thread_time()
    helper.strays("nieuwsbrief-aanmelden", QUESTION, [*OWN, *fresh])
    assert time.thread_time() - started < 1


def test_it_follows_the_files_and_bears_a_broken_one(helper: ExampleHelper, entries: Entries):
    held = entries.find("item", "stage-zoeken")
    examples = [*held.data["voorbeeldvragen"], "mag ik bij jullie beroepen proeven"]
    entries.change(held, {"voorbeeldvragen": examples}, held.data)
    helper.wait()
    (stray,) = helper.strays("nieuwsbrief-aanmelden", QUESTION, [*OWN, "mag ik bij jullie beroepen proeven"])
    assert stray.item.id == "stage-zoeken"
    (entries.folder / "faq" / "stages.yml").write_text("- id: [", "utf-8")
    assert helper.wait() is not None


def test_long_sentences_and_words_are_hinted_at_not_forbidden():
    easy = reading("Kijk op stagemarkt.nl. Daar staat wat je zoekt.")
    hard = reading(
        "De arbeidsmarktaansluitingsproblematiek van onderwijsinstellingen noopt samenwerkingsverbanden tot "
        "intensivering van beroepsgerichte scholingstrajecten ten behoeve van de arbeidsmarktpositie van werkzoekenden "
        "die zich willen laten omscholen naar een technisch beroep in de regio."
    )
    assert easy.hints == []
    assert easy.score > 80 > 45 > hard.score
    assert [hint.split(".")[0] for hint in hard.hints] == ["Deze zin is lang", "Lange woorden"]
    assert reading("…") is None
