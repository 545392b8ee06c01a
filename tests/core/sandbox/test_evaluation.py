"""Evaluations one by one: their environment, their time, what stops them."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import pytest
from jsonata import Jsonata

from harness.core.sandbox.evaluation import Evaluation, evaluate
from harness.core.sandbox.library import JException
from harness.core.sandbox.purse import Exceeded, Limits
from harness.core.sandbox.syntax import parse


def run(source: str, data: object = None, *, now: int = 0, limits: Limits | None = None) -> object:
    return evaluate(parse(source)[0], "missing", data, now=now, limits=limits)


def test_missing_is_what_the_caller_says() -> None:
    assert run("a") == "missing"
    assert run("a", {"a": None}) is None


def test_it_leaves_the_thread_as_it_was() -> None:
    theirs = Jsonata("$millis()")
    before = Jsonata.CURRENT.jsonata
    assert run("$millis()", now=7) == 7
    assert Jsonata.CURRENT.jsonata is before is theirs
    del Jsonata.CURRENT.jsonata
    assert run("$millis()", now=8) == 8
    with pytest.raises(JException):
        run("$error('x')")
    assert not hasattr(Jsonata.CURRENT, "jsonata")


def test_nothing_is_printed() -> None:
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(JException):
        run("($x := key; $x(1))", {"key": "S3CRET"})
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("source", "limits", "what"),
    [
        ("[1..11]", Limits(range=10), "a range of more than 10 numbers"),
        ("'abcdef' & 'ghijkl'", Limits(size=10), "a string of more than 10 characters"),
        ("(1; 2; 3)", Limits(steps=3), "more than 3 steps"),
        ("-(-(-(a)))", Limits(depth=5), "nested too deeply"),
        ("l@$x.l@$y.($x)", Limits(steps=5000), "steps"),
        ("l = l", Limits(steps=110), "steps"),
        ("l in [l]", Limits(steps=300), "steps"),
        ("**", Limits(steps=110), "steps"),
        ("$ ~> |l|{}|", Limits(steps=110), "steps"),
        ("a and [1..200000]", Limits(), "a range of more than 100,000"),
    ],
)
def test_limits(source: str, limits: Limits, what: str) -> None:
    with pytest.raises(Exceeded, match=what):
        run(source, {"a": 1, "l": list(range(100))}, limits=limits)


def test_grouping_costs_the_square_of_its_items() -> None:
    def cost(source: str) -> int:
        evaluation = Evaluation(0, Limits())
        evaluation.run(parse(source)[0], {"l": list(range(10_000))})
        return Limits().steps - evaluation.purse.steps

    assert cost("l.$") < 10_000 + 10_000**2 // 4096 < cost("l{'a': $}")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[1..10]", list(range(1, 11))),
        ("[3..1]", []),
        ("'abcde' & 'fghij'", "abcdefghij"),
        ("$ ~> |o|{'b': 2}|", {"o": {"a": 1, "b": 2}, "l": [1, 2, 3]}),
        ("l@$x.l@$y[$y = $x].($x * 10)", [10, 20, 30]),
        ("l{$string($): $}", {"1": 1, "2": 2, "3": 3}),
        ("2 in l", True),
        ("o = {'a': 1}", True),
        ("**.a", 1),
        ("$substring(?, 1)('abc')", "bc"),
        ("($x := 1; ($x := 2); $x)", 1),
    ],
)
def test_within_the_limits_it_is_the_library(source: str, value: object) -> None:
    assert run(source, {"o": {"a": 1}, "l": [1, 2, 3]}) == value
