"""The pages on which staff find, change, add and take away what the assistant knows."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.beheer.entries import EDITABLE, MODELS
from bot.knowledge.check import check
from tests.beheer.conftest import Staff, change, sent_by


@pytest.fixture
def scratch(few: Path) -> Path:
    """A few dozen items: what is tried here does not depend on how many there are."""
    return few


def test_an_editor_mends_an_answer(editor: Staff, scratch: Path, manager: Staff):
    page = change(editor, "/kennis/item/stage-zoeken", antwoord="Kijk op stagemarkt.nl.")
    assert "Opgeslagen" in page
    assert check(scratch)[0].item("stage-zoeken").antwoord.strip() == "Kijk op stagemarkt.nl."
    assert "item stage-zoeken" in manager.get("/logboek")


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written(editor: Staff, scratch: Path):
    before = (scratch / "faq" / "stages.yml").read_bytes()
    values = {"vraag": "", "links.0.url": "javascript:alert(1)", "thema": "verzonnen", "antwoord": "Mijn werk."}
    page = change(editor, "/kennis/item/stage-zoeken", 422, **values)
    assert '<p class="problem" id="fout-vraag">Vul dit in.</p>' in page
    assert re.search(r'id="fout-links.0.url">[^<]*is geen adres', page)
    assert "Mijn werk." in page
    assert (scratch / "faq" / "stages.yml").read_bytes() == before
    page = change(editor, "/kennis/item/stage-zoeken", 422, thema="verzonnen")
    assert re.search(r'id="fout-thema">[^<]*bestaat niet', page)


def test_the_second_of_two_editors_sees_the_difference(editor: Staff, sign_in: Callable, scratch: Path):
    other: Staff = sign_in("redacteur", "collega")
    path = "/kennis/item/stage-zoeken"
    mine = sent_by(editor.get(path))
    change(other, path, antwoord="Van mijn collega.", vraag="Waar is een stage?")
    page = editor.post(path, {**mine, "antwoord": "Van mijzelf."}, 409)
    assert "Een collega heeft dit ook veranderd" in page
    assert "Van mijn collega." in page
    assert check(scratch)[0].item("stage-zoeken").antwoord.strip() == "Van mijn collega."
    both = sent_by(page)
    assert (both["antwoord"], both["vraag"]) == (["Van mijzelf."], ["Waar is een stage?"])
    editor.post(path, both)
    item = check(scratch)[0].item("stage-zoeken")
    assert (item.antwoord.strip(), item.vraag) == ("Van mijzelf.", "Waar is een stage?")


def test_a_new_question_gets_an_id_of_its_own(editor: Staff, scratch: Path):
    page = editor.get("/kennis/nieuw/item?vraag=Wie+leert+mij+lassen%3F&voorbeeldvraag=lassen+leren+waar")
    sent = sent_by(page)
    assert sent["voorbeeldvragen"] == ["lassen leren waar"]
    wanted = {"bestand": "faq/nieuws.yml", "antwoord": "De ambachtsman.", "thema": "nieuws"}
    page = editor.post(
        "/kennis/nieuw/item", {**sent, **wanted, "doelgroep": "leerling", "bronnen": ["faq-techniekpact", ""]}
    )
    assert "Toegevoegd" in page
    item = check(scratch)[0].item("wie-leert-mij-lassen")
    assert (item.vraag, item.bronnen) == ("Wie leert mij lassen?", ["faq-techniekpact"])
    assert "status" not in (scratch / "faq" / "nieuws.yml").read_text("utf-8").split("wie-leert-mij-lassen")[1]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}"])
def test_html_in_an_answer_stays_text(editor: Staff, scratch: Path, text: str):
    page = change(editor, "/kennis/item/stage-zoeken", antwoord=text)
    assert text not in page or "{{" in text
    assert text in html.unescape(page)  # neither run nor filled in
    assert check(scratch)[0].item("stage-zoeken").antwoord.strip() == text


def test_a_title_in_arabic_reads_from_right_to_left(editor: Staff):
    page = change(editor, "/kennis/item/stage-zoeken", vraag="أين أجد تدريبا؟")
    assert '<h1 dir="auto">أين أجد تدريبا؟</h1>' in page
    assert "أين أجد تدريبا؟" in editor.get("/kennis?zoek=تدريبا")


def test_a_reader_sees_all_and_changes_nothing(reader: Staff, scratch: Path):
    before = (scratch / "faq" / "stages.yml").read_bytes()
    page = reader.get("/kennis/item/stage-zoeken")
    assert '<fieldset class="bare" disabled>' in page
    assert "Opslaan" not in page
    reader.post("/kennis/item/stage-zoeken", sent_by(page), 403)
    reader.get("/kennis/nieuw/item", 403)
    assert (scratch / "faq" / "stages.yml").read_bytes() == before


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("zoek=STAGEMARKT", "stage-zoeken", "wat-is-het-techniekpact"),
        ("thema=nieuws", "nieuwsbrief-aanmelden", "stage-zoeken"),
        ("soort=organisatie&landsdeel=noord", "techniekpact-noord-org", "stage-zoeken"),
        ("status=concept", "Niets gevonden", "stage-zoeken"),
        ("soort=bron&zoek=zwolle", "techniekpact-zwolle", "stage-zoeken"),
    ],
)
def test_the_list_shows_what_is_looked_for(reader: Staff, query: str, shown: str, hidden: str):
    page = reader.get(f"/kennis?{query}")
    assert shown in page
    assert f"/{hidden}" not in page


def test_a_title_with_the_words_comes_first(reader: Staff):
    page = reader.get("/kennis?zoek=stage")
    titles = re.findall(r'href="/kennis/item/[^"]+">([^<]+)<', page)
    with_word = ["stage" in title.lower() for title in titles]
    assert with_word == sorted(with_word, reverse=True)
    assert True in with_word


def test_what_needs_care_is_found(reader: Staff, scratch: Path):
    file = scratch / "faq" / "stages.yml"
    text = file.read_text("utf-8")
    old = re.sub(r"gecontroleerd_op: \S+", "gecontroleerd_op: 2020-01-01", text, count=1)
    file.write_text(old, "utf-8")
    assert "/kennis/item/stage-zoeken" in reader.get("/kennis?status=te-controleren")
    file.write_text(old.replace("2020-01-01", "2020-01-01\n  geldig_tot: 2020-02-01"), "utf-8")
    assert "/kennis/item/stage-zoeken" in reader.get("/kennis?status=verlopen")


def test_a_file_broken_by_hand_is_named_and_the_rest_works(editor: Staff, scratch: Path):
    editor.get("/kennis")
    (scratch / "faq" / "nieuws.yml").write_text('- id: x\n  vraag: "open\n', "utf-8")
    page = editor.get("/kennis")
    assert "<code>faq/nieuws.yml</code>, regel 2: een aanhalingsteken wordt niet gesloten." in page
    assert "Opgeslagen" in change(editor, "/kennis/item/stage-zoeken", antwoord="Werkt nog.")
    assert "bestaat niet (meer)" in editor.get("/kennis/item/nieuwsbrief-aanmelden", 404)


def test_five_thousand_items_stay_fast(editor: Staff, scratch: Path):
    import time

    item = "- id: veel-{0}\n  thema: stages\n  vraag: Vraag {0}?\n  voorbeeldvragen: [veel vraag {0} a, veel vraag {0} b]\n  antwoord: Antwoord {0}.\n  doelgroep: [leerling]\n  bronnen: [pact-2013]\n  gecontroleerd_op: 2026-11-21\n"  # noqa: E501
    for part in range(10):
        numbers = range(part * 500, part * 500 + 500)
        (scratch / "faq" / f"veel-{part}.yml").write_text("".join(map(item.format, numbers)), "utf-8")
    page = editor.get("/kennis")
    assert re.search(r"5\d{3} gevonden", page)
    started = time.process_time()
    for query in ("zoek=4999", "pagina=90", "thema=stages&status=gepubliceerd"):
        editor.get(f"/kennis?{query}")
    assert time.process_time() - started < 3 * 0.5
    editor.get("/kennis/item/veel-4999")


def test_the_preview_reads_as_the_visitor_will_read_it(editor: Staff):
    sent = sent_by(editor.get("/kennis/item/stage-zoeken"))
    fragment = editor.post("/kennis/voorbeeld/item", {**sent, "antwoord": "Zie https://ptvt.nl. <b>x</b>"})
    assert '<a href="https://ptvt.nl" rel="noopener noreferrer" target="_blank">https://ptvt.nl</a>.' in fragment
    assert "<b>x</b>" not in fragment
    assert "Bron: " in fragment
    assert "Leesbaarheid" in fragment
    assert "Het voorbeeld verschijnt" in editor.post("/kennis/voorbeeld/item", {"vraag": "", "antwoord": ""})


def test_every_kind_has_labels():
    from bot.beheer.labels import KIND_NAMES, LABELS

    assert set(EDITABLE) == set(KIND_NAMES)
    missing = {name for kind in EDITABLE for name in MODELS[kind].model_fields} - set(LABELS) - {"organisaties"}
    assert missing == set()


def test_what_was_written_about_an_entry_that_is_gone_is_not_lost(editor: Staff, app: FastAPI, scratch: Path):
    path = "/kennis/item/stage-zoeken"
    mine = {**sent_by(editor.get(path)), "antwoord": "Uren werk."}
    held = app.state.services.entries.find("item", "stage-zoeken")
    app.state.services.entries.remove(held, held.data)
    page = editor.post(path, mine, 409)
    assert "Je tekst staat hier nog" in page
    again = sent_by(page)
    assert again["antwoord"] == ["Uren werk."]
    editor.post("/kennis/nieuw/item", {**again, "bestand": "faq/stages.yml"})
    assert check(scratch)[0].item("stage-zoeken").antwoord.strip() == "Uren werk."
