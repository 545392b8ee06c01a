"""Shelves: order, pages, and how much work a page is."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from mock_nrfcloud.fota.shelf import Asked, Shelf, page


@dataclass(frozen=True)
class Thing:
    number: int

    @property
    def id(self) -> str:
        return f"thing-{self.number}"


def pages(shelf: Shelf[Thing], asked: Asked) -> list[list[int]]:
    """All pages, from the first on."""
    found = []
    while True:
        items, after = shelf.page(asked, lambda each: each.number % 5 != 3)
        found.append([each.number for each in items])
        if after is None:
            return found
        asked = Asked(asked.limit, after, asked.newest_first)


@given(
    st.sets(st.integers(1, 50)),
    st.sets(st.integers(1, 50)),
    st.integers(1, 9),
    st.booleans(),
)
def test_pages_have_everything_once_and_in_order(
    numbers: set[int], gone: set[int], limit: int, newest_first: bool
) -> None:
    shelf = Shelf(map(Thing, sorted(numbers)))
    for number in gone & numbers:
        shelf.remove(Thing(number).id)
    left = sorted((each for each in numbers - gone if each % 5 != 3), reverse=newest_first)
    found = pages(shelf, Asked(limit, newest_first=newest_first))
    assert [number for each in found for number in each] == left
    assert all(len(each) == limit for each in found[:-1])
    assert found[-1] or not left
    assert [each.number for each in shelf] == sorted(numbers - gone)
    assert [each.number for each in shelf.newest_first()] == sorted(numbers - gone)[::-1]


def test_a_thing_that_changes_keeps_its_place_and_a_copy_does_not_change() -> None:
    shelf = Shelf([Thing(1), Thing(2)])
    copy = shelf.copy()
    changed = Thing(1)
    shelf.put(changed)
    shelf.put(Thing(3))
    assert next(iter(shelf)) is changed
    assert (len(shelf), len(copy)) == (3, 2)
    assert copy.get("thing-3") is None


def test_a_page_is_found_without_looking_at_what_is_before_it() -> None:
    order = [str(number) for number in range(10_000)]
    for newest_first in (True, False):
        work = []
        for after in (None, 9_990, 5_000, 10):
            looked_at: list[str] = []

            def number(name: str, looked_at: list[str] = looked_at) -> int:
                looked_at.append(name)
                return int(name)

            next(page(order, number, Asked(10, after, newest_first)))
            work.append(len(looked_at))
        assert max(work) <= 15, work  # log2 of 10,000, and one
