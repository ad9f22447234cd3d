"""In a git checkout a publish is a commit of the knowledge alone; without git, or when it refuses, it says so."""

import subprocess
from pathlib import Path

import pytest

from bot.beheer.commits import commit


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def knowledge_folder(tmp_path: Path) -> Path:
    """Return the knowledge in a checkout in which other work waits too."""
    folder = tmp_path / "project/knowledge"
    folder.mkdir(parents=True)
    git(folder.parent, "init", "-q")
    (folder / "a.yml").write_text("- id: a\n")
    commit(folder, "Anna", "Begin.")
    (folder.parent / "code.py").write_text("half = 'af'\n")
    git(folder.parent, "add", "code.py")
    return folder


def test_only_the_knowledge_is_committed_in_the_name_of_who_publishes(knowledge_folder: Path):
    (knowledge_folder / "a.yml").unlink()
    (knowledge_folder / "b.yml").write_text("- id: b\n")
    said = commit(knowledge_folder, "Bram <b>", "Stages bijgewerkt.\n\n1 vraag nieuw.")
    assert said == f"In git bewaard als {git(knowledge_folder, 'rev-parse', '--short', 'HEAD')}."
    assert (
        git(knowledge_folder, "log", "-1", "--format=%an|%cn|%s|%b")
        == "Bram b|Bram b|Stages bijgewerkt.|1 vraag nieuw."
    )
    assert git(knowledge_folder, "show", "--name-only", "--format=", "--no-renames").split() == [
        "knowledge/a.yml", "knowledge/b.yml",
    ]  # fmt: skip
    assert git(knowledge_folder.parent, "status", "--porcelain") == "A  code.py"


def test_nothing_to_commit_is_said(knowledge_folder: Path):
    assert commit(knowledge_folder, "Bram", "Niets.") == "In git stond dit al."


def test_outside_git_there_is_nothing_to_say(tmp_path: Path):
    assert commit(tmp_path, "Bram", "Iets.") == ""


def test_a_git_that_refuses_is_quoted_and_stops_nothing(knowledge_folder: Path):
    hook = knowledge_folder.parent / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'vandaag niet' >&2\nexit 1\n")
    hook.chmod(0o755)
    (knowledge_folder / "a.yml").write_text("- id: anders\n")
    assert commit(knowledge_folder, "Bram", "Iets.") == "Git wilde dit niet bewaren: vandaag niet"


def test_without_git_installed_it_says_so(knowledge_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    assert "Git deed het niet" in commit(knowledge_folder, "Bram", "Iets.")
