"""Whether values match: against a brute-force model, and against hostile values."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from deepdiff import DeepDiff
from hypothesis import given
from hypothesis import strategies as st

from harness.core.bounded import TooMuchError, Work, run
from harness.core.comparing import fits
from harness.core.markers import Marker
from harness.core.showing import MISSING


def holds(expected: object, actual: object, *, exact: bool = False, limit: int = 10**7) -> bool:
    return run(fits(expected, actual, exact, Work(limit)))


scalars = st.sampled_from([None, True, False, 0, 1, 1.0, 0.1, "", "1", "a"])
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)

markers = st.sampled_from(["string", "number", "null", "present", "ignore", "array"]).map(
    lambda name: Marker(f"#{name}", name)
) | st.sampled_from(
    [Marker("##string", "string", is_optional=True), Marker("#notpresent", "notpresent")]
)
marked = st.recursive(
    scalars | markers,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)


def model(expected: Any, actual: Any) -> bool:
    """The rule as it is written, by trying every order."""
    if isinstance(expected, Marker):
        return expected.holds(actual)
    if actual is MISSING:
        return False
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            model(value, actual.get(key, MISSING)) for key, value in expected.items()
        )
    if isinstance(expected, list):
        if not isinstance(actual, list) or (not expected and actual):
            return False
        return any(
            all(map(model, expected, chosen)) for chosen in permutations(actual, len(expected))
        )
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual)


@given(values, values)
def test_matching_is_what_trying_every_order_finds(expected: object, actual: object) -> None:
    assert holds(expected, actual) == model(expected, actual)


@given(
    st.lists(values, max_size=5).flatmap(
        lambda items: st.tuples(st.just(items), st.permutations(items))
    )
)
def test_an_array_matches_in_any_order(both: tuple[list[object], list[object]]) -> None:
    assert holds(*both)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.sampled_from([1, 2]), max_size=3), max_size=5
    ),
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.sampled_from([1, 2]), max_size=3), max_size=5
    ),
)
def test_items_that_contend_for_the_same_items_are_assigned_as_well_as_possible(
    expected: list[object], actual: list[object]
) -> None:
    assert holds(expected, actual) == model(expected, actual)


@given(marked, values)
def test_markers_hold_as_trying_every_order_finds(expected: object, actual: object) -> None:
    assert holds(expected, actual) == model(expected, actual)


@given(st.lists(marked, max_size=5), st.lists(values, max_size=5))
def test_markers_contend_for_items_as_well_as_possible(
    expected: list[object], actual: list[object]
) -> None:
    assert holds(expected, actual) == model(expected, actual)


def exact_model(expected: Any, actual: Any) -> bool:
    """Equality, by the rule as it is written."""
    if isinstance(expected, Marker):
        return expected.holds(actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(
            key in expected and exact_model(expected[key], actual.get(key, MISSING))
            for key in expected | actual
        )
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(exact_model, expected, actual))
    return actual is not MISSING and model(expected, actual)


@given(marked, values)
def test_equality_is_exact_but_where_markers_are(expected: object, actual: object) -> None:
    assert holds(expected, actual, exact=True) == exact_model(expected, actual)


def without_booleans(value: object) -> object:
    """To DeepDiff true is 1; to JSON it is not."""
    if isinstance(value, dict):
        return {key: without_booleans(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_booleans(item) for item in value]
    return f"boolean {value}" if isinstance(value, bool) else value


@given(values, values)
def test_equality_agrees_with_deepdiff(expected: object, actual: object) -> None:
    one, other = without_booleans(expected), without_booleans(actual)
    different = DeepDiff(one, other, ignore_numeric_type_changes=True)
    assert holds(expected, actual, exact=True) == (not different)


@given(values)
def test_everything_matches_and_equals_itself(value: object) -> None:
    assert holds(value, value)
    assert holds(value, value, exact=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (0.3, 0.1 + 0.2, True),
        (1e-30, 1.0000000000001e-30, True),
        (1e-30, 2e-30, False),
        (1.5, 1.5000001, False),
        (1, 1.0000000000001, True),
        (1, 1.00000001, False),
        (10**15, 10**15 + 1, False),
        (1e15, 1e15 + 1, False),
        (0, 5e-324, False),
        (-0.1, 0.1, False),
        (10**400, 1.5, False),
        (10**400, 10**400, True),
        (float("inf"), 1.5, False),
        (float("inf"), float("inf"), True),
        (1, True, False),
        (0, False, False),
        (1, "1", False),
        (0, None, False),
    ],
)
def test_numbers_are_equal_but_for_the_rounding_of_fractions(
    one: object, other: object, same: bool
) -> None:
    assert holds(one, other) is same
    assert holds(other, one) is same
    assert holds([one], [other]) is same


def test_a_greedy_choice_is_taken_back() -> None:
    assert holds([{}, {"a": 1}, {"b": 1}], [{"a": 1}, {"b": 1}, {"c": 1}])
    assert holds(
        [{"a": 1}, {"b": 1}, {"c": 1}, {}], [{"a": 1, "b": 1}, {"c": 1}, {"b": 1}, {"a": 1}]
    )


@pytest.mark.parametrize("exact", [False, True])
def test_ten_thousand_levels_are_no_problem(exact: bool) -> None:
    one: object = 1
    same: object = 1
    other: object = 2
    for _ in range(10_000):
        one, same, other = [{"a": one}], [{"a": same}], [{"a": other}]
    assert holds(one, same, exact=exact)
    assert not holds(one, other, exact=exact)


def test_many_items_that_contend_are_decided() -> None:
    pattern = [{}] * 150 + [{"a": 1}] * 150
    assert holds(pattern, [{"a": 1}] * 150 + [{}] * 150)
    assert not holds(pattern, [{"a": 1}] * 149 + [{}] * 151)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ([{}] * 1000 + [{"a": {"b": 1}}] * 1000, [{"a": {"b": 1}}] * 1000 + [{}] * 1000),
        ([[[i] for i in range(100)]] * 100, [[[i] for i in range(99, -1, -1)]] * 100),
    ],
)
def test_hostile_arrays_are_given_up(expected: object, actual: object) -> None:
    with pytest.raises(TooMuchError):
        holds(expected, actual, limit=100_000)


def test_a_marker_does_not_make_comparing_scalars_slow() -> None:
    items: list[object] = [f"item {index}" for index in range(10_000)]
    assert holds([Marker("#number", "number"), *items], [*items[::-1], 1], limit=60_000)


def test_predicates_are_paid_for() -> None:
    odd = Marker("#? $ % 2 = 1", "?", "$ % 2 = 1")
    assert holds([odd] * 3, [2, 1, 3, 4, 5], limit=10_000)
    with pytest.raises(TooMuchError):
        holds([odd] * 30, [2] * 30, limit=10_000)


def test_arrays_in_the_same_order_take_one_pass() -> None:
    items = [{"id": i} for i in range(10_000)]
    assert holds(items, [{"x": 0}, *items], limit=60_000)
