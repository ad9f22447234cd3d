"""Whole conversations over REST, on the really running assistant."""

import re
import time

import pytest

from benchmarks.questions import kind_of, load_conversations
from benchmarks.replies import converse
from tests.conftest import Assistant, Conversation


def test_an_answer_has_its_source_and_date(visitor: Conversation):
    reply = visitor.say("waar vind ik een stageplek")
    assert "stagemarkt.nl" in reply
    assert re.search(r"Bron: .*rond 2018", reply)
    custom = visitor.messages[-1]["custom"]
    assert custom["kind"] == "answer"
    assert custom["items"] == ["stage-zoeken"]
    assert {"title", "url", "date"} == custom["sources"][0].keys()
    assert custom["links"][0]["url"].startswith("https://")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("hallo", "smalltalk", "Hallo"),
        ("dankjewel!", "smalltalk", "Graag gedaan"),
        ("doei", "smalltalk", "Tot ziens"),
        ("wat kan je allemaal", "smalltalk", "stages"),
        ("ben jij een echt persoon", "smalltalk", "chatbot"),
        ("je bent een stom ding", "smalltalk", "Vervelend"),
        ("goed gedaan zeg", "smalltalk", "Dank je wel"),
        ("ik wil niet meer leven", "answer", "0800-0113"),
        ("er is brand in de werkplaats, help", "answer", "112"),
        ("ik wil een medewerker spreken", "answer", "ptvt.nl"),
    ],
)
def test_small_talk_and_need(visitor: Conversation, text: str, kind: str, expected: str):
    assert expected in visitor.say(text)
    assert visitor.kind == kind


def test_english_gets_dutch_with_a_line_of_english(visitor: Conversation):
    reply = visitor.say("where can I find an internship in engineering?")
    assert "only answer in Dutch" in reply
    assert "stagemarkt" in reply.lower()


def test_what_only_says_that_we_do_not_know_is_no_answer(visitor: Conversation):
    assert "geen lonen" in visitor.say("hoeveel verdient een loodgieter per maand")
    assert visitor.kind == "fallback"
    assert visitor.items == []


@pytest.mark.parametrize(
    ("said", "item"),
    [
        # "en de …" puts something beside the answer; "is dat" asks on about it.
        (["wie is de voorzitter van de regiegroep", "en welke vakbonden doen mee"], "vakbonden-in-het-pact"),
        (["wie is de voorzitter van de regiegroep", "sinds wanneer is ze dat"], "voorzitter"),
        (["wat is landsdeel noord", "en zuidoost?"], "landsdeel-zuidoost"),
        (["Human Capital Akkoord, wanneer is dat getekend?"], "human-capital-akkoord-zuid-holland"),
    ],
)
def test_what_a_question_is_about(visitor: Conversation, said: list[str], item: str):
    for text in said:
        visitor.say(text)
    assert visitor.items[0] == item, visitor.messages


def test_to_be_called_is_no_emergency(visitor: Conversation):
    assert "112" not in visitor.say("mijn nummer is 0612345678, bel me maar als er een baan is")


def test_the_desk_of_another_town_is_no_answer(visitor: Conversation):
    visitor.say("openingstijden van het werkcentrum in Middelburg")
    assert visitor.kind == "fallback"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("waar kan ik stage lope in goes", ["stagemarkt", "Zuidwest"]),
        ("stage in den bosch", ["stagemarkt", "Zuidoost"]),
        ("omscholen in rotterdam", ["werkcentrum", "Zuidwest"]),
        ("ik wil juf worden en woon in Almere", ["onderwijsloket"]),
    ],
)
def test_a_question_with_a_place_is_still_that_question(visitor: Conversation, text: str, expected: list[str]):
    reply = visitor.say(text).lower()
    assert [word for word in expected if word.lower() not in reply] == []


def test_other_languages_get_dutch(visitor: Conversation):
    assert "Nederlands" in visitor.say("Wo finde ich einen Praktikumsplatz bitte, ich spreche kein Niederländisch")


def test_a_second_miss_gives_another_way_out(visitor: Conversation):
    replies = [visitor.say(text) for text in ("hoe bak ik appeltaart", "wie won de tour de france", "zing een liedje")]
    assert len(set(replies)) == 3
    assert visitor.kind == "fallback"


def test_two_questions_in_one_message(visitor: Conversation):
    reply = visitor.say("waar vind ik een stage in de techniek en wie is de voorzitter van de regiegroep?")
    assert "stagemarkt" in reply.lower()
    assert "Koster" in reply


class TestPlaces:
    def test_a_place_leads_to_its_landsdeel(self, visitor: Conversation):
        reply = visitor.say("bij welk landsdeel hoort Enschede")
        assert "landsdeel Oost" in reply
        assert "Twente" in reply
        assert "Bron:" in reply
        assert visitor.kind == "answer"

    def test_west_brabant_is_zuidwest(self, visitor: Conversation):
        assert "Zuidwest" in visitor.say("bij welk landsdeel hoort Breda")

    def test_without_a_place_it_asks_and_remembers(self, visitor: Conversation):
        visitor.say("bij welk landsdeel hoor ik?")
        assert visitor.kind == "clarify"
        assert "landsdeel Noord" in visitor.say("Drachten")
        assert "landsdeel Noord" in visitor.say("in welk landsdeel zit ik dan?")

    def test_an_ambiguous_place_is_asked_about(self, visitor: Conversation):
        visitor.say("welk landsdeel is Bergen")
        assert visitor.kind == "clarify"
        assert visitor.buttons == ["Bergen (Limburg)", "Bergen (Noord-Holland)"]
        assert "Zuidoost" in visitor.say("de eerste")

    def test_the_button_itself_works(self, visitor: Conversation):
        visitor.say("ik woon in Bergen, welk landsdeel is dat")
        assert "Noordwest" in visitor.say(visitor.buttons[1])

    def test_i_do_not_know(self, visitor: Conversation):
        visitor.say("bij welk landsdeel hoor ik?")
        reply = visitor.say("weet ik niet")
        assert all(name in reply for name in ("Noord", "Oost", "Zuidoost", "Zuidwest", "Noordwest"))

    def test_another_subject_half_way(self, visitor: Conversation):
        visitor.say("bij welk landsdeel hoor ik?")
        assert "stagemarkt" in visitor.say("laat maar, waar vind ik een stage?").lower()
        assert visitor.kind == "answer"

    def test_correction_and_follow_up(self, visitor: Conversation):
        assert "landsdeel Noordwest" in visitor.say("welk landsdeel is Utrecht")
        assert "landsdeel Noord " in visitor.say("nee ik bedoel Groningen")
        assert "landsdeel Zuidoost" in visitor.say("en in Limburg?")

    def test_a_follow_up_keeps_the_subject(self, visitor: Conversation):
        visitor.say("waar vind ik een stage in Enschede")
        assert "stage-zoeken" in visitor.items
        reply = visitor.say("en in Limburg?")
        assert "Zuidoost" in reply
        assert "stage-zoeken" in visitor.items

    def test_abroad(self, visitor: Conversation):
        assert "niet in Nederland" in visitor.say("bij welk landsdeel hoort Antwerpen")
        assert visitor.kind == "fallback"

    def test_an_unknown_place_is_not_guessed(self, visitor: Conversation):
        visitor.say("bij welke regio hoort Blubberdorperveen?")
        assert visitor.kind in {"clarify", "fallback"}

    def test_a_place_and_a_question(self, visitor: Conversation):
        reply = visitor.say("bij welk landsdeel hoort Apeldoorn en waar vind ik daar een stage?")
        assert "landsdeel Oost" in reply
        assert "stagemarkt" in reply.lower()


class TestFollowingUp:
    def test_more_repeat_and_source(self, visitor: Conversation):
        first = visitor.say("waar vind ik een stage")
        assert visitor.say("kun je dat herhalen").split("\n")[0] == first.split("\n")[0]
        source = visitor.say("waar haal je dat vandaan?")
        assert "bronnen" in source
        visitor.say("vertel meer")
        assert visitor.buttons
        wanted = visitor.buttons[0]
        visitor.say("de eerste")
        assert visitor.kind == "answer"
        assert wanted

    def test_repeat_without_anything_said(self, visitor: Conversation):
        visitor.say("zeg dat nog eens")
        assert visitor.kind == "smalltalk"


def test_most_scripted_conversations_go_right(assistant: Assistant):
    """Seventy conversations that were written without knowledge of the answers."""
    conversations = load_conversations()
    turns = [turn for conversation in conversations for turn in conversation.turns]
    replies = converse(assistant.address, conversations)
    wrong = [(t.text, t.kind, t.expected, kind_of(r)) for t, r in zip(turns, replies, strict=True) if not t.right(r)]
    assert 1 - len(wrong) / len(turns) >= 0.85, "\n".join(map(str, wrong))


def test_a_publish_is_live_within_five_seconds(assistant: Assistant, visitor: Conversation):
    path = assistant.knowledge / "faq/stages.yml"
    before = path.read_text("utf-8")
    marker = "Dit antwoord is net nieuw."
    path.write_text(before.replace("  antwoord: |\n", f"  antwoord: |\n    {marker}\n\n", 1), "utf-8")
    try:
        assert "is live" in assistant.publish()
        done = time.monotonic()
        while marker not in visitor.say("Waar vind ik een stage in de techniek?"):
            assert time.monotonic() - done < 5
            time.sleep(0.2)
    finally:
        path.write_text(before, "utf-8")
        assistant.publish()


def test_a_broken_file_publishes_nothing(assistant: Assistant, visitor: Conversation):
    path = assistant.knowledge / "faq/stages.yml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("  antwoord: |\n", "\tantwoord: |\n", 1), "utf-8")
    try:
        output = assistant.publish(expect=1)
        assert "faq/stages.yml:" in output
        assert "tab" in output
        assert "stagemarkt" in visitor.say("Waar vind ik een stage in de techniek?").lower()
    finally:
        path.write_text(before, "utf-8")
