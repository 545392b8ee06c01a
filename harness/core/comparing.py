"""Whether a JSON value matches another: the decision alone, for harness.core.matching.

Values come from the network, so neither depth (no recursion: a comparison is a task) nor size
(`Work`) can hurt: see harness.core.bounded. Items of arrays are assigned to each other by
bipartite matching.

A marker is decided where it stands, as everything that takes work is.

Pure: no I/O, no clock. May import nothing of the project but harness.core.bounded, .markers
and .showing.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Hashable
from typing import Any, Final

from harness.core.bounded import Task, TooMuchError, Work
from harness.core.markers import Marker, RunawayError
from harness.core.showing import MISSING

TOLERANCE: Final = 1e-12
"""How far numbers with a fraction may differ, as a part of their size."""
_FRACTIONLESS: Final = 2**53  # from here on every float is a whole number
_DEEPER: Final = (dict, list, Marker)
_ANY: Final = "any"
"""The bucket of markers, which may match values of several others."""


def shallow(expected: object, actual: object, exact: bool) -> bool | None:
    """The verdict, as far as it can be had without going deeper; else None."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict) or (exact and len(expected) < len(actual)):
            return False
        verdict: bool | None = True
        present = len(expected)
        for key, value in expected.items():
            if key not in actual:
                if not may_be_missing(value):
                    return False
                present -= 1
            elif isinstance(value, _DEEPER):
                verdict = None
            elif not _same(value, actual[key], exact):
                return False
        return False if exact and present != len(actual) else verdict
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(expected) > len(actual):
            return False
        if (exact or not expected) and len(expected) != len(actual):
            return False
        return None if expected else True
    return None if isinstance(expected, Marker) else _same(expected, actual, exact)


def may_be_missing(expected: object) -> bool:
    """Whether an object holds without the key that this is expected of."""
    return isinstance(expected, Marker) and expected.holds(MISSING)


def _same(expected: object, actual: object, exact: bool) -> bool:
    """Whether a scalar is the same as another value."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if expected == actual:
        return True
    return (
        not exact
        and isinstance(expected, (int, float))
        and isinstance(actual, (int, float))
        and _close(expected, actual)
    )


def _close(one: float, other: float) -> bool:
    """Whether two numbers, at least one of which has a fraction, are equal but for rounding."""
    if _whole(one) and _whole(other):
        return False
    if max(abs(one), abs(other)) > _FRACTIONLESS:  # an integer may be too large for a float
        return False
    return math.isclose(one, other, rel_tol=TOLERANCE)


def _whole(number: float) -> bool:
    return isinstance(number, int) or number.is_integer()


def fits(expected: Any, actual: Any, exact: bool, work: Work) -> Task[bool]:
    """Whether `actual` matches `expected` (equals it, if `exact`). Raises TooMuchError."""
    work.spend()
    verdict = shallow(expected, actual, exact)
    if verdict is not None:
        return verdict
    if isinstance(expected, Marker):
        work.spend(expected.cost)
        try:
            return expected.holds(actual)
        except RunawayError as error:
            raise TooMuchError(f"gave up: {error}") from None
    if isinstance(expected, dict):
        work.spend(len(expected))
        for key, value in expected.items():
            if isinstance(value, _DEEPER) and not (
                yield fits(value, actual.get(key, MISSING), exact, work)
            ):
                return False
        return True
    if exact:
        for one, other in zip(expected, actual, strict=True):
            if not (yield fits(one, other, exact, work)):
                return False
        return True
    return None not in (yield assign(expected, actual, work, all_or_nothing=True))


def assign(
    expected: list[object], actual: list[object], work: Work, *, all_or_nothing: bool
) -> Task[list[int | None]]:
    """Give each expected item a different actual item that it matches, as many as possible.

    The result has the index of the actual item for each expected one, or None. Items can only
    match within their bucket, so each bucket is a problem of its own; with markers, all that is not
    scalar is one. With `all_or_nothing` it stops as soon as one item is sure to get none.
    """
    result: list[int | None] = [None] * len(expected)
    wanted: defaultdict[Hashable, list[int]] = defaultdict(list)
    offered: defaultdict[Hashable, list[int]] = defaultdict(list)
    work.spend(len(expected) + len(actual))
    for index, item in enumerate(expected):
        wanted[_bucket(item)].append(index)
    has_markers = _ANY in wanted
    for index, item in enumerate(actual):
        if (bucket := _bucket(item)) in wanted or has_markers:
            offered[bucket].append(index)
    if has_markers:
        _merge(wanted, offered)
    for bucket, rows in wanted.items():
        columns = offered[bucket]
        if all_or_nothing and len(rows) > len(columns):
            return result
        if isinstance(bucket, tuple):
            pairs = list(zip(rows, columns, strict=False))
        else:
            pairs = yield _match(expected, actual, rows, columns, work, all_or_nothing)
        for row, column in pairs:
            result[row] = column
        if all_or_nothing and len(pairs) < len(rows):
            return result
    return result


def _merge(
    wanted: defaultdict[Hashable, list[int]], offered: defaultdict[Hashable, list[int]]
) -> None:
    """Put into one bucket what markers contend for.

    Scalars stay by themselves and take theirs first: those of a bucket are all alike, so it costs
    no marker more than it must, whichever of them is taken.
    """
    rows, columns = [], []
    for bucket in list(wanted):
        if not isinstance(bucket, tuple):
            rows += wanted.pop(bucket)
    for bucket, items in offered.items():
        columns += items[len(wanted[bucket]) :] if bucket in wanted else items
    wanted[_ANY], offered[_ANY] = sorted(rows), sorted(columns)


def _bucket(value: object) -> Hashable:
    """Values of different buckets never match; all values of a tuple's bucket match."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, Marker):
        return _ANY
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number"
    return "scalar", value


def _match(
    expected: list[object],
    actual: list[object],
    rows: list[int],
    columns: list[int],
    work: Work,
    all_or_nothing: bool,
) -> Task[list[tuple[int, int]]]:
    """A maximum bipartite matching of some items, as (row, column).

    Each pair is compared once at most; otherwise the work would double with each level of depth.
    """
    tested: dict[tuple[int, int], bool] = {}
    pairs: list[tuple[int, int]] = []
    # The usual case, in one pass: all items are there, in the same order.
    remaining = iter(columns)
    for row in rows:
        for column in remaining:
            work.spend()
            verdict = shallow(expected[row], actual[column], False)
            if verdict is None:
                verdict = yield fits(expected[row], actual[column], False, work)
            tested[row, column] = verdict
            if verdict:
                pairs.append((row, column))
                break
    if len(pairs) == len(rows):
        return pairs
    # By augmenting paths (Kuhn), sets of columns as the bits of a number.
    edges: list[int] = []
    for row in rows:
        fitting = 0
        for bit, column in enumerate(columns):
            verdict = tested.get((row, column))
            if verdict is None:
                work.spend()
                verdict = shallow(expected[row], actual[column], False)
            if verdict is None:
                verdict = yield fits(expected[row], actual[column], False, work)
            if verdict:
                fitting |= 1 << bit
        if all_or_nothing and not fitting:
            return []
        edges.append(fitting)
    owner: dict[int, int] = {}
    for start in range(len(rows)):
        if not _augment(edges, owner, start, work) and all_or_nothing:
            return []
    return [(rows[position], columns[bit]) for bit, position in owner.items()]


def _augment(edges: list[int], owner: dict[int, int], start: int, work: Work) -> bool:
    """Find `start` a column, others moving over for it if need be."""
    seen = 0
    reached_from: dict[int, int] = {}
    queue = deque([start])
    while queue:
        position = queue.popleft()
        fresh = edges[position] & ~seen
        seen |= fresh
        while fresh:
            work.spend()
            lowest = fresh & -fresh
            fresh ^= lowest
            bit = lowest.bit_length() - 1
            reached_from[bit] = position
            if bit in owner:
                queue.append(owner[bit])
                continue
            held = {position: bit for bit, position in owner.items()}
            step: int | None = bit
            while step is not None:
                position = reached_from[step]
                owner[step] = position
                step = held.get(position)
            return True
    return False
