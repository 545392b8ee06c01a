"""What a line can be."""

from __future__ import annotations

import pytest

from harness.core.lines import (
    check_text,
    column_of,
    ends_paragraph,
    foreign,
    is_indented,
    is_table,
    kind_of,
)
from harness.errors import ScenarioFileError


@pytest.mark.parametrize(
    ("line", "column", "indented"),
    [
        ("a", 1, False),
        ("   a", 4, False),
        ("    a", 5, True),
        ("\ta", 2, True),
        ("  \ta", 4, True),
        ("\xa0a", 1, False),
        ("", 1, False),
    ],
)
def test_indentation(line: str, column: int, indented: bool) -> None:
    assert column_of(line) == column
    assert is_indented(line) is indented


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# a", "heading"), ("######", "heading"), ("#\ta", "heading"),
        ("#a", ""), ("####### a", ""), ("#\xa0a", ""),
        ("```", "fence"), ("~~~ a`b", "fence"), ("`````js", "fence"), ("```a`", ""), ("``", ""),
        (">", "quote"), (">a", "quote"),
        ("<!--", "comment"), ("<!-", ""), ("<a>", ""),
        ("Given a", ""), ("|", ""),
    ],
)  # fmt: skip
def test_blocks_that_end_a_paragraph(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- a", "a list"), ("-", "a list"), ("+\ta", "a list"), ("* a", "a list"),
        ("1. a", "a list"), ("123456789) a", "a list"), ("1234567890. a", ""), ("1.a", ""),
        ("**a**", ""), ("-a", ""), ("--", ""), ("1", ""),
        ("---", "a thematic break"), ("_ _ _", "a thematic break"), ("*\t**", "a thematic break"),
        ("__", ""), ("_a_", ""), ("--- a", ""), ("* * a", "a list"),
        ("<b>", "HTML"), ("</b>", "HTML"), ("<br/>", "HTML"), ("<a", "HTML"), ("<?a", "HTML"),
        ("<!DOCTYPE", "HTML"), ("<variant.a>", ""), ("<https://a.b>", ""), ("< a", ""), ("<1", ""),
    ],
)  # fmt: skip
def test_other_markdown(text: str, what: str) -> None:
    assert foreign(text) == what


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("| a |", "| - |", True),
        ("a | b", ":-: | -", True),
        ("a", "| - |", False),
        ("| a |", "---", False),
        ("| a |", "| a |", False),
        ("| a |", "| : |", False),
    ],
)
def test_tables(first: str, second: str, expected: bool) -> None:
    assert is_table([first, second], 0) is expected
    assert is_table([first], 0) is False


@pytest.mark.parametrize("line", ["", "  \t", "# a", "> a", "```", "<!-- a", "| a |"])
def test_what_ends_a_paragraph(line: str) -> None:
    assert ends_paragraph(["Given a", line, "| - |"], 1, "a.feature.md", "a step")


@pytest.mark.parametrize("line", ["a", "      a", "#a", "``a``", "12", "<variant.a>", "**a**", "!"])
def test_what_goes_on_with_it(line: str) -> None:
    assert not ends_paragraph(["Given a", line], 1, "a.feature.md", "a step")


@pytest.mark.parametrize("text", ["a\tb", "a\xa0b", "ä\u2028", "\U0001f600", ""])
def test_text_that_may_be_shown(text: str) -> None:
    check_text(text, "a.feature.md", 1, 1)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f"])
def test_control_characters(character: str) -> None:
    with pytest.raises(ScenarioFileError) as raised:
        check_text(f"ab{character}", "a.feature.md", 3, 5)
    assert str(raised.value).startswith(
        f"a.feature.md:3:7: a control character (U+{ord(character):04X})"
    )
