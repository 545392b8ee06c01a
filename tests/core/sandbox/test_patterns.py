"""Regular expressions: what they match, and that they stop."""

from __future__ import annotations

import pytest

from harness.core.expressions import ExpressionError, LimitExceeded, compile_expression
from harness.core.sandbox.purse import Limits


def evaluate(expression: str, **data: object) -> object:
    return compile_expression(expression).evaluate(data, now=0)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$contains('abc', /B/)", False),
        ("$contains('abc', /B/i)", True),
        ("$contains('a\nb', /^b/)", False),
        ("$contains('a\nb', /^b/m)", True),
        ("$match('a1b22', /[0-9]+/).match", ["1", "22"]),
        ("$match('ab', /(a)(x)?/).groups", ["a", None]),
        ("$split('a1b22c', /[0-9]+/)", ["a", "b", "c"]),
        ("$split('abc', /x/)", ["abc"]),
        ("$split('ab', /x*/)", ["", "a", "b", ""]),
        ("$filter(['ab', 'b'], function($s) { $contains($s, /^b/) })", "b"),
        ("/a(b)/('xab').start", 1),
        (r"$contains('a/b', /\//)", True),
        ("$contains('x', /(?<n>x)/)", True),
        ("$contains('550e8400-e29b', /^[0-9a-f]{8}-[0-9a-f]{4}$/)", True),
    ],
)
def test_matching(expression: str, value: object) -> None:
    assert evaluate(expression) == value


@pytest.mark.parametrize("pattern", ["a{2,1}", "[z-a]", "(?P<1>a)", "a**", "(" * 5000 + ")" * 5000])
def test_what_is_no_regular_expression(pattern: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(f"$contains(a, /{pattern}/)")


@pytest.mark.parametrize(
    "pattern",
    ["((((a{99}){99}){99}){99})", "a{999999999999999999999}", "(a{,500}){300,}", "(a{1000}){1000}"],
)
def test_repetitions_that_would_be_written_out_are_bounded(pattern: str) -> None:
    with pytest.raises(LimitExceeded, match="repeats too much"):
        compile_expression(f"$contains(a, /{pattern}/)")


@pytest.mark.parametrize("pattern", [r"\{9999999\}", "[{9999999}]", "a{1000}b{1000}"])
def test_what_only_looks_like_repetition_is_not(pattern: str) -> None:
    evaluate(f"$contains('a', /{pattern}/)")


def test_matching_takes_no_longer_than_it_may() -> None:
    hostile = compile_expression("$map(names, function($n) { $contains($n, /^(a|aa)+$/) })")
    with pytest.raises(LimitExceeded, match="takes too long to match"):
        hostile.evaluate({"names": ["a" * 60 + "b"]}, now=0, limits=Limits(regex_seconds=0.01))


def test_matches_count_as_steps() -> None:
    many = compile_expression("$count($match(text, /a/))")
    with pytest.raises(LimitExceeded, match="steps"):
        many.evaluate({"text": "a" * 5000}, now=0, limits=Limits(steps=2000))
