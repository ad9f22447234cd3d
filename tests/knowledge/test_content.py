"""What holds for all of `knowledge/`, whoever edits it."""

import re
from collections import Counter
from pathlib import Path

from benchmarks.questions import load_questions
from bot.knowledge.schema import Knowledge
from bot.language.text import key

ROOT = Path(__file__).parents[2]
RUN = 10


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_there_are_many_items_with_many_examples(knowledge: Knowledge):
    assert len(knowledge.items) >= 90
    written = [item for item in knowledge.items if not item.id.startswith("initiatief-")]
    assert [item.id for item in written if len(item.voorbeeldvragen) < 6] == []


def test_every_theme_has_items(knowledge: Knowledge):
    counts = Counter(item.thema for item in knowledge.items)
    assert [theme.id for theme in knowledge.themas if not counts[theme.id]] == []


def test_every_answer_is_written_to_je(knowledge: Knowledge):
    formal = re.compile(r"(?<!&)\b(u|uw|uzelf)\b(?!-)", re.IGNORECASE)
    assert [item.id for item in knowledge.items if formal.search(item.antwoord)] == []


def test_answers_hold_no_html(knowledge: Knowledge):
    assert [item.id for item in knowledge.items if re.search(r"<\w", item.antwoord)] == []


def test_every_source_says_how_old_it_is(knowledge: Knowledge):
    assert [source.id for source in knowledge.bronnen if not (source.datum or source.datum_tekst)] == []


def test_every_source_is_used(knowledge: Knowledge):
    used = {source for item in knowledge.items for source in item.bronnen}
    for region in knowledge.landsdelen:
        used.update(region.bronnen, *(body.bronnen for body in region.organisaties))
    assert [source.id for source in knowledge.bronnen if source.id not in used] == []


def test_the_five_landsdelen(knowledge: Knowledge):
    provinces = {region.id: set(region.provincies) for region in knowledge.landsdelen}
    assert provinces.keys() == {"noord", "oost", "zuidoost", "zuidwest", "noordwest"}
    assert provinces["noord"] == {"Groningen", "Friesland", "Drenthe"}
    assert provinces["oost"] == {"Gelderland", "Overijssel"}
    assert provinces["noordwest"] == {"Noord-Holland", "Utrecht", "Flevoland"}


def test_no_sentence_is_copied_from_a_source(seeds: Path):
    known = {}
    for path in sorted(seeds.glob("*.txt")):
        text = words_of(path.read_text("utf-8", "replace"))
        known.update({tuple(text[n : n + RUN]): path.name for n in range(len(text) - RUN + 1)})
    copied = []
    for path in sorted((ROOT / "knowledge").rglob("*.yml")):
        text = words_of(path.read_text("utf-8"))
        copied += [
            f"{path.name}: {' '.join(text[n : n + RUN])}"
            for n in range(len(text) - RUN + 1)
            if tuple(text[n : n + RUN]) in known
        ]
    assert copied == []


def test_the_development_questions_are_not_in_the_knowledge(knowledge: Knowledge):
    examples = {key(text) for item in knowledge.items for text in (item.vraag, *item.voorbeeldvragen)}
    shared = [question.text for question in load_questions() if key(question.text) in examples]
    assert [text for text in shared if len(key(text).split()) > 3] == []
