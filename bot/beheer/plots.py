"""Plots as SVG, made here: no script, no style of its own, and a table with the same numbers beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 24, 12, 28
MAX_LABELS = 10


@dataclass(frozen=True)
class Bar:
    """One bar; `hidden` marks a value that is not shown."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int | float | None
    named: bool
    """Whether there is room for its label under the axis."""

    @property
    def middle(self) -> float:
        """Return where its label stands."""
        return self.x + self.width / 2

    @property
    def hidden(self) -> bool:
        """Whether its value is not shown."""
        return self.value is None


@dataclass(frozen=True)
class Plot:
    """Upright bars, with lines at round values."""

    bars: Sequence[Bar]
    lines: Sequence[tuple[float, int]]
    """Height and value of each line."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


def plot(points: Sequence[tuple[str, int | float | None]]) -> Plot:
    """Return the bars of a series."""
    largest = max([value for _, value in points if value is not None], default=0) or 1
    top = _round_up(largest)
    room, floor = HEIGHT - BOTTOM - TOP, HEIGHT - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    every = -(-len(points) // MAX_LABELS)
    bars = []
    for number, (label, value) in enumerate(points):
        height = room * (value or 0) / top
        x, width = LEFT + number * step + step * 0.1, step * 0.8
        bars.append(Bar(round(x, 1), round(floor - height, 1), round(width, 1), round(height, 1), label, value,
                        number % every == 0))  # fmt: skip
    lines = [(round(floor - room * part / 2, 1), round(top * part / 2)) for part in range(3)]
    return Plot(bars, lines)


def _round_up(value: float) -> int:
    """Return the first of 2, 4, 10, 20, 40, 100 … that is not smaller."""
    size = 1
    while True:
        for factor in (2, 4, 10):
            if factor * size >= value:
                return factor * size
        size *= 10
