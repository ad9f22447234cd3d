"""Long lists in pages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paging:
    """Which page of how many things is shown; the first page is 1."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """Return the number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_shown(self) -> int:
        """Return the place of the first thing on this page, counted from 0."""
        return (self.number - 1) * self.size
