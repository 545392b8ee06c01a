"""Shadows: merged, deleted, timed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_nrfcloud.fota.assumptions import MAX_STATE_BYTES, MAX_STATE_DEPTH
from mock_nrfcloud.fota.entities import Shadow
from mock_nrfcloud.fota.errors import ApiError
from mock_nrfcloud.fota.shadow import delta, patched

LEAVES = st.one_of(
    st.booleans(), st.integers(-9, 9), st.text("ab", max_size=3), st.lists(st.none())
)
VALUES: Any = st.recursive(
    LEAVES, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


def test_objects_are_merged_and_all_else_is_replaced() -> None:
    shadow = patched(Shadow(), 10.9, reported={"a": {"x": 1, "y": [1, {"z": 2}]}, "b": 1})
    after = patched(shadow, 20, reported={"a": {"x": 2, "n": None}, "b": None}, desired={"a": 5})
    assert (after.version, after.desired) == (3, {"a": 5})
    assert after.reported == {"a": {"x": 2, "y": [1, {"z": 2}]}}
    assert after.reported_times == {
        "a": {
            "x": {"timestamp": 20},
            "y": [{"timestamp": 10}, {"z": {"timestamp": 10}}],
        }
    }
    assert after.desired_times == {"a": {"timestamp": 20}}
    assert shadow.reported["b"] == 1, "what was before has not changed"


def test_a_value_becomes_an_object_and_back() -> None:
    shadow = patched(Shadow(), 1, reported={"a": 1})
    shadow = patched(shadow, 2, reported={"a": {"b": 1}})
    assert (shadow.reported, shadow.reported_times) == (
        {"a": {"b": 1}},
        {"a": {"b": {"timestamp": 2}}},
    )
    shadow = patched(shadow, 3, reported={"a": 2})
    assert (shadow.reported, shadow.reported_times) == ({"a": 2}, {"a": {"timestamp": 3}})


def test_a_member_that_is_called_timestamp_is_like_others() -> None:
    shadow = patched(Shadow(), 1, reported={"a": {"timestamp": 5, "b": 1}})
    shadow = patched(shadow, 2, reported={"a": {"c": 1}})
    assert shadow.reported_times["a"] == {
        "timestamp": {"timestamp": 1},
        "b": {"timestamp": 1},
        "c": {"timestamp": 2},
    }


def test_another_version_is_refused() -> None:
    assert patched(Shadow(version=4), 1, reported={"a": 1}, version=4).version == 5
    with pytest.raises(ApiError, match="The version is 4, not 3") as caught:
        patched(Shadow(version=4), 1, reported={"a": 1}, version=3)
    assert caught.value.code == 41200


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    return value


def test_what_is_too_large_or_too_deep_is_refused() -> None:
    patched(Shadow(), 1, desired=nested(MAX_STATE_DEPTH))
    with pytest.raises(ApiError, match="nested more than"):
        patched(Shadow(), 1, desired=nested(MAX_STATE_DEPTH + 1))
    half = "x" * (MAX_STATE_BYTES // 2)
    shadow = patched(Shadow(), 1, reported={"a": half}, desired={"a": half})
    with pytest.raises(ApiError, match="The reported state is larger") as caught:
        patched(shadow, 1, reported={"b": half})
    assert caught.value.code == 41300


def test_the_delta_is_what_is_wanted_and_not_reported() -> None:
    desired = {"a": {"same": 1, "other": 2, "new": {"x": 1}}, "b": [1], "c": {"same": 1}}
    reported = {"a": {"same": 1, "other": 3}, "b": [1], "c": {"same": 1, "more": 1}, "d": 1}
    assert delta(desired, reported) == {"a": {"other": 2, "new": {"x": 1}}}


def merge(values: Any, patch: Any) -> Any:
    """The rule in other words: RFC 7396, JSON Merge Patch."""
    if not isinstance(patch, dict):
        return patch
    values = dict(values) if isinstance(values, dict) else {}
    for key, value in patch.items():
        if value is None:
            values.pop(key, None)
        else:
            values[key] = merge(values.get(key), value)
    return values


def leaves(value: Any) -> set[tuple[str, ...]]:
    """The ways to all values that are no objects."""
    if not isinstance(value, dict) or value.keys() == {"timestamp"}:
        return {()}
    return {(key, *rest) for key, inner in value.items() for rest in leaves(inner)}


@given(st.lists(st.one_of(OBJECTS, st.dictionaries(st.sampled_from("abc"), st.none()))))
def test_patches_are_merged_as_rfc_7396_says_and_all_values_have_a_time(
    patches: list[dict[str, Any]],
) -> None:
    shadow, expected = Shadow(), {}
    for seconds, patch in enumerate(patches):
        shadow = patched(shadow, seconds, reported=patch)
        expected = merge(expected, patch)
    assert shadow.reported == expected
    assert shadow.version == 1 + len(patches)
    times = {way for way in leaves(shadow.reported_times) if way}
    assert {way for way in leaves(shadow.reported) if way} == times
    assert delta(shadow.reported, shadow.reported) == {}
