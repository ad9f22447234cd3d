"""Every line of docs/dreigingen.md has a test that exists, and every test here stands for a line or belongs to one."""

import re

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs/dreigingen.md").read_text("utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and line.count("|") == 4 and "---" not in line]
LINES = [row for row in ROWS if not row.startswith("| dreiging |")]


def test_there_are_lines():
    assert len(LINES) > 25


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[2:50])
def test_a_line_has_a_measure_and_a_test(line: str):
    threat, measure, test = (cell.strip() for cell in line.strip("|").split("|"))
    assert threat
    assert measure
    file, name = re.fullmatch(r"`(test_\w+\.py)::(test_\w+)`", test).groups()
    assert f"def {name}(" in (ROOT / "tests/security" / file).read_text("utf-8")
