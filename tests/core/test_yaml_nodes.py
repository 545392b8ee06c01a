"""YAML 1.2, core schema: what scalars mean, and that hostile input is bounded."""

from __future__ import annotations

import json
import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.core import yaml_nodes
from harness.core.yaml_nodes import MAX_DEPTH, MAX_LENGTH, MAX_VALUES, Problem, compose


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def _both_loaders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(yaml_nodes, "_LOADER", getattr(yaml, request.param))


def value_of(text: str) -> object:
    root = compose(f"value: {text}\n")
    assert root is not None
    assert isinstance(root.value, dict)
    return root.value["value"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # From the tables of the core schema, https://yaml.org/spec/1.2.2/#103-core-schema
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nuLL", "nuLL"),
        ("true", True), ("True", True), ("TRUE", True), ("tRUE", "tRUE"),
        ("false", False), ("False", False), ("FALSE", False),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("N", "N"),
        ("0", 0), ("12", 12), ("-19", -19), ("+12", 12), ("007", 7), ("-0", 0),
        ("0o14", 12), ("0o18", "0o18"), ("-0o7", "-0o7"), ("0O7", "0O7"),
        ("0xC", 12), ("0xfg", "0xfg"), ("+0xC", "+0xC"), ("0b1", "0b1"),
        ("1_000", "1_000"), ("12:30:45", "12:30:45"), ("1:20", "1:20"),
        ("1.", 1.0), (".5", 0.5), ("-.5", -0.5), ("0.", 0.0), ("12e03", 12000.0), ("-2E+05", -2e5),
        ("1e3", 1000.0), ("1e", "1e"), (".", "."), ("e3", "e3"), ("+", "+"), ("1.2.3", "1.2.3"),
        ("922.s5ahm3", "922.s5ahm3"), ("92b.y7i24q", "92b.y7i24q"), ("1e5x", "1e5x"),
        ("2023-09-12", "2023-09-12"),
        ("2023-09-12T00:00:00.000Z", "2023-09-12T00:00:00.000Z"),
        ("=", "="), ("<<", "<<"), ("'12'", "12"), ('"true"', "true"), ("'~'", "~"),
        ("!!str 12", "12"), ("! 12", "12"), ("|\n  a\n  b", "a\nb\n"), (">-\n  1\n  2", "1 2"),
        ("[1, 'a', ~]", [1, "a", None]), ("{a: {b: 1}}", {"a": {"b": 1}}),
        ('"\\u2028"', "\u2028"), ("ä\U0001f600", "ä\U0001f600"),
    ],
)  # fmt: skip
def test_the_core_schema(text: str, value: object) -> None:
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


def test_keys_are_texts_as_written() -> None:
    root = compose("1: a\ntrue: b\n~: c\n2023-09-12: d\n<<: e\n")
    assert root is not None
    assert root.value == {"1": "a", "true": "b", "~": "c", "2023-09-12": "d", "<<": "e"}


def test_aliases_are_copies_at_their_own_places() -> None:
    root = compose("a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x\n")
    assert root is not None
    assert root.value == {"a": [1, 2], "b": [1, 2], "c": 3, "d": 3}
    assert isinstance(root.items, dict)
    assert (root.items["b"].mark.line, root.items["b"].mark.column) == (1, 3)


def problem_of(text: str) -> Problem:
    with pytest.raises(Problem) as raised:
        compose(text)
    return raised.value


@pytest.mark.parametrize("text", [".inf", "-.INF", "+.Inf", ".nan", ".NaN", "1e999", "-1e999"])
def test_numbers_that_json_lacks(text: str) -> None:
    assert problem_of(f"a: {text}").what == f"JSON has no such number: {text}"


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system [ls]",
        "a: !!python/name:os.system",
        "a: !!timestamp 2023-09-12",
        "a: !!set {x}",
        "a: !mine {x: 1}",
        "!!binary aGk=",
    ],
)
def test_tags_construct_nothing(text: str) -> None:
    assert problem_of(text).what.startswith("the YAML tag `!")


@pytest.mark.parametrize("text", ["? [a]\n: b", "&x a: 1", "*x : 1", "!!str a: 1", "{[a]: 1}"])
def test_keys_that_are_no_plain_text(text: str) -> None:
    assert problem_of(text).what == "a key that is no plain text"


def test_long_numbers() -> None:
    assert value_of("9" * 1000) == int("9" * 1000)
    assert problem_of("a: " + "9" * 1001).what.startswith("a number of more than")


def test_no_more_values_than_the_bound() -> None:
    entries = MAX_VALUES - 2  # the map and the list are values too
    value = value_of("[" + "1," * entries + "]")
    assert value == [1] * entries
    assert problem_of("value: [" + "1," * (entries + 1) + "]").what.startswith("more than 10,000")


def test_aliases_count_as_what_they_stand_for() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for above, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{above}'] * 10)}]")
    problem = problem_of("\n".join(lines))
    assert problem.what.startswith("more than 10,000 values")
    assert problem.mark.line == 3


def test_no_more_levels_than_the_bound() -> None:
    deepest = "[" * (MAX_DEPTH - 1)
    value_of(deepest + "]" * (MAX_DEPTH - 1))
    assert problem_of(f"value: [{deepest}").what.startswith("more than 50 levels")


def test_aliases_cannot_go_deeper() -> None:
    half = MAX_DEPTH // 2
    text = "a: &a " + "[" * half + "]" * half + "\nb: " + "[" * half + "*a" + "]" * half
    assert problem_of(text).what.startswith("more than 50 levels")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 90_000,
        "{a: " * 22_000,
        "- " * 45_000,
        "? " * 45_000,
        "a: " + "x" * 90_000,
        "a: '" + "x\n" * 40_000,
        "#" * 90_000,
        "&a" * 40_000,
        "a: *" + "b" * 90_000,
        "!" * 90_000,
        "%" * 90_000,
        "a:\n" * 20_000,
    ],
    ids=lambda text: text[:6],
)
def test_hostile_texts_end(text: str) -> None:
    # Either is well; a parser that recursed or looked at them again and again would not end here.
    what = ""
    try:
        compose(text)
    except Problem as problem:
        what = problem.what
    assert len(what) < 300


def test_the_length_is_bounded() -> None:
    assert compose("#" * MAX_LENGTH) is None
    assert problem_of("#" * (MAX_LENGTH + 1)).mark.line == 0


@given(st.text() | st.text("ab:-[]{}&*!|>'\"%@`#?, \n\t\x01\ud800ä"))
def test_any_text_gives_a_node_or_a_problem_within_it(text: str) -> None:
    lines = text.split("\n")
    try:
        compose(text)
        line = column = 0
    except Problem as problem:
        line, column = problem.mark.line, problem.mark.column
    assert line < len(lines) + text.count("\r") + 1
    assert column <= max(map(len, lines))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("aä: -", max_size=9), inner)
    ),
    max_leaves=20,
)


def test_json_is_yaml() -> None:
    # Within a test function: the fixture that chooses the loader is for a whole test.
    @given(json_values)
    def check(value: object) -> None:
        found = value_of(_json(value))
        assert found == value
        assert json.dumps(found) == json.dumps(value)

    check()


def _json(value: object) -> str:
    """JSON with spaces after `,` and `:`, and line separators of YAML 1.1 escaped."""
    text = json.dumps(value, ensure_ascii=False)
    for character in "\x85\u2028\u2029\ufeff\ufffe\uffff":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return "".join(c if c.isprintable() or ord(c) < 127 else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def test_floats_keep_their_value() -> None:
    assert value_of("0.1") == 0.1
    assert math.copysign(1, float(str(value_of("-0.0")))) == -1
