"""Numbers by group without those that are so small that they may tell of one person.

Primary and complementary cell suppression (Hundepool et al., 2012, "Statistical Disclosure Control"):
what is smaller than five is hidden, and with it as much as is needed that nobody can work it out from
the total.
"""

from collections.abc import Mapping
from typing import TypeVar

SMALLEST = 5
"""A number from this on is shown; a zero is too, for it is about nobody."""

Name = TypeVar("Name")


def protect(counts: Mapping[Name, int]) -> dict[Name, int | None]:
    """Return the counts, with None for those that are not shown.

    The hidden ones are at least two, and their sum leaves room for each of them to be five or more. So
    the total may be shown beside them.
    """
    hidden = [name for name, count in counts.items() if 0 < count < SMALLEST]
    rest = sorted((name for name, count in counts.items() if count >= SMALLEST), key=lambda name: counts[name])
    while hidden and not _safe([counts[name] for name in hidden]) and rest:
        hidden.append(rest.pop(0))
    return {name: None if name in hidden else count for name, count in counts.items()}


def protect_total(count: int) -> int | None:
    """Return a total, or None when it is too small to be shown."""
    return None if 0 < count < SMALLEST else count


def _safe(hidden: list[int]) -> bool:
    return len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= SMALLEST
