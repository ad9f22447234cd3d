"""Where `knowledge/` lies in a git checkout, each publish is a commit of that folder alone."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

SECONDS = 60


def commit(folder: Path, author: str, message: str) -> str:
    """Commit what changed in a folder, and say in Dutch what came of it; nothing where there is no git.

    Never raises: a publish does not need git.
    """
    try:
        inside = _git(folder, author, "rev-parse", "--is-inside-work-tree")
        if inside.returncode:
            absent = "not a git repository" in inside.stderr
            return "" if absent else f"Git weigert: {_last_line(inside)}"
        if _git(folder, author, "check-ignore", "-q", ".").returncode == 0:
            return "Git laat de map met kennis buiten beschouwing."
        for step in (["add", "-A", "--", "."], ["commit", "--quiet", "-m", message, "--", "."]):
            if step[0] == "commit" and not _git(folder, author, "diff", "--cached", "--quiet", "--", ".").returncode:
                return "In git stond dit al."
            done = _git(folder, author, *step)
            if done.returncode:
                return f"Git wilde dit niet bewaren: {_last_line(done)}"
    except (OSError, subprocess.SubprocessError) as error:
        return f"Git deed het niet ({error}); dit staat dus alleen in de lijst met versies."
    return f"In git bewaard als {_git(folder, author, 'rev-parse', '--short', 'HEAD').stdout.strip()}."


def _git(folder: Path, author: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git in a folder, in the name of whoever publishes."""
    name = author.replace("<", "").replace(">", "").strip() or "onbekend"
    email = f"{''.join(filter(str.isalnum, name)) or 'onbekend'}@localhost"
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER")
           for key, value in (("NAME", name), ("EMAIL", email))}  # fmt: skip
    command: Sequence[str] = ["git", "-C", str(folder), *arguments]
    variables = {**os.environ, **who, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
    )


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stderr or done.stdout).strip().splitlines()
    return lines[-1][:200] if lines else f"code {done.returncode}"
