"""The built-in functions that are ours; the others are the library's to test."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.expressions import MISSING, ExpressionError, LimitExceeded, compile_expression
from harness.core.sandbox.functions import BUILT_INS

NOW = 1_694_503_339_523


def evaluate(expression: str, **data: object) -> object:
    return compile_expression(expression).evaluate(data, now=NOW)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$string(1.0)", "1"),
        ("$string([1.0, 2.5, null, 'a'])", '[1,2.5,null,"a"]'),
        ("$string(0.1 + 0.2)", "0.3"),
        ("'' & (0.1 + 0.2) & null & true & {'a': [1.0]}", '0.3nulltrue{"a":[1]}'),
        ("$string($sum)", ""),
        ("$string(nothing)", MISSING),
        ("$string([1, 2], true)", "[\n  1,\n  2\n]"),
        ("'a' & nothing", "a"),
        ("$pad('a', 3)", "a  "),
        ("$pad('a', -3, '0')", "00a"),
        ("$join(['a', 'b'], ', ')", "a, b"),
        ("$join(nothing)", MISSING),
        ("$split('a,b', ',')", ["a", "b"]),
        ("$split('ab', '')", ["a", "b"]),
        ("$number('12')", 12),
        ("$number(' 1.5e3 ')", 1500),
        ("$number('0x1f')", 31),
        ("$number(true)", 1),
        ("$replace('aaa', 'a', 'b')", "bbb"),
        ("$replace('aaa', 'a', 'b', 2)", "bba"),
        ("$replace('aaa', 'a', 'b', 0)", "aaa"),
        ("$replace('aaa', 'a', $pad('', 400000, 'b'), 1) = $pad('', 400000, 'b') & 'aa'", True),
        ("$replace('a.a', '.', '$1')", "a$1a"),
        ("$replace('aaa', /a/, 'ab', 2)", "ababa"),
        ("$replace('aaa', /a/, 'b', 1e12)", "bbb"),
        ("$replace('John Smith', /(\\w+) (\\w+)/, '$2, $1 $$ $0 $9')", "Smith, John $ John Smith "),
        ("$replace('ab', /(a)/, '$12')", "a2b"),
        ("$replace('ab', /(a)|(b)/, '<$2>')", "<><b>"),
        ("$replace('ab', /a/, '5$')", "5$b"),
        ("$replace('a1', /[0-9]/, function($m) { '<' & $m.match & $m.start & '>' })", "a<11>"),
        ("$replace(nothing, 'a', 'b')", MISSING),
        ("$toMillis('2023-09-12T07:22:19.523Z')", NOW),
        ("$toMillis('2023-09-12T09:22:19.523+02:00')", NOW),
        ("$toMillis('2023-09-12')", 1694476800000),
        ("$toMillis('2023')", 1672531200000),
        ("$toMillis(nothing)", MISSING),
        ("$fromMillis(0)", "1970-01-01T00:00:00.000Z"),
        ("$fromMillis(-1)", "1969-12-31T23:59:59.999Z"),
        ("$fromMillis(0, '[Y0001]-[M01]')", "1970-01"),
        ("$fromMillis(0, '[H01]:[m01]', '+0130')", "01:30"),
        ("$fromMillis(0, '[Y,2-2]')", "70"),
        ("$fromMillis(nothing)", MISSING),
        ("$now()", "2023-09-12T07:22:19.523Z"),
        ("$now('[Y]')", "2023"),
        ("$formatNumber(1234.5, '#,##0.00')", "1,234.50"),
        ("$formatNumber(1.5, '0,0', {'decimal-separator': ',', 'grouping-separator': '.'})", "1,5"),
        ("$formatInteger(1999, 'I')", "MCMXCIX"),
        ("$formatInteger(12, 'w')", "twelve"),
        ("$parseInteger('MCMXCIX', 'I')", 1999),
        ("$uppercase('a')", "A"),
        ("$map(['a'], $uppercase)", "A"),
        ("['b', 'a'] ~> $sort()", ["a", "b"]),
        ("($f := $sum; $f([1, 2]))", 3),
    ],
)
def test_what_they_give(expression: str, value: object) -> None:
    assert evaluate(expression) == value


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_times_are_exact_to_the_millisecond(millis: int) -> None:
    assert evaluate("$toMillis($fromMillis(ts))", ts=millis) == millis


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("$number('abc')", "unable to cast value to a number: a string"),
        ("$number('nan')", "unable to cast"),
        ("$number('')", "unable to cast"),
        ("$toMillis('yesterday')", r"must be an ISO 8601 formatted timestamp\. Given a string"),
        ("$toMillis('12:00', '[H]:[m]')", "takes ISO 8601 timestamps only here"),
        ("$fromMillis(1e18)", "out of range"),
        ("$replace('a', '', 'b')", "cannot be an empty string"),
        ("$replace('a', 'a', 'b', -1)", "must evaluate to a positive number"),
        ("$replace('a', 'a', function($m) { 'b' })", "with a non-string value"),
        ("$replace('a', /a/, function($m) { 1 })", "with a non-string value"),
        ("$formatNumber(1, '0', {'exponent-separator': '(a+)+'})", "must be one character"),
        ("$formatNumber(1, '0', {'digit': 1})", "must be one character"),
        ("$uppercase(1)", r"argument 1 of \$uppercase\(\) has the wrong type"),
        ("$uppercase()", r"the context \(an object\) does not fit as argument 1"),
        ("$sum(['a'])", "must be an array"),
    ],
)
def test_what_they_refuse(expression: str, what: str) -> None:
    with pytest.raises(ExpressionError, match=what):
        evaluate(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "$string($map([1..50], function() { $pad('', 100000) }))",
        "$split(long, '')",
        "$uppercase(long)",
        "$spread(objects)",
        "$distinct(objects)",
        "$formatInteger(-10000, 'i')",
        "$parseInteger($pad('', 201, '1'), '0')",
        "$fromMillis(0, $pad('', 201, '-'))",
        "$fromMillis(0, '[Y,*- 1 0 0]')",
    ],
)
def test_what_would_cost_too_much(expression: str) -> None:
    data = {"long": "a" * 1_000_001, "objects": [{"a": number} for number in range(20_000)]}
    with pytest.raises(LimitExceeded):
        evaluate(expression, **data)


def test_eval_is_not_built_in() -> None:
    assert "eval" not in BUILT_INS
    assert {"fromMillis", "millis", "now", "string"} <= BUILT_INS.keys()


def test_binding_a_function_does_not_rename_it() -> None:
    evaluate("($f := $uppercase; $f('a'))")
    with pytest.raises(ExpressionError, match=r"argument 1 of \$uppercase\(\)"):
        evaluate("$uppercase(1)")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("millis", 0), ("sum", 0), ("string", 1), ("fromMillis", 1), ("substring", 2), ("replace", 3)],
)
def test_with_how_few_arguments_they_take_the_context(name: str, wanted: int) -> None:
    assert BUILT_INS[name].wanted() == wanted
