"""Values on their way into the library and out of it."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.sandbox.library import JException, Utils, enter, is_function, leave
from harness.core.sandbox.syntax import parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_json_goes_in_and_comes_out(value: object) -> None:
    assert leave(enter(value)) == value


def test_null_is_not_the_librarys_none() -> None:
    assert enter({"a": [None]}) == {"a": [Utils.NULL_VALUE]}


def test_the_librarys_types_do_not_come_out() -> None:
    assert type(leave(Utils.create_sequence(1))) is list
    assert type(leave(Utils.RangeList(1, 3))) is list
    assert leave(Utils.RangeList(1, 3)) == [1, 2]


def test_functions_come_out_empty() -> None:
    function = parse("/a/")[0].value
    assert is_function(function)
    assert leave({"a": function}) == {"a": ""}
    assert not is_function("a")


def test_what_is_no_json_does_not_go_in() -> None:
    with pytest.raises(JException, match="tuple among the values"):
        enter({"a": (1,)})


def test_importing_the_library_leaves_the_recursion_limit_alone() -> None:
    assert sys.getrecursionlimit() < 10_000
