"""ULIDs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reference_service.ulid import ulid

times = st.integers(0, 2**48 - 1)
numbers = st.integers(0, 2**80 - 1)


def test_known_values() -> None:
    assert ulid(0, 0) == "0" * 26
    assert ulid(2**48 - 1, 2**80 - 1) == "7" + "Z" * 25
    assert ulid(1469918176385, 0)[:10] == "01ARYZ6S41"  # the example of the specification


@given(times, times, numbers, numbers)
def test_they_sort_by_time(first: int, second: int, one: int, other: int) -> None:
    if first != second:
        assert (ulid(first, one) < ulid(second, other)) == (first < second)


@given(times, numbers, numbers)
def test_other_randomness_is_another_id(time: int, one: int, other: int) -> None:
    assert (ulid(time, one) == ulid(time, other)) == (one == other)
