"""Things by their ID, in the order in which they were made, and pages of them. Pure.

Finding a page takes as long wherever it begins: its place is searched by bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, Generic, Protocol, TypeVar

numbers: Final = count(1)
"""Gives each thing its number: higher than those of all that were made before."""


class Thing(Protocol):
    """What can be put on a shelf; it never changes."""

    @property
    def id(self) -> str:
        """What it is known by."""

    @property
    def number(self) -> int:
        """Its place in the order in which things were made."""


T = TypeVar("T", bound=Thing)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that was asked for: `limit` items after the one that has that number."""

    limit: int = 100
    after: int | None = None
    newest_first: bool = True


class Shelf(Generic[T]):
    """Things that are replaced as they change."""

    def __init__(self, things: Iterable[T] = ()) -> None:
        """With these things, the oldest first."""
        self._things = {each.id: each for each in things}
        self._order = list(self._things)

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[T]:
        """The oldest first."""
        return map(self._things.__getitem__, self._order)

    def newest_first(self) -> Iterator[T]:
        """The newest first."""
        return map(self._things.__getitem__, reversed(self._order))

    def get(self, name: str) -> T | None:
        """The thing of that ID."""
        return self._things.get(name)

    def put(self, thing: T) -> None:
        """Add a thing, which is newer than all others; or let it take the place of the one that
        has its ID and its number."""
        if thing.id not in self._things:
            self._order.append(thing.id)
        self._things[thing.id] = thing

    def remove(self, name: str) -> None:
        """Take a thing away that is there."""
        del self._order[bisect_left(self._order, self._number(name), key=self._number)]
        del self._things[name]

    def copy(self) -> Shelf[T]:
        """Another one with the same things."""
        other: Shelf[T] = Shelf()
        other._things, other._order = self._things.copy(), self._order.copy()
        return other

    def page(
        self, asked: Asked, wanted: Callable[[T], bool] | None = None
    ) -> tuple[list[T], int | None]:
        """The things of a page (those that are wanted), and after which number the next begins."""
        ids = page(self._order, self._number, asked)
        found: list[T] = []
        for each in map(self._things.__getitem__, ids):
            if wanted is None or wanted(each):
                if len(found) == asked.limit:
                    return found, found[-1].number
                found.append(each)
        return found, None

    def _number(self, name: str) -> int:
        return self._things[name].number


def page(order: Sequence[str], number: Callable[[str], int], asked: Asked) -> Iterator[str]:
    """What follows in that order; `order` begins with the lowest number."""
    if asked.newest_first:
        end = len(order) if asked.after is None else bisect_left(order, asked.after, key=number)
        return map(order.__getitem__, range(end - 1, -1, -1))
    start = 0 if asked.after is None else bisect_right(order, asked.after, key=number)
    return map(order.__getitem__, range(start, len(order)))
