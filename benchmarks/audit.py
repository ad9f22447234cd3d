"""Known weaknesses in the locked versions: `make audit`.

What docs/dreigingen.md names is accepted, with a reason; anything else fails. Where osv.dev can't be reached, it says
so: that is no pass.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FILES = (Path("requirements/app.txt"), Path("requirements/rasa.txt"))
ACCEPTED = Path("docs/dreigingen.md")
COULD_NOT_LOOK = 2


class CouldNotLookError(RuntimeError):
    """The list of weaknesses was not reached, or its answer not understood."""


@dataclass(frozen=True)
class Weakness:
    """A known weakness of a package that we install."""

    package: str
    version: str
    ids: frozenset[str]
    fixed_in: str

    def __str__(self) -> str:
        fixed = f"opgelost in {self.fixed_in}" if self.fixed_in else "nog niet opgelost"
        return f"{self.package} {self.version}: {', '.join(sorted(self.ids))}; {fixed}"


def look(requirements: Path) -> list[Weakness]:
    """Ask for the weaknesses of all packages of a file.

    Raises:
        CouldNotLookError: there was no answer.
    """
    command = [sys.executable, "-m", "pip_audit", "-r", str(requirements), "--disable-pip", "--require-hashes",
               "--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return weaknesses(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError) as error:
        last = (done.stderr.strip().splitlines() or ["geen uitleg"])[-1]
        raise CouldNotLookError(f"{requirements}: {last[:300]}") from error


def weaknesses(report: dict) -> list[Weakness]:
    """Return what stands in a report of pip-audit."""
    return [
        Weakness(
            package["name"],
            package["version"],
            frozenset({found["id"], *found["aliases"]}),
            ", ".join(found["fix_versions"]),
        )
        for package in report["dependencies"]
        for found in package.get("vulns", ())
    ]


def accepted(text: str) -> frozenset[str]:
    """Return the ids that a text names; "CVE-2025-1 tot en met 3" names all between."""
    ids = set(re.findall(r"\b(?:CVE-\d{4}-\d+|GHSA(?:-\w{4}){3}|PYSEC-\d{4}-\d+)\b", text))
    for year, first, last in re.findall(r"\bCVE-(\d{4})-(\d+) tot en met (\d+)\b", text):
        ids.update(f"CVE-{year}-{number}" for number in range(int(first), int(last) + 1))
    return frozenset(ids)


def main() -> int:
    """Look in all files; return 0 when nothing is new, 1 when something is, 2 when it could not look."""
    known = accepted(ACCEPTED.read_text("utf-8"))
    try:
        found = [weakness for file in FILES for weakness in look(file)]
    except CouldNotLookError as error:
        print(f"Ik kon niet kijken, dus dit is geen goedkeuring. {error}")
        return COULD_NOT_LOOK
    new = [weakness for weakness in found if not weakness.ids & known]
    for weakness in new:
        print(weakness)
    print(f"{len(found)} bekende zwakke plekken, waarvan {len(new)} niet in {ACCEPTED}.")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
