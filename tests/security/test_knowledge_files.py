"""A file of the knowledge that would take the computer's time or memory is refused, at once and in Dutch."""

import shutil
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.check import check
from bot.knowledge.files import MAX_VALUES, KnowledgeFiles, Problem
from tests.conftest import ROOT

SECONDS = 10.0
MEGABYTES = 300
BOMB = "a: &a [l, l, l, l, l, l, l, l, l]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
)

CASES = {
    "a billion laughs": (BOMB, "YAML-verwijzing"),
    "an alias as a key": ("&a a: 1\n*a : 2\n", "YAML-verwijzing"),
    "deep and open": ("[" * 100_000, "te diep"),
    "deep and closed": ("[" * 900 + "]" * 900, "te diep"),
    "deep mappings": ("{a: " * 500 + "1" + "}" * 500, "te diep"),
    "deep blocks": ("\n".join(" " * depth + "a:" for depth in range(2000)), "te diep"),
    "deep lists": ("- " * 20_000 + "a", "te diep"),
    "many keys": ("\n".join(f"a{number}: 1" for number in range(300_000)), f"meer dan {MAX_VALUES} waarden"),
    "many entries": ("- a\n" * 1_000_000, f"meer dan {MAX_VALUES} waarden"),
    "too large": ("a: " + "x" * 5_000_001, "groter dan 5 MB"),
    "a number without end": ("- " + "9" * 100_000, "deze waarde"),
    "no number": ("- !!int veel", "deze waarde"),
    "no yes or no": ("- !!bool misschien", "deze waarde"),
    "a Python object": ("- !!python/object/apply:os.system ['touch /tmp/kwaad']", "YAML-tag"),
    "a tag of its own": ("- !eigen a", "YAML-tag"),
    "no date": ("- !!timestamp 2001-99-99", "YAML-tag"),
    "a zero byte": ("a: \0", "geldige YAML"),
    "two documents": ("a: 1\n---\nb: 2", "geldige YAML"),
    "half a character": ("a: \udc80", "UTF-8"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_at_once_and_in_dutch(tmp_path: Path, name: str):
    content, what = CASES[name]
    (tmp_path / "a.yml").write_bytes(content.encode("utf-8", "surrogateescape"))
    problems: list[Problem] = []
    before, started = psutil.Process().memory_info().rss, time.monotonic()
    assert list(KnowledgeFiles(tmp_path).entries("*.yml", problems)) == []
    assert time.monotonic() - started < SECONDS
    assert (psutil.Process().memory_info().rss - before) / 1e6 < MEGABYTES
    [problem] = problems
    assert what in str(problem)
    assert problem.mend


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path_factory.mktemp("bom") / "knowledge"))


HOSTILE = {
    "one endless text": "- id: a\n  vraag: " + "x" * 4_000_000,
    "endless spaces": '- id: "' + " " * 1_000_000 + '"',
    "a regular expression's nightmare": "- id: " + "a-" * 500_000,
    "many small items": "".join(f"- id: i{number}\n  vraag: a\n" for number in range(20_000)),
    "only keys that nobody knows": "- " + "\n  ".join(f"k{number}: 1" for number in range(20_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_whole_check_stays_quick(folder: Path, name: str):
    file = folder / "faq/kwaad.yml"
    file.write_text(HOSTILE[name], "utf-8")
    try:
        started = time.monotonic()
        knowledge, problems = check(folder)
        assert time.monotonic() - started < 60
        assert knowledge is None
        assert any(problem.file == "faq/kwaad.yml" for problem in problems)
    finally:
        file.unlink()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
SYNTAX = st.lists(
    st.sampled_from([*"abc:-?[]{},#&*!|>'\"%@`~ \n\t", "- ", ": ", "\n  ", "!!int ", "<<: ", "\u2028"]), max_size=60
)


@given(text=SYNTAX.map("".join) | st.text(max_size=60))
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_is_read_or_refused_and_never_breaks_the_reader(tmp_path: Path, text: str):
    (tmp_path / "a.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
    problems: list[Problem] = []
    list(KnowledgeFiles(tmp_path).entries("*.yml", problems))
    assert all(problem.what and problem.mend and problem.line >= 1 for problem in problems)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the check finds little to do, so that it can be done often."""
    folder = tmp_path_factory.mktemp("klein")
    for name in ("faq", "pact/tabellen", "pact/lijsten", "pact/initiatieven", "regios", "regelingen", "plaatsen"):
        (folder / name).mkdir(parents=True)
    return folder


KEYS = st.sampled_from(
    ["id", "thema", "vraag", "voorbeeldvragen", "antwoord", "bronnen", "links", "zie_ook", "geldig_tot", "status",
     "over", "opzoeken", "naam", "titel", "adres"]
)  # fmt: skip
FILES = st.sampled_from(
    ["faq/a.yml", "bronnen.yml", "themas.yml", "woorden.yml", "website.yml", "regios/a.yml", "pact/tabellen/a.yml",
     "pact/lijsten/a.yml", "pact/initiatieven/a.yml", "plaatsen/streken.yml", "plaatsen/namen.yml"]
)  # fmt: skip


@given(name=FILES, entries=st.lists(st.dictionaries(KEYS, VALUES, max_size=8), max_size=3) | VALUES)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_entry_is_checked_and_never_breaks_the_check(small: Path, name: str, entries: object):
    import yaml

    file = small / name
    file.write_bytes(yaml.safe_dump(entries, allow_unicode=True).encode("utf-8", "surrogatepass"))
    try:
        _, problems = check(small)
        assert all(problem.what and problem.mend for problem in problems)
    finally:
        file.unlink()
