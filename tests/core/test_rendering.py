"""What a step says when it is about to run, and where in the file it says what is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.document import CodeBlock, Document, Step
from harness.core.markdown import parse
from harness.core.rendering import (
    MissingValueError,
    block_kind,
    check_step,
    check_table,
    render_row,
    render_step,
    static_title,
)
from harness.core.template import Where
from harness.errors import ScenarioFileError

FILE = "a.feature.md"


def document(text: str) -> Document:
    return parse(f"# F\n\n## S\n\n{text}\n", FILE)


def step(text: str) -> Step:
    """The step of a file in which it begins on line 5."""
    return document(text).scenarios[0].steps[0]


def block(code: str, language: str = "") -> Step:
    return step(f"Given `it`\n\n```{language}\n{code}\n```")


@pytest.mark.parametrize(
    ("language", "code", "kind"),
    [
        ("json", "GET / HTTP/1.1", Where.JSON),
        ("JSON title=x", "{}", Where.JSON),
        ("jsonata", "{}", Where.TEXT),
        ("http", "anything", Where.HTTP),
        ("text", "HTTP/1.1 200 OK", Where.TEXT),
        (None, "HTTP/1.1 200 OK", Where.HTTP),
        (None, "GET /a", Where.HTTP),
        (None, "PATCH https://x", Where.HTTP),
        (None, "POST ${url}", Where.HTTP),
        (None, "Get /a", Where.TEXT),
        (None, "IT IS", Where.TEXT),
        (None, '{"a": 1}', Where.TEXT),
        (None, "", Where.TEXT),
    ],
)
def test_a_block_is_of_the_kind_that_it_says_or_looks_like(
    language: str | None, code: str, kind: Where
) -> None:
    assert block_kind(CodeBlock(language, code, 1)) is kind


def test_title_block_and_table_see_the_values() -> None:
    rendered = render_step(
        step("Given `${a}` of `<variant.v>`"), FILE, {"a": 1}, now=0, variant={"v": "x"}
    )
    assert (rendered.title, rendered.text, rendered.rows) == ("`1` of `x`", None, ())
    filled = block('{"a": "${a}", "n": "$number{n}"}', "json")
    text = render_step(filled, FILE, {"a": 'x"y', "n": "7"}, now=0).text
    assert text is not None
    assert json.loads(text) == {"a": 'x"y', "n": 7}
    table = step("Given a table\n\n| h | i |\n| - | - |\n| ${a} | |\n| x${b}y | z |")
    assert render_step(table, FILE, {"a": None, "b": [1]}, now=0).rows == (
        ("null", None),
        ("x[1]y", "z"),
    )


def test_the_time_is_that_of_the_step() -> None:
    source = step("Given `${$millis()}`")
    assert [render_step(source, FILE, {}, now=now).title for now in (1, 2)] == ["`1`", "`2`"]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(values)
def test_no_value_breaks_the_json_that_it_lands_in(value: object) -> None:
    text = render_step(block('{"a": "<${v}>"}', "json"), FILE, {"v": value}, now=0).text
    assert text is not None
    shown = json.loads(text)["a"]
    assert shown.startswith("<")
    assert shown.endswith(">")
    if isinstance(value, str):
        assert shown == f"<{value}>"


@given(st.text())
def test_what_was_put_in_is_not_looked_at_again(value: str) -> None:
    table = step("Given a table\n\n| h |\n| - |\n| ${v} |")
    assert render_step(table, FILE, {"v": value + "${w}"}, now=0).rows == ((value + "${w}",),)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("Given `x` and `${gone}`", 5, 16),
        ("Given `x`\nand `${gone}`", 6, 6),
        ("Given it\n\n```json\n{\n  ${gone}\n}\n```", 9, 3),
        ("Given it\n\n  ```text\n  a ${gone}\n  ```", 8, 5),
        ("Given it\n\n| a | b |\n| - | - |\n| 1 | x ${gone} |", 9, 7),
    ],
)
def test_a_missing_value_is_placed_where_it_is_asked_for(text: str, line: int, column: int) -> None:
    with pytest.raises(MissingValueError) as raised:
        render_step(step(text), FILE, {"there": 1}, now=0)
    assert raised.value.place == (FILE, line, column)
    assert raised.value.names == ("gone",)
    assert str(raised.value).startswith(f"{FILE}:{line}:{column}: ${{gone}} has no value")


def test_without_strict_blocks_keep_what_has_no_value_and_titles_do_not() -> None:
    rendered = render_step(block("${gone} ${a}"), FILE, {"a": 1}, now=0, strict=False)
    assert (rendered.text, rendered.unresolved) == ("${gone} 1", ("gone",))
    with pytest.raises(MissingValueError):
        render_step(step("Given `${gone}`"), FILE, {}, now=0, strict=False)
    table = step("Given a table\n\n| h |\n| - |\n| ${gone} |")
    with pytest.raises(MissingValueError):
        render_step(table, FILE, {}, now=0, strict=False)


def test_a_value_that_does_not_fit_is_placed_and_is_not_missing() -> None:
    with pytest.raises(ScenarioFileError, match=f"^{FILE}:5:8: the value of ") as raised:
        render_step(step("Given `${a}`"), FILE, {"a": "x`y"}, now=0)
    assert not isinstance(raised.value, MissingValueError)
    assert "x`y" not in str(raised.value)


EXAMPLES = (
    "## Scenario Outline: O\n\nGiven `${a}`\n\n### Examples\n\n"
    "| a | b |\n| - | - |\n| ${x} | <variant.v> |\n| | ${1 +} |\n"
)


def examples() -> Document:
    return parse(f"# F\n\n{EXAMPLES}", FILE)


def test_a_row_gives_its_cells_by_heading() -> None:
    table = examples().scenarios[0].examples[0].table
    row = render_row(table.headings, table.rows[0], FILE, {"x": 5}, now=0, variant={"v": "w"})
    assert row == {"a": "5", "b": "w"}
    with pytest.raises(ScenarioFileError, match=f"^{FILE}:12:5: invalid placeholder"):
        render_row(table.headings, table.rows[1], FILE, {}, now=0)


def test_what_is_wrong_whatever_the_values_is_all_found_before_the_run() -> None:
    wrong = step("Given `${1 +}`\n\n```json\n${(}\n```")
    assert [error.place and error.place[1:] for error in check_step(wrong, FILE, None)] == [
        (5, 13),
        (8, 4),
    ]
    table = step("Given `${fine}`\n\n| h |\n| - |\n| ${1 +} |")
    assert [error.place and error.place.line for error in check_step(table, FILE, None)] == [9]
    assert check_step(step("Given `${gone}` and `${$number(gone)}`"), FILE, None) == []


def test_an_unknown_variant_is_found_before_the_run() -> None:
    table = examples().scenarios[0].examples[0].table
    assert len(check_table(table, FILE, {"v": 1})) == 1
    assert str(check_table(table, FILE, None)[0]) == (
        f"{FILE}:11:10: there is no <variant.v>: this feature has no `variants`"
    )
    assert "did you mean <variant.vv>?" in str(check_table(table, FILE, {"vv": 1, "w": 2})[0])


@pytest.mark.parametrize(
    ("title", "samples", "variant", "shown"),
    [
        ("Given it", {}, None, "it"),
        ("Given `${a}` is", {"a": "x"}, None, "`x` is"),
        ("Given `${a}` is `${b}`", {"a": "x"}, None, "`x` is `0`"),
        ("Given `${a}` is `<variant.v>`", {}, {"v": "w"}, "`0` is `w`"),
        ("Given `${a}`", {"a": "has a ` in it"}, None, "`0`"),
    ],
)
def test_a_title_can_be_matched_without_values(
    title: str, samples: dict[str, object], variant: dict[str, object] | None, shown: str
) -> None:
    assert static_title(step(title), FILE, samples, variant) == shown


def test_a_title_that_is_wrong_has_no_static_form() -> None:
    with pytest.raises(ScenarioFileError, match=f"^{FILE}:5:"):
        static_title(step("Given `${1 +}`"), FILE, {})
