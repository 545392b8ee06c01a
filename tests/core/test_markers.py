"""What each marker accepts, how markers are written, and that data never is one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.markers import (
    TESTS,
    Marker,
    MarkerError,
    RunawayError,
    as_literals,
    parse,
    problem,
    with_markers,
)
from harness.core.matching import mismatches
from harness.core.showing import MISSING
from harness.core.template import Where, parse_template

ID = "1b671a64-40d5-491e-99b0-da01ff1f3341"
SAMPLES: list[object] = [
    *(MISSING, None, True, False, 0, 1.0, 1.5, "", "abc", ID, ID.upper(), ID[:-1]),
    *("2024-02-29", "2024-02-30", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00.123+01:00"),
    *("2024-02-29T25:00:00Z", "2024-02-29T12:00", "20240229", [], [1], {}, {"a": 1}),
]


def marker(text: str) -> Marker:
    found = parse(text)
    assert found is not None
    return found


def accepted(text: str) -> list[object]:
    return [value for value in SAMPLES if marker(text).holds(value)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("#string", [each for each in SAMPLES if isinstance(each, str)]),
        ("#number", [0, 1.0, 1.5]),
        ("#integer", [0, 1.0]),
        ("#boolean", [True, False]),
        ("#object", [{}, {"a": 1}]),
        ("#array", [[], [1]]),
        ("#uuid", [ID, ID.upper()]),
        ("#null", [None]),
        ("#notnull", SAMPLES[2:]),
        ("#present", SAMPLES[1:]),
        ("#notpresent", [MISSING]),
        ("#ignore", SAMPLES),
        (
            "#iso8601",
            [
                *("2024-02-29", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00.123+01:00"),
                "2024-02-29T12:00",
            ],
        ),
        ("##array", [MISSING, None, [], [1]]),
        ("#regex [a-c]+", ["abc"]),
        ("##regex a.*", [MISSING, None, "abc"]),
        ("#? $ > 0.5 and $ < 2", [1.0, 1.5]),
        ("##? a = 1", [MISSING, None, {"a": 1}]),
    ],
)
def test_each_marker_accepts_its_values_and_no_others(text: str, values: list[object]) -> None:
    assert [repr(each) for each in accepted(text)] == [repr(each) for each in values]


@pytest.mark.parametrize(
    "text", ["", "#", "##", "uuid", "#uid", "#uuid x", "#UUID", "###uuid", "#1", "#uuidx", "# uuid"]
)
def test_other_strings_are_no_markers(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#regex", "#regex lacks a regular expression: write it after a space"),
        ("#regex (", "#regex ( has an invalid regular expression: missing ) at position 1"),
        ("#regex (a{1000}){1000}", "has an invalid regular expression: it repeats too much"),
        ("#?", "#? lacks JSONata: write it after a space, as in #? $ > 0"),
        ("#? (", "#? (: "),
        (
            "##present",
            "##present is no marker, since #present cannot be optional: use one #",
        ),
    ],
)
def test_a_marker_that_cannot_be_tried_is_an_error(text: str, what: str) -> None:
    with pytest.raises(MarkerError) as caught:
        parse(text)
    assert what in caught.value.what
    assert problem(text) == caught.value.what


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("#uuid", ""),
        ("#uid", "did you mean the marker #uuid?"),
        ("##String", "did you mean the marker ##string?"),
        ("#strng x", "did you mean the marker #string?"),
        ("#?$ > 5", "did you mean the marker #? with a space after it?"),
        ("#general", ""),
        ("#fff", ""),
        ("#1", ""),
        ("plain", ""),
    ],
)
def test_a_near_miss_is_explained(text: str, hint: str) -> None:
    assert problem(text) == hint


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#regex (a+)+b", "a" * 100_000),
        ("#? $map([1..4000], function($x) { $x * $ }) ~> $count() > 0", 1),
    ],
)
def test_a_test_that_takes_too_long_is_given_up(text: str, value: object) -> None:
    with pytest.raises(RunawayError):
        marker(text).holds(value)
    (found,) = mismatches(marker(text), value)
    assert str(found).startswith("gave up: ")


# --- As they are written ------------------------------------------------------------------------


def expected(text: str) -> Any:
    return with_markers(text, json.loads(text))


def test_markers_are_values_of_a_block_never_keys() -> None:
    block = '{"#uuid": ["#uuid", {"a": "##string"}], "b": "\\"#uuid", "c": "#uid"}'
    assert expected(block) == {
        "#uuid": [marker("#uuid"), {"a": marker("##string")}],
        "b": '"#uuid',
        "c": "#uid",
    }


def test_an_escaped_number_sign_is_a_literal() -> None:
    assert expected('["\\u0023uuid", "#uuid"]') == ["#uuid", marker("#uuid")]


def test_a_key_that_stands_twice_moves_no_marker() -> None:
    assert expected('{"a": "x", "b": "#uuid", "a": "#null"}') == {
        "a": marker("#null"),
        "b": marker("#uuid"),
    }


def test_a_wrong_marker_is_found_at_its_place() -> None:
    text = '{"a": "\\u0023regex",\n "b": "#regex"}'
    with pytest.raises(MarkerError) as caught:
        expected(text)
    assert caught.value.offset == text.index('"#regex"')


def test_what_is_nested_too_deeply_is_an_error() -> None:
    # The text need not be deep enough for the JSON reader to refuse it.
    value: object = "#uuid"
    text = '"#uuid"'
    for _ in range(5_000):
        value, text = [value], f"[{text}]"
    with pytest.raises(MarkerError, match="nested too deeply"):
        with_markers(text, value)


strings = st.lists(
    st.sampled_from(["#", "##", "uuid", "string", "#? $", " ", '"', "\\", "a", "\\u0023"])
).map("".join)
plain = st.recursive(
    strings | st.integers(-1000, 1000),
    lambda inner: st.lists(inner) | st.dictionaries(strings, inner),
    max_leaves=8,
)


@given(plain)
def test_data_is_never_a_marker_wherever_it_stands(value: object) -> None:
    block = parse_template('{"a": ${x}, "b": "${y}", "c": "#uuid", "d": "${y}"}', Where.JSON)
    text = value if isinstance(value, str) else json.dumps(value)
    rendered = block.render(
        {"x": value if not isinstance(value, str) else [value], "y": text}, now=0
    )
    x = [value] if isinstance(value, str) else value
    want = {"a": x, "b": text, "c": marker("#uuid"), "d": text}
    assert expected(rendered.text) == want


@given(st.lists(strings, min_size=2, max_size=3))
def test_a_marker_put_together_from_data_is_none(pieces: list[str]) -> None:
    names = [f"p{index}" for index in range(len(pieces))]
    block = '["' + "".join(f"${{{name}}}" for name in names) + '"]'
    rendered = parse_template(block, Where.JSON).render(
        dict(zip(names, pieces, strict=True)), now=0
    )
    assert expected(rendered.text) == ["".join(pieces)]


@pytest.mark.parametrize("block", ['"#${x}"', '"#uu${x}"', '"##${x}"'])
def test_a_number_sign_that_is_written_before_data_makes_no_marker(block: str) -> None:
    rendered = parse_template(block, Where.JSON).render(
        {"x": "uuid" if "uu$" not in block else "id"}, now=0
    )
    assert isinstance(expected(rendered.text), str)


def test_data_may_be_part_of_what_a_marker_asks() -> None:
    block = parse_template('["#regex ${prefix}-\\\\d+", "#? $ > ${min}"]', Where.JSON)
    rendered = block.render({"prefix": "job", "min": 5}, now=0)
    assert expected(rendered.text) == [marker("#regex job-\\d+"), marker("#? $ > 5")]


def test_only_what_would_be_a_marker_is_written_otherwise() -> None:
    block = parse_template('{"a": "${x}", "b": "#${y}"}', Where.JSON)
    assert block.render({"x": "#general", "y": "c0ffee"}, now=0).text == (
        '{"a": "#general", "b": "#c0ffee"}'
    )


@given(plain)
def test_literals_are_the_same_json_and_have_no_markers(value: object) -> None:
    text = json.dumps(value)
    literal = as_literals(text, [(0, len(text))])
    assert expected(literal) == json.loads(literal) == value


def test_the_page_has_every_marker() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "matching.md"
    rows = re.findall(r"^\| `#(\w+)` \| (.*) \|$", page.read_text(), re.MULTILINE)
    assert dict(rows) == {name: test.words for name, test in TESTS.items()}


def test_the_names_are_those_that_are_written() -> None:
    assert [parse(f"#{name}") for name in TESTS] == [Marker(f"#{name}", name) for name in TESTS]
