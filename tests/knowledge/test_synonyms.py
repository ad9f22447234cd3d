from pathlib import Path

from bot.knowledge.check import check
from bot.knowledge.schema import Woord
from bot.knowledge.synonyms import Synonyms

LLO = Woord(id="llo", naam="leven lang ontwikkelen", ook=["llo", "w&t-les", "een leven lang leren"])


def test_the_words_of_the_knowledge_are_added():
    expand = Synonyms([LLO]).expand
    assert expand("wat is LLO?") == "wat is LLO? leven lang ontwikkelen"
    assert expand("een leven lang leren") == "een leven lang leren leven lang ontwikkelen"
    assert expand("llo is leven lang ontwikkelen") == "llo is leven lang ontwikkelen"
    assert expand("alloo") == "alloo"


def test_a_word_for_two_things_is_a_mistake(scratch: Path):
    with (scratch / "woorden.yml").open("a", encoding="utf-8") as file:
        file.write("- id: iets-anders\n  naam: iets anders\n  ook: [LLO]\n")
    knowledge, problems = check(scratch)
    assert knowledge is None
    (problem,) = [problem for problem in problems if not problem.warning]
    assert problem.file == "woorden.yml"
    assert "'LLO' staat ook bij 'leven-lang-ontwikkelen'" in problem.what
