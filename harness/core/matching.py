"""JSON matching: what differs between an expected and an actual value (docs/steps.md).

*match*: objects are partial, arrays hold in any order, numbers with a fraction may differ in the
last digits. *equal* (`exact`): JSON equality, the order of keys free. Comparing returns the list
of differences; no difference means that it holds.

Values are what `json.loads` gives; an expected one may have markers (harness.core.markers).
harness.core.comparing decides; here it is explained.

Pure: no I/O, no clock. May import nothing but harness.core.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, Final

from harness.core.bounded import Task, TooMuchError, Work, run
from harness.core.comparing import assign, fits, may_be_missing, shallow
from harness.core.markers import Marker, RunawayError, problem
from harness.core.redaction import names_secret
from harness.core.showing import MISSING, Path, kind, path_keys, path_text, shorten

__all__ = [
    "CANDIDATES",
    "MISSING",
    "SHOWN",
    "Mismatch",
    "Nearest",
    "mismatches",
    "nearest",
    "shorten",
]

SHOWN: Final = 20
"""How many mismatches are listed; what is left is counted."""
CANDIDATES: Final = 100
"""How many candidates (the newest) `nearest` looks at."""
_ITEM_CANDIDATES: Final = 30
_DECIDE_LIMIT: Final = 3_000_000
_EXPLAIN_LIMIT: Final = 2_000_000
_WEIGHT_LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference.

    `path` is where it is in the actual value (`jobs[0].status`, "" for the value itself), `what`
    says it in words; `expected` and `actual` are the values, `MISSING` if there is none. `wanted`
    are the keys from the top of what was expected.
    """

    path: str
    what: str
    expected: object
    actual: object
    wanted: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}: {self.what}" if self.path else self.what


@dataclass(frozen=True, slots=True)
class Nearest:
    """The candidate that differs least; `others` is how many more there are.

    `is_alike`: all that is expected is there, if with other values, or at least half of it holds.
    """

    index: int
    mismatches: list[Mismatch]
    others: int
    is_alike: bool


def mismatches(expected: object, actual: object, *, exact: bool = False) -> list[Mismatch]:
    """How `actual` fails to match `expected` (to equal it, if `exact`); [] if it does not fail.

    At most `SHOWN` differences and one more that counts the rest.
    """
    try:
        if run(fits(expected, actual, exact, Work(_DECIDE_LIMIT))):
            return []
    except TooMuchError as error:
        return [Mismatch("", str(error), expected, actual)]
    found: list[_Found] = []
    with suppress(TooMuchError):
        run(_explain(expected, actual, None, None, exact, Work(_EXPLAIN_LIMIT), found))
    return _report(found or [_Found(None, None, expected, actual)])


def nearest(
    expected: object, candidates: Sequence[object], *, exact: bool = False
) -> Nearest | None:
    """The candidate with the fewest differences, the newest (last) of equals; None without any.

    Only the last `CANDIDATES` are looked at.
    """
    work = Work(_EXPLAIN_LIMIT)
    best: tuple[int, list[_Found]] | None = None
    least = math.inf
    for index in range(len(candidates) - 1, max(-1, len(candidates) - 1 - CANDIDATES), -1):
        found: list[_Found] = []
        try:
            run(_explain(expected, candidates[index], None, None, exact, work, found))
        except TooMuchError:
            best = best or (index, [_Found(None, None, expected, candidates[index])])
            break
        weight = sum(_weight(each.expected) for each in found)
        if weight < least:
            best, least = (index, found), weight
    if best is None:
        return None
    index, found = best
    lacking = sum(_weight(each.expected) for each in found)
    is_alike = all(map(_is_alike, found)) or 2 * lacking <= _weight(expected)
    return Nearest(index, _report(found), len(candidates) - 1, is_alike)


def _is_alike(found: _Found) -> bool:
    if isinstance(found.expected, Marker):
        return found.actual is not MISSING
    return kind(found.expected) == kind(found.actual)


@dataclass(frozen=True, slots=True)
class _Found:
    """A difference, before it is put into words."""

    path: Path
    wanted: Path
    expected: object
    actual: object
    item: bool = False  # an item of the array at `path` has no counterpart


def _explain(
    expected: Any,
    actual: Any,
    path: Path,
    wanted: Path,
    exact: bool,
    work: Work,
    found: list[_Found],
) -> Task[None]:
    work.spend()
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            if key in actual:
                here = (path, key), (wanted, key)
                yield _explain(value, actual[key], *here, exact, work, found)
            elif not may_be_missing(value):
                found.append(_Found((path, key), (wanted, key), value, MISSING))
        if exact:
            found += [
                _Found((path, key), (wanted, key), MISSING, value)
                for key, value in actual.items()
                if key not in expected
            ]
    elif isinstance(expected, list) and isinstance(actual, list) and (expected or exact):
        if exact:
            pairs = enumerate(zip_longest(expected, actual, fillvalue=MISSING))
            for index, (one, other) in pairs:
                here = (path, index), (wanted, index)
                if one is MISSING or other is MISSING:  # no marker lets an array be shorter
                    found.append(_Found(*here, one, other))
                else:
                    yield _explain(one, other, *here, exact, work, found)
        elif len(expected) == len(actual) == 1:
            yield _explain(expected[0], actual[0], (path, 0), (wanted, 0), exact, work, found)
        else:
            yield _explain_items(expected, actual, path, wanted, work, found)
    elif isinstance(expected, Marker):
        if not (yield fits(expected, actual, exact, work)):
            found.append(_Found(path, wanted, expected, actual))
    elif shallow(expected, actual, exact) is not True:
        found.append(_Found(path, wanted, expected, actual))


def _explain_items(
    expected: list[object],
    actual: list[object],
    path: Path,
    wanted: Path,
    work: Work,
    found: list[_Found],
) -> Task[None]:
    """For each expected item without a counterpart: how the nearest free item differs."""
    assigned = yield assign(expected, actual, work, all_or_nothing=False)
    free = sorted(set(range(len(actual))) - set(assigned))
    for position, (item, index) in enumerate(zip(expected, assigned, strict=True)):
        if index is not None:
            continue
        if not free or len(found) > SHOWN:
            found.append(_Found(path, (wanted, position), item, MISSING, item=True))
            continue
        best: list[_Found] = []
        chosen, least = free[0], math.inf
        for candidate in free[:_ITEM_CANDIDATES]:
            differences: list[_Found] = []
            here = (path, candidate), (wanted, position)
            yield _explain(item, actual[candidate], *here, False, work, differences)
            weight = sum(_weight(each.expected) for each in differences)
            if weight < least:
                best, chosen, least = differences, candidate, weight
        found += best
        free.remove(chosen)


def _weight(expected: object) -> int:
    """How much is expected: its leaves, up to a limit."""
    stack = [expected]
    leaves = 0
    while stack and leaves < _WEIGHT_LIMIT:
        value = stack.pop()
        if isinstance(value, dict) and value:
            stack += islice(value.values(), _WEIGHT_LIMIT)
        elif isinstance(value, list) and value:
            stack += value[:_WEIGHT_LIMIT]
        else:
            leaves += 1
    return leaves


def _report(found: list[_Found]) -> list[Mismatch]:
    result = [
        Mismatch(
            path_text(each.path), _words(each), each.expected, each.actual, path_keys(each.wanted)
        )
        for each in found[:SHOWN]
    ]
    if (rest := len(found) - SHOWN) > 0:
        result.append(Mismatch("", f"and {rest} more", MISSING, MISSING))
    return result


def _words(found: _Found) -> str:
    expected, actual = found.expected, found.actual
    if names_secret(path_text(found.path)):
        got_nothing = ", got nothing" if actual is MISSING else ""
        return f"expected another value (it is secret){got_nothing}"
    if found.item:
        return f"expected an item {shorten(expected)}, got no item that is left for it"
    if expected is MISSING:
        return f"unexpected {shorten(actual)}"
    if expected == [] and isinstance(actual, list):
        return f"expected an empty array, got {shorten(actual)}"
    if isinstance(expected, Marker):
        return f"expected {_marker(expected, actual)}, got {shorten(actual)}"
    text = f"expected {shorten(expected)}, got {shorten(actual)}"
    if isinstance(expected, str) and (hint := problem(expected)):
        return f"{text} ({hint})"
    if isinstance(expected, str) and isinstance(actual, str):
        return text if max(len(expected), len(actual)) < 40 else text + _parting(expected, actual)
    if actual is not MISSING and (wanted := kind(expected)) != (got := kind(actual)):
        return f"expected {shorten(expected)} ({wanted}), got {shorten(actual)} ({got})"
    return text


def _marker(marker: Marker, actual: object) -> str:
    try:
        reason = marker.reason(actual)
    except RunawayError as error:
        reason = str(error)
    return f"{marker.words}: {reason}" if reason else marker.words


def _parting(expected: str, actual: str) -> str:
    """Where two long strings part."""
    shorter = min(len(expected), len(actual))
    # Bisected, since comparing slices is far quicker than comparing characters.
    low, high = 0, shorter
    while low < high:
        middle = (low + high + 1) // 2
        if expected[low:middle] == actual[low:middle]:
            low = middle
        else:
            high = middle - 1
    start = max(0, low - 10)
    one, other = (shorten(text[start : low + 30]) for text in (expected, actual))
    return f" (they differ from character {low + 1} on: {one}, {other})"
