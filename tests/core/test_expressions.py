"""What expressions give, what they read, and that they stay within their bounds.

jsonata-python itself is the oracle for the short cut of plain paths.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import ChainMap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.expressions import (
    MAX_LENGTH,
    MISSING,
    ExpressionError,
    LimitExceeded,
    compile_expression,
    end_of_expression,
)
from harness.core.sandbox.purse import Limits

NOW = 1_694_503_339_523
DATA = {
    "ts": NOW,
    "jobId": "bc631093",
    "tracker": {"id": "oob-1", "networks": [{"name": "ltem"}, {"name": "nbiot"}]},
    "none": None,
    "empty": [],
    "one": [1],
}


def evaluate(expression: str, data: object = DATA) -> object:
    return compile_expression(expression).evaluate(data, now=NOW)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("one@$a.tracker.networks@$b.($a & $b.name)", ["1ltem", "1nbiot"]),
        ("jobId", "bc631093"),
        (" jobId ", "bc631093"),
        ("tracker.id", "oob-1"),
        ("tracker.networks.name", ["ltem", "nbiot"]),
        ("tracker.networks[1].name", "nbiot"),
        ("tracker.networks[name='ltem']", {"name": "ltem"}),
        ("$.tracker.id", "oob-1"),
        ("$$.tracker.id", "oob-1"),
        ("none", None),
        ("none.x", MISSING),
        ("nothing", MISSING),
        ("jobId.x", MISSING),
        ("nothing.x", MISSING),
        ("empty", []),
        ("one", [1]),
        ("none = null", True),
        ("nothing = null", False),
        ("none = null ? '' : none", ""),
        ("[null]", [None]),
        ("{'a': none}", {"a": None}),
        ("$exists(none)", True),
        ("$millis()", NOW),
        ("$now()", "2023-09-12T07:22:19.523Z"),
        ("$fromMillis(ts - 523)", "2023-09-12T07:22:19.000Z"),
        ("$fromMillis($millis() + 60 * 1000)", "2023-09-12T07:23:19.523Z"),
        ("$toMillis($fromMillis(ts))", NOW),
        ("true", True),
        ("null", None),
        ("1.0", 1),
        ("[1..3]", [1, 2, 3]),
        ("$map([1, 2], function($n) { $n * 2 })", [2, 4]),
        ("'a' & 1", "a1"),
    ],
)
def test_values(expression: str, value: object) -> None:
    found = evaluate(expression)
    assert found == value
    assert type(found) is type(value)


def test_results_are_plain_json_values() -> None:
    found: Any = evaluate("{'list': tracker.networks.name, 'range': [1..2]}")
    assert {type(each) for each in (found, found["list"], found["range"])} == {dict, list}


def test_the_data_may_be_any_json_value_and_any_mapping() -> None:
    assert evaluate("name", [{"name": 1}, {"name": 2}]) == [1, 2]
    assert evaluate("$count($)", [1, 2, 3]) == 3
    assert evaluate("$string()", [1, None]) == "[1,null]"
    assert evaluate("$", "text") == "text"
    assert evaluate("a", "text") is MISSING
    assert evaluate("a", None) is MISSING
    assert evaluate("a", ChainMap({"a": 1}, {"a": 2})) == 1
    assert evaluate("a + b", ChainMap({"a": 1}, {"b": 2})) == 3


def test_the_data_is_not_changed() -> None:
    data: dict[str, Any] = {"empty": [], "o": {"a": [1]}}
    evaluate("empty{'a': 1}", data)
    changed: Any = evaluate("o ~> |$|{'b': 2}|", data)
    assert changed == {"a": [1], "b": 2}
    changed["a"].append(2)
    assert data == {"empty": [], "o": {"a": [1]}}


NAMES = st.sampled_from(["a", "b", "in_", "and", "or", "in", "true", "null", "function", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(NAMES, min_size=1, max_size=4), st.dictionaries(NAMES, VALUES, max_size=4) | VALUES)
def test_the_short_cut_for_plain_paths_means_what_jsonata_means(
    path: list[str], data: object
) -> None:
    source = ".".join(path)
    # In parentheses it is no plain path to us, and the same to JSONata.
    assert _outcome(source, data) == _outcome(f"({source})", data)


def _outcome(source: str, data: object) -> object:
    try:
        return repr(evaluate(source, data))
    except ExpressionError as error:
        return type(error)


@pytest.mark.parametrize(
    ("expression", "names", "reads_all"),
    [
        ("jobId", {"jobId"}, False),
        ("tracker.id", {"tracker"}, False),
        ("tracker.networks[name = jobId]", {"tracker"}, False),
        ("tracker.networks[name = $$.jobId]", {"tracker", "jobId"}, False),
        ("$.ts", {"ts"}, False),
        ("a = b ? c : d", set("abcd"), False),
        ("a ?: b ?? c", set("abc"), False),
        ("-a + $sum([b, c])", set("abc"), False),
        ("{a: b}", {"a", "b"}, False),
        ("a{b: c}", {"a"}, False),
        ("a^(b)", {"a"}, False),
        ("a#$i[$i = 0].b", {"a"}, False),
        ("a@$x.b@$y.($x & $y)", {"a"}, True),
        ("($x := a; $x & b)", {"a", "b"}, False),
        ("$map(a, function($v) { $v & b })", {"a", "b"}, False),
        ("a ~> $string()", {"a"}, True),
        ("a ~> |b|{'c': d}|", {"a"}, False),
        ("$substring(?, 1)(a)", {"a"}, False),
        ("$fromMillis(ts)", {"ts"}, False),
        ("$fromMillis(ts, '[Y]')", {"ts"}, False),
        ("$millis()", set(), False),
        ("$uppercase()", set(), True),
        ("$substring(1)", set(), True),
        ("$keys($)", set(), True),
        ("$$", set(), True),
        ("*", set(), True),
        ("**.a", set(), True),
        ("a.%.b", {"a"}, True),
        ("a.*", {"a"}, False),
        ("`odd name`", {"odd name"}, False),
        ("$match(a, /b/)", {"a"}, False),
        ("(a).b", {"a"}, False),
        ("function($x) { $x & b }(a)", {"a", "b"}, False),
        ("a[0]", {"a"}, False),
    ],
)
def test_what_an_expression_reads(expression: str, names: set[str], reads_all: bool) -> None:
    compiled = compile_expression(expression)
    assert (compiled.names, compiled.reads_all) == (names, reads_all)


@given(
    st.sampled_from(
        ["a & b", "$.a", "(a).b", "a[b]", "[a, b]{'x': $}", "$map([a, b], function($v) {$v & a})"]
    ),
    st.dictionaries(st.sampled_from("abc"), VALUES),
)
def test_the_names_that_are_not_read_do_not_matter(source: str, data: dict[str, object]) -> None:
    names = compile_expression(source).names
    only = {name: value for name, value in data.items() if name in names}
    assert _outcome(source, data) == _outcome(source, only)


@pytest.mark.parametrize(
    ("expression", "what", "offset"),
    [
        ("", "it ends where a value should follow", None),
        ("a b", "b is not expected here", 2),
        ("a +", "it ends where a value should follow", 3),
        ("(a", r"\) is missing at the end", 2),
        ("'a", "string literal must be terminated", 2),
        ("a.!", "not valid JSONata", None),
        ("/", "not valid JSONata", None),
        ("$match(a, /(/)", "no terminating / in regular expression", 14),
        ("$match(a, /a{2,1}/)", "the regular expression is invalid", None),
        ("$fromMilis(1)", r"no function \$fromMilis\(\): did you mean \$fromMillis\(\)\?", 1),
        ("$xyzzy(1)", r"no function \$xyzzy\(\): it is neither", 1),
        ("$eval('1')", r"no function \$eval\(\): it would run", 1),
        ("%.a", "parent", None),
    ],
)
def test_what_is_no_jsonata(expression: str, what: str, offset: int | None) -> None:
    with pytest.raises(ExpressionError, match=what) as caught:
        compile_expression(expression)
    assert caught.value.offset == offset


@given(
    st.text(st.sampled_from("ab.$()[]{}'\"/\\*%^@#?:;,=<>!~&|`+-0123456789 \n") | st.characters())
)
def test_any_text_is_an_expression_or_an_error(source: str) -> None:
    offset = None
    try:
        compile_expression(source).evaluate(DATA, now=NOW, limits=Limits(steps=2000))
    except ExpressionError as error:
        offset = error.offset
    assert offset is None or 0 <= offset <= len(source)


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("$sum", "a function"),
        ("jobId + 1", r"the left side of the \+ operator must evaluate to a number"),
        ("1 / 0", "divides by zero"),
        ("$power(10, 400)", "out of range"),
        ("1e300 * 1e300", "out of range"),
        ("$uppercase(none)", "null is no argument"),
        ("$error('stop')", "^stop$"),
        ("$assert(false, 'stop')", "^stop$"),
    ],
)
def test_what_cannot_be_evaluated(expression: str, what: str) -> None:
    with pytest.raises(ExpressionError, match=what):
        evaluate(expression)


def test_what_is_no_json_cannot_be_read() -> None:
    with pytest.raises(ExpressionError, match="a bytes among the values is no JSON value"):
        evaluate("x & 1", {"x": b"\0"})


@pytest.mark.parametrize(
    "expression",
    [
        "key > 1",
        "$number(key)",
        "$uppercase({key: 1})",
        "{1: key}",
        "$toMillis(key)",
        "-key",
        "key()",
    ],
)
def test_errors_do_not_show_stored_strings(expression: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, {"key": "S3CRET"})
    assert "S3CRET" not in f"{caught.value!r} {caught.value.__cause__!r}"


SMALL = Limits(steps=20_000)


@pytest.mark.parametrize(
    "expression",
    [
        "($f := function() { $f() }; $f())",
        "($f := function($n) { 1 + $f($n) }; $f(1))",
        "($f := function($s) { $f($s & $s) }; $f('ab'))",
        "($f := function($x, $n) { $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; $f([1], 60))",
        "($f := function($x, $n) { $n = 0 ? $x : $f({'a': $x, 'b': $x}, $n - 1) }; $f(1, 60))",
        "($f := function($n) { true and $f($n) }; $f(1))",
        "[1..100000000]",
        "[1..100000].([1..100000])",
        "$map([1..20000], $string)",
        "$pad('', 1000000000)",
        "$pad('', -1000000000)",
        "$join($map([1..2000], function() { $pad('', 1000) }))",
        "$replace($pad('', 5000, 'a'), 'a', $pad('', 5000))",
        "$match($pad('', 60, 'a') & 'b', /^(a|aa)+$/)",
        "$fromMillis(0, '[Y,1-99999999]')",
        "$formatInteger(1000000000, 'I')",
        "$formatNumber(1, $pad('', 500, '0'))",
        "$sort($map([1..200], function() { $pad('', 100000) }))",
        "($l := [1..500]; $l@$a.($l)@$b.($a + $b))",
        f"$count({'[' * 2000}1{']' * 2000})",
        f"1{'+1' * 5000}",
        f"1{' ' * MAX_LENGTH}",
        "$contains('a', /(((a{100}){100}){100}){100}/)",
    ],
)
def test_what_asks_for_too_much_is_stopped(expression: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        compile_expression(expression).evaluate({}, now=0, limits=SMALL)
    assert caught.value.what.startswith(("it ", "a "))


def test_a_recursion_that_ends_in_time_is_fine() -> None:
    assert evaluate("($f := function($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $f(20))") == (
        2432902008176640000
    )
    # A call in tail position takes no depth.
    assert evaluate(
        "($f := function($n, $s) { $n = 0 ? $s : $f($n - 1, $s + $n) }; $f(1000, 0))"
    ) == (500500)


def test_data_nested_too_deeply_is_an_error() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(LimitExceeded):
        evaluate("$count(deep)", {"deep": deep})


def test_a_compiled_expression_keeps_nothing_between_evaluations() -> None:
    time = compile_expression("$millis()")
    bound = compile_expression("($exists($x) ? 'leak' : $x := 1)")
    failing = compile_expression("($f := function($n) { 1 + $f($n) }; $f(1))")
    for now in (1, 2, 3):
        assert time.evaluate({}, now=now) == now
        assert bound.evaluate({}, now=now) == 1
        with pytest.raises(LimitExceeded):
            failing.evaluate({}, now=now)


def test_threads_share_expressions() -> None:
    expression = compile_expression("$map([1..50], function($n) { $millis() + $n - $n })")
    partial = compile_expression("$map(['ab', 'cd'], $substring(?, 1))")
    wrong: list[object] = []

    def work(now: int) -> None:
        for _ in range(20):
            if expression.evaluate({}, now=now) != [now] * 50:
                wrong.append(now)
            if partial.evaluate({}, now=now) != ["b", "d"]:
                wrong.append("partial")

    threads = [threading.Thread(target=work, args=(now,)) for now in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_evaluations_nest() -> None:
    inner = compile_expression("$millis()")

    class Values(dict[str, object]):
        def __getitem__(self, name: str) -> object:
            return inner.evaluate({}, now=1)

    assert compile_expression("a + $millis()").evaluate(Values(a=0), now=10) == 11


def test_plain_paths_do_not_import_the_library() -> None:
    script = (
        "import sys; from harness.core.expressions import *; limit = sys.getrecursionlimit();"
        "assert compile_expression('a.b').evaluate({'a': {'b': 1}}, now=0) == 1;"
        "assert end_of_expression('a.b}') == 3;"
        "assert 'jsonata' not in sys.modules;"
        "assert compile_expression('1 + 1').evaluate({}, now=0) == 2;"
        "assert 'jsonata' in sys.modules; assert sys.getrecursionlimit() == limit"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a}", 1),
        (" a.b } }", 5),
        (' {"a": 1}.a } b', 12),
        ("'}' & \"}\" & `}`}", 15),
        ("$match(a, /\\}/)}", 15),
        ("a / b}", 5),
        ("/* } */ a}", 9),
        ("function($x) { $x }(1)}", 22),
        ("a{b: c}}", 7),
    ],
)
def test_an_expression_ends_where_the_grammar_ends_it(text: str, end: int) -> None:
    assert end_of_expression(text) == end


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a", "it is not closed"),
        ("{'a': 1", "} is missing at the end"),
        ("", "it is not closed"),
        ("}", "} is not expected here"),
        ("a b}", "b is not expected here"),
        ("a +" + " " * MAX_LENGTH + "1}", "it is not closed"),
    ],
)
def test_an_expression_without_an_end(text: str, what: str) -> None:
    with pytest.raises(ExpressionError, match=what):
        end_of_expression(text)
