"""Where values stand in a JSON text: compared with what the text says there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.json_places import children, locate, parts_of, path_of, position

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def paths(value: Any) -> list[tuple[str | int, ...]]:
    """The path of every value in a value."""
    found: list[tuple[str | int, ...]] = [()]
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            found += [(key, *rest) for rest in paths(item)]
    return found


@given(values, st.sampled_from([None, 1, 2]))
def test_every_value_is_found_where_it_stands(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    for path in paths(value):
        expected = value
        for key in path:
            expected = expected[key]
        span = locate(text, path)
        assert span is not None
        assert json.loads(text[slice(*span)]) == expected


def test_what_is_not_there_is_the_nearest_around_it() -> None:
    text = '{"a": [1, {"b": 2}]}'
    assert locate(text, ("a", 1, "c", 0)) == locate(text, ("a", 1)) == (10, 18)
    assert locate(text, ("a", 7)) == locate(text, ("a",))
    assert locate(text, (0,)) == locate(text, ()) == (0, len(text))


def test_it_begins_where_it_is_told() -> None:
    assert locate('head\n\n {"a": 1}', ("a",), 6) == (13, 14)


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', '{"a": ', '["x', "[1, ", '{"a": {', "]"])
def test_what_is_no_json_has_no_places(text: str) -> None:
    assert locate(text, ("a", 0)) is None


def test_deep_nesting_is_no_matter() -> None:
    text = "[" * 100_000 + "]" * 100_000
    assert locate(text, (0,)) == (1, len(text) - 1)


def test_the_line_and_column_of_a_value() -> None:
    text = '{\n  "a": [1,\n    {"b": 2}]}'
    assert position(text, parts_of("$.a[1].b")) == (3, 11)
    assert position(text, parts_of("$.a[1].c")) == (3, 5)
    assert position("", ()) == (1, 1)


@given(st.lists(st.text() | st.integers(0, 99)).map(tuple))
def test_a_way_is_read_as_it_was_written(parts: tuple[str | int, ...]) -> None:
    assert parts_of(path_of(parts)) == parts


@given(values, st.sampled_from([None, 1, 2]))
def test_the_items_of_a_value_are_found_with_their_keys(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    found = list(children(text, 0))
    if not isinstance(value, (dict, list)):
        assert not found
        return
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    assert [(each.key, json.loads(text[each.start : each.end])) for each in found] == pairs
    begins = [each.begin for each in found]
    assert all(text[at - 1] in "{[ \n" for at in begins)
