"""Numbers and JSON as JavaScript writes them; node is asked where it is installed."""

from __future__ import annotations

import json
import math
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.javascript import escape, json_text, number_text, parse_number, to_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (1694503339523, "1694503339523"),
        (1694503339523.0, "1694503339523"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (-1.5e300, "-1.5e+300"),
        (0.000001, "0.000001"),
        (0.0000001, "1e-7"),
        (123.456, "123.456"),
        (2**53 + 1, "9007199254740992"),
        (12345678901234567890, "12345678901234567000"),
        (10**400, "Infinity"),
        (-(10**400), "-Infinity"),
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
    ],
)
def test_a_number_is_written_as_javascript_does(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_numbers_agree_with_node() -> None:
    numbers = [0.5, 5e-324, 1.7976931348623157e308, 123456789012345680000, 2**63, 1e21, 1e-7]
    numbers += [
        sign * digits * 10.0**power
        for power in range(-12, 25)
        for digits in (1, 12.345, 9)
        for sign in (1, -1)
    ]
    numbers += [7**power for power in range(60)] + [7.0**-power for power in range(1, 60)]
    script = "console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(String)))"
    done = subprocess.run(
        ["node", "-e", script],
        input=json.dumps(numbers),
        text=True,
        capture_output=True,
        check=True,
    )
    assert [number_text(number) for number in numbers] == json.loads(done.stdout)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_reads_back(number: float) -> None:
    assert float(number_text(number)) == number
    assert parse_number(number_text(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" -1.50 ", -1.5),
        ("+.5", 0.5),
        ("1.", 1),
        ("1e3", 1000),
        ("0x1F", 31),
        ("0b101", 5),
        ("0o17", 15),
        ("9007199254740993", 9007199254740992),
        ("", None),
        ("  ", None),
        ("1_000", None),
        ("12px", None),
        ("nan", None),
        ("Infinity", None),
        ("1e999", None),
        ("0x" + "f" * 300, None),
        ("0x" + "f" * 100_000, None),
        ("1" * 100_000, None),
        ("١٢", None),
        ("-0x1", None),
    ],
)
def test_a_number_is_read_as_javascript_does(text: str, number: float | None) -> None:
    read = parse_number(text)
    assert read == number
    assert type(read) is type(number) or isinstance(read, float)


@given(JSON)
def test_json_text_is_json_of_the_same_value(value: object) -> None:
    def doubles(value: object) -> object:
        if isinstance(value, list):
            return [doubles(item) for item in value]
        if isinstance(value, dict):
            return {key: doubles(item) for key, item in value.items()}
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) if math.isfinite(float(value)) else None
        return value

    assert doubles(json.loads(json_text(value))) == doubles(value)


def test_json_text_is_compact() -> None:
    value = {"a": [1.0, True, None, "é\n"], "b": {}, "c": math.nan, "d": 10**400}
    assert json_text(value) == '{"a":[1,true,null,"é\\n"],"b":{},"c":null,"d":null}'


def test_json_text_refuses_what_is_no_json() -> None:
    with pytest.raises(ValueError, match="a set in it, which is no JSON value"):
        json_text({"a": {1}})


def test_keys_become_strings() -> None:
    assert json_text({1: {None: 2}}) == '{"1":{"null":2}}'


@given(st.text(st.characters(codec=None)))
def test_escaped_text_is_a_json_string_that_utf8_can_encode(text: str) -> None:
    escaped = escape(text)
    escaped.encode()
    assert json.loads(f'"{escaped}"') == text or "\ud800" <= max(text) <= "\udfff"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"),
        (None, "null"),
        (True, "true"),
        (1.0, "1"),
        ({"a": [1.0, "b"]}, '{"a":[1,"b"]}'),
        ([], "[]"),
    ],
)
def test_to_text(value: object, text: str) -> None:
    assert to_text(value) == text
