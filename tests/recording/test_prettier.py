"""JSON and paragraphs are laid out as Prettier does it; the expected texts are its own output."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.recording.prettier import (
    MAX_DEPTH,
    TooDeepError,
    Written,
    format_json,
    read_written,
    wrap,
)

LAID_OUT = """\
{
  "a": { "timestamp": 1 },
  "b": ["BOOT", "MODEM", "APP"],
  "c": [{ "timestamp": 1 }, { "timestamp": 2 }],
  "d": [
    { "a": 1, "b": 2 },
    { "a": 1, "b": 2 }
  ],
  "e": [
    [1, 2],
    [3, 4]
  ],
  "f": [],
  "g": {},
  "h": [
    1000000, 2000000, 3000000, 4000000, 5000000, 6000000, 7000000, 8000000,
    9000000, 10000000, 11000000
  ],
  "i": [-1, 2.5e10, 1e5, 3],
  "j": [
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "c"
  ],
  "k": [{ "a": 1, "b": 2 }],
  "m": [[], []],
  "n": { "x": { "y": { "z": 1 } } },
  "p": [{ "a": {} }, { "b": [] }],
  "r": [null, true],
  "w": ["中文中文中文中文中文中文中文", "中文中文中文中文中文中文中文中"]
}"""


def test_json_is_laid_out_as_prettier_does_it() -> None:
    assert format_json(read_written("".join(LAID_OUT.split("\n")))) == LAID_OUT


def test_what_exceeds_80_columns_by_its_comma_is_broken() -> None:
    text = '{"a":{"b":"' + "x" * 62 + '"},"c":1}'
    assert len(format_json({"b": "x" * 62})) + len('  "a": ') == 80
    assert format_json(read_written(text)).count("\n") == 5


@pytest.mark.parametrize(
    ("written", "formatted"),
    [
        ("1.50", "1.5"),
        ("10.00", "10.0"),
        ("1E+5", "1e5"),
        ("1e-05", "1e-5"),
        ("0e0", "0"),
        ("-0", "-0"),
        ("12345678901234567890123", "12345678901234567890123"),
    ],
)
def test_numbers_are_kept_as_they_were_written(written: str, formatted: str) -> None:
    assert format_json(read_written(written)) == formatted


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_a_layout_is_the_same_value_and_stays_as_it_is(value: object) -> None:
    laid_out = format_json(read_written(json.dumps(value)))
    assert json.loads(laid_out) == value


@pytest.mark.parametrize("text", ["{", '{"a":1,"a":2}', "NaN", "-Infinity", "", "[1,]"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text is for nobody
        read_written(text)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 200_000])
def test_depth_is_bounded(depth: int) -> None:
    with pytest.raises(TooDeepError):
        read_written("[" * depth + "]" * depth)
    assert format_json(read_written("[" * MAX_DEPTH + "]" * MAX_DEPTH))


def test_what_is_written_stands_as_it_is() -> None:
    value = {Written('"${name}"'): [Written("${ts}"), 1]}
    assert format_json(value) == '{ "${name}": [${ts}, 1] }'


def test_a_paragraph_is_filled_up_and_code_stays_whole() -> None:
    text = (
        "And this nRF Cloud API request is queued for a `GET /v1/fota-jobs and more words` request"
        " with `x`y words"
    )
    assert wrap(text) == (
        "And this nRF Cloud API request is queued for a\n"
        "`GET /v1/fota-jobs and more words` request with `x`y words"
    )
