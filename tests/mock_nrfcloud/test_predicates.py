from __future__ import annotations

import pytest

from harness.core.expressions import ExpressionError, LimitExceeded
from mock_nrfcloud.predicates import evaluated, holds, literal


def test_what_is_a_literal() -> None:
    assert literal("a/b")
    assert literal("//")
    assert not literal("/a/")
    assert not literal("/a/i")


def test_a_value_is_compared_and_a_regular_expression_is_searched_for() -> None:
    assert holds("a", "a")
    assert not holds("a", "ab")
    assert holds("/A/i", "ba")
    assert not holds("/^a/", "ba")


def test_a_runaway_regular_expression_does_not_match() -> None:
    assert not holds("/(a*)*b/", "a" * 40 + "!" * 40)


def test_jsonata_is_evaluated_in_bounds() -> None:
    assert evaluated("$count(items) = 2 and items[0].id = 'a'", {"items": [{"id": "a"}, {}]})
    with pytest.raises(LimitExceeded):
        evaluated("$sum([1..100000].($ * 2)) > 0", {})
    with pytest.raises(ExpressionError):
        evaluated("$number(a)", {"a": "x"})


def test_the_clock_of_a_predicate_stands_still() -> None:
    assert evaluated("$millis()", {}) == 0
