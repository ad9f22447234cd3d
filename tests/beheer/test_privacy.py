from hypothesis import given
from hypothesis import strategies as st

from bot.beheer.privacy import SMALLEST, protect, protect_total


def test_large_numbers_and_zeros_are_shown():
    assert protect({"a": 12, "b": 0, "c": 5}) == {"a": 12, "b": 0, "c": 5}


def test_a_small_number_takes_the_next_one_along():
    assert protect({"a": 40, "b": 3, "c": 9}) == {"a": 40, "b": None, "c": None}


def test_several_small_ones_that_the_total_does_not_give_away_are_enough():
    assert protect({"a": 40, "b": 4, "c": 4}) == {"a": 40, "b": None, "c": None}


def test_a_small_total_is_not_shown():
    assert [protect_total(count) for count in (0, 1, 4, 5)] == [0, None, None, 5]


@given(st.dictionaries(st.integers(), st.integers(0, 60), max_size=12))
def test_nobody_can_work_out_a_small_number_from_the_total(counts: dict[int, int]):
    safe = protect(counts)
    hidden = [name for name, count in safe.items() if count is None]
    assert {name for name, count in counts.items() if 0 < count < SMALLEST} <= set(hidden)
    if not hidden or all(count is None or count == 0 for count in safe.values()):
        return  # nothing beside it to subtract, and a small total is not shown
    left = sum(counts.values()) - sum(count for count in safe.values() if count is not None)
    # The others may each be as small as one: this much one of them can be at most.
    assert left - (len(hidden) - 1) >= SMALLEST
    assert len(hidden) >= 2
