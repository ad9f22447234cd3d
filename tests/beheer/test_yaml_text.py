"""An edit changes the lines of its entry and nothing else."""

import difflib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.beheer.yaml_text import added, changed, comments, removed, same
from bot.knowledge.files import compose, value_of
from tests.conftest import ROOT

FILES = sorted((ROOT / "knowledge").rglob("*.yml"))
TEXT = """\
# kop
- id: a  # eerste
  thema: x
  antwoord: |
    een

    twee
  # over links
  links:
    - titel: T  # t
      url: https://x.nl
    - titel: "U"
      url: https://y.nl
  bronnen: [p, "q", # waarom
    r]

# tussen
- id: b
  vraag: Hé?
  leden:
    - {naam: "A'", ook: [x]}
    - {naam: B}
"""
NAMES = [path.relative_to(ROOT / "knowledge").as_posix() for path in FILES]


def entries(text: str) -> list[tuple[int | None, dict]]:
    data = value_of(compose(text))
    return list(enumerate(data)) if isinstance(data, list) else [(None, data)]


def lines_changed(old: str, new: str) -> list[str]:
    return [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_save_that_changes_nothing_leaves_every_byte(path: Path):
    text = path.read_bytes().decode()
    for place, data in entries(text)[::9]:
        assert changed(text, place, data) == text


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_one_field_is_one_change(path: Path):
    """Each text of each entry in turn: only its own lines change, and every comment stays."""
    text = path.read_bytes().decode()
    found = entries(text)
    for place, data in (found[0], found[-1]):
        for name in [name for name, value in data.items() if isinstance(value, str) and name != "id"][:3]:
            new = changed(text, place, {**data, name: "Iets: 'anders' #1"})
            old_lines = data[name].count("\n") + 2
            assert len(lines_changed(text, new)) <= old_lines + 2, (place, name)


def test_what_did_not_change_keeps_its_comments_quotes_and_order():
    data = value_of(compose(TEXT))[0]
    wanted = {
        **data,
        "thema": "y",
        "antwoord": "drie\n\n- vier",
        "links": [{"titel": "T2", "url": "https://x.nl"}, {"titel": "N", "url": "https://n.nl"}, data["links"][1]],
        "bronnen": ["p", "q", "z"],
        "geldig_tot": date(2027, 1, 1),
    }
    assert changed(TEXT, 0, wanted) == TEXT.replace("thema: x", "thema: y").replace(
        "    een\n\n    twee\n", "    drie\n\n    - vier\n"
    ).replace("titel: T ", "titel: T2 ").replace(
        '    - titel: "U"', '    - titel: N\n      url: https://n.nl\n    - titel: "U"'
    ).replace(
        '  bronnen: [p, "q", # waarom\n    r]\n', '  # waarom\n  bronnen: [p, "q", z]\n  geldig_tot: 2027-01-01\n'
    )


def test_lists_on_one_line_stay_so():
    data = value_of(compose(TEXT))[1]
    wanted = {**data, "leden": [{"naam": "A'", "ook": ["x", "y, z"]}, {"naam": "C"}, {"naam": "B"}]}
    assert changed(TEXT, 1, wanted) == TEXT.replace(
        """    - {naam: "A'", ook: [x]}\n""", """    - {naam: "A'", ook: [x, "y, z"]}\n    - {naam: C}\n"""
    )


def test_a_key_and_a_line_that_go_leave_their_comments():
    data = value_of(compose(TEXT))[0]
    fresh = changed(TEXT, 0, {**data, "links": [], "bronnen": None})
    assert [comment for _, comment in comments(fresh)] == [comment for _, comment in comments(TEXT)]
    assert "links:" not in fresh


def test_an_entry_is_added_in_the_style_of_the_file():
    wanted = {"id": "c", "vraag": "w: at?", "voorbeeldvragen": ["ja", "no # x"], "bronnen": ["a"], "antwoord": "x"}
    block = "    - ja\n    - 'no # x'\n  bronnen: [a]\n  antwoord: |\n    x\n"
    assert added(TEXT, wanted) == f"{TEXT}\n- id: c\n  vraag: 'w: at?'\n  voorbeeldvragen:\n{block}"
    assert added("# leeg\n", {"id": "c"}) == "# leeg\n- id: c\n"


def test_an_entry_that_goes_takes_only_itself_along():
    assert removed(TEXT, 0) == "# kop\n" + TEXT[TEXT.index("# tussen") :]
    assert removed(TEXT, 1) == TEXT[: TEXT.index("- id: b")]


@pytest.mark.parametrize(
    ("held", "wanted", "alike"),
    [
        (2021, "2021", True),
        (None, "", True),
        ([], None, True),
        ("a\n", "a", True),
        (True, False, False),
        (None, False, True),
        ({"a": None}, {}, True),
        (["a"], ["a", "b"], False),
        ("2021", "2022", False),
        ("", "x", False),
    ],
)
def test_what_says_the_same(held, wanted, alike: bool):
    assert same(held, wanted) is alike


LINE = (
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip).map(str.strip)
)
BLOCK = st.lists(LINE, min_size=1, max_size=4).map("\n".join)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=LINE, block=BLOCK, many=st.lists(LINE, min_size=1, max_size=4), titles=st.lists(LINE, max_size=3))
def test_any_text_can_be_written_and_is_read_back(line: str, block: str, many: list[str], titles: list[str]):
    """`changed` reads back what it made, and raises when that differs."""
    data = value_of(compose(TEXT))
    links = [{"titel": title, "url": "https://x.nl"} for title in titles]
    new = changed(
        TEXT, 0, {**data[0], "thema": line, "antwoord": block, "bronnen": many, "links": links, "voorbeeldvragen": many}
    )
    new = changed(new, 1, {**data[1], "vraag": line, "leden": [{"naam": name, "ook": many} for name in many]})
    added(new, {"id": "nieuw", "vraag": line, "antwoord": block, "voorbeeldvragen": many})
