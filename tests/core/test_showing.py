"""Values in words are bounded, whatever the value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.showing import MISSING, kind, path_text, shorten

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_a_text_is_never_longer_than_its_limit(value: object) -> None:
    assert len(shorten(value, 50)) <= 50


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9),
        lambda x: st.lists(x, max_size=2),
        max_leaves=4,
    )
)
def test_a_small_value_is_shown_as_json(value: object) -> None:
    text = shorten(value, 1000)
    if "…" not in text:
        assert json.loads(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MISSING, "nothing"),
        ({"a": [1, None, True]}, '{"a": [1, null, true]}'),
        ("grüße", '"grüße"'),
        ("\ud800", '"\\ud800"'),
        ([[[[[[1]]]]]], "[[[[[…]]]]]"),
        ({"a": {"a": {"a": {"a": {"a": 1}}}}}, '{"a": {"a": {"a": {"a": {…}}}}}'),
        ("x" * 200, '"' + "x" * 118 + "…"),
        (10**200, "a number of more than 100 digits"),
        (b"bytes are no JSON", "\"b'bytes are no JSON'\""),
    ],
)
def test_how_a_value_is_shown(value: object, text: str) -> None:
    assert shorten(value) == text


def test_a_huge_value_is_not_rendered_to_be_cut() -> None:
    class Huge(list[int]):
        def __iter__(self):  # type: ignore[no-untyped-def]  # a list that cannot be walked through
            yield from range(200)
            raise AssertionError("too far")

    assert shorten(Huge([1])).startswith("[0, 1, 2")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (None, ""),
        ((None, "a"), "a"),
        (((None, "jobs"), 0), "jobs[0]"),
        ((((None, 1), "a"), "b.c"), '[1].a["b.c"]'),
        ((None, ""), '[""]'),
    ],
)
def test_a_path_is_written_as_in_javascript(path: object, text: str) -> None:
    assert path_text(path) == text  # type: ignore[arg-type]  # parametrised as objects


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "number"),
        (1.5, "number"),
        ("", "string"),
        ({}, "object"),
        ([], "array"),
        (b"", "no JSON"),
    ],
)
def test_kinds_have_the_names_of_json(value: object, name: str) -> None:
    assert kind(value) == name
