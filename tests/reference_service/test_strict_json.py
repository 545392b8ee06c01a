"""JSON from the network."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_service.strict_json import dig, loads


@pytest.mark.parametrize(
    "text",
    ["", "{", "NaN", "[Infinity]", "-Infinity", "1e999", "[" * 100_000, "9" * 5000, b"\xff",
     "{'a': 1}"],
)  # fmt: skip
def test_what_is_not_json(text: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it says is the parser's
        loads(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_what_is_json(value: object) -> None:
    assert loads(json.dumps(value)) == value
    assert loads(json.dumps(value).encode()) == value


def test_digging() -> None:
    value = {"a": {"b": {"c": 1}}, "n": None}
    assert dig(value, "a", "b", "c") == 1
    assert dig(value) == value
    assert dig(value, "a", "x", "c") is dig(value, "n", "x") is dig([], "a") is None
