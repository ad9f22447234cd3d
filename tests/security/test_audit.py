"""What is accepted is accepted by name; what is new is told; an answer that did not come is no approval."""

import re
from pathlib import Path

import pytest

from benchmarks import audit
from tests.conftest import ROOT

REPORT = {
    "dependencies": [
        {"name": "goed", "version": "1.0", "vulns": []},
        {"name": "overgeslagen", "skip_reason": "geen versie"},
        {
            "name": "slecht",
            "version": "2.0",
            "vulns": [{"id": "PYSEC-2030-1", "aliases": ["CVE-2030-7"], "fix_versions": ["2.1"], "description": "…"}],
        },
    ]
}


def test_a_report_is_read():
    [found] = audit.weaknesses(REPORT)
    assert str(found) == "slecht 2.0: CVE-2030-7, PYSEC-2030-1; opgelost in 2.1"


def test_a_range_of_ids_is_accepted():
    ids = audit.accepted("CVE-2025-8 en CVE-2030-5 tot en met 7, GHSA-aaaa-bbbb-cccc")
    assert ids == {"CVE-2025-8", "CVE-2030-5", "CVE-2030-6", "CVE-2030-7", "GHSA-aaaa-bbbb-cccc"}


@pytest.mark.parametrize(("text", "code"), [("niets", 1), ("CVE-2030-7: hier geen kwaad", 0)])
def test_only_what_is_accepted_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: int):
    monkeypatch.setattr(audit, "look", lambda _: audit.weaknesses(REPORT))
    monkeypatch.setattr(audit, "ACCEPTED", tmp_path / "lijst.md")
    (tmp_path / "lijst.md").write_text(text, "utf-8")
    assert audit.main() == code


def test_no_answer_is_no_approval(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(audit, "FILES", (Path("requirements/bestaat-niet.txt"),))
    assert audit.main() == audit.COULD_NOT_LOOK
    assert "geen goedkeuring" in capsys.readouterr().out


def test_what_is_accepted_is_what_we_install():
    """A version that was renewed must leave the list."""
    locked = f"\n{(ROOT / 'requirements/rasa.txt').read_text('utf-8')}"
    named = re.findall(r"^\| ([a-z]+) ([\d.]+) \|", audit.ACCEPTED.read_text("utf-8"), re.MULTILINE)
    assert len(named) > 3
    assert [name for name, version in named if f"\n{name}=={version}" not in locked] == []
