"""One look at a file finds every mistake in it, and nothing that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.markdown import Reading, decode, parse, read
from harness.core.recovery import MAX_PROBLEMS
from harness.errors import ScenarioFileError

SYNTAX = Path(__file__).resolve().parents[1] / "syntax"
BAD = sorted((SYNTAX / "bad").glob("*.feature.md"))
GOOD = sorted((SYNTAX / "good").glob("*.feature.md"))

FILE = "a.feature.md"


def found(text: str) -> list[str]:
    return [str(error).removeprefix(f"{FILE}:") for error in read(text, FILE).errors]


def titles(reading: Reading) -> list[str]:
    assert reading.document is not None
    return [step.title for step in reading.document.steps()]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_what_a_run_would_say_is_among_the_problems(path: Path) -> None:
    try:
        text = decode(path.read_bytes(), path.name)
    except ScenarioFileError:
        return  # there is no text to look at
    with pytest.raises(ScenarioFileError) as raised:
        parse(text, path.name)
    assert str(raised.value) in [str(error) for error in read(text, path.name).errors]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_what_is_right_reads_as_ever(path: Path) -> None:
    text = decode(path.read_bytes(), path.name)
    assert read(text, path.name) == (parse(text, path.name), [])


def test_every_mistake_is_found_and_the_rest_is_read() -> None:
    text = """\
---
run: nevr
order: second
exampleContext: { a: 1 }
---

# Title

## One

Given a
And b

> said
Given c

| x | y |
| - | - |
| 1 |
| 1 | 2 |
| 1 | 2 | 3 |

Guven d

## Background

When e \\
f

## Rule: R

#### Deep

Then g

```json
"""
    reading = read(text, FILE)
    assert found(text) == [
        '2:6: `run` is `only` or `never`, but this is "nevr": did you mean "never"?',
        '3:8: `order` is `first` or `last`, but this is "second"',
        '12:1: "And" directly below a step: leave a blank line between them',
        "15:1: text directly below a quote would belong to the quote: leave a blank line between"
        " them",
        "19:1: 1 cell in a row of a table with 2 cells: write `\\|` for a pipe within a cell",
        "21:1: 3 cells in a row of a table with 2 cells: write `\\|` for a pipe within a cell",
        '23:1: unexpected: a paragraph that begins with "Guven": did you mean "Given"?',
        "25:1: a Background below a scenario: a feature has one, above its scenarios",
        "27:8: a backslash at the end of a line, which is a line break in Markdown: remove it:"
        " a step is one line of text, however it is wrapped",
        "32:1: a heading of level 4: begin scenarios here with `###`",
        "36:1: a code block that is never closed: close it with a line of ```",
    ]
    assert titles(reading) == ["a", "b", "c", "e f", "g"]
    assert reading.document is not None
    assert reading.document.front_matter.example_context == {"a": 1}
    assert reading.document.front_matter.samples_at == {"a": (4, 19)}


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (
            "> a\n\n# T\n\n## S\n\nGiven a\n",
            ["1:1: a quote above the feature: begin with `# Title`"],
        ),
        (
            "## S\n\nGiven a\n",
            ["1:1: a heading of level 2 above the feature: begin with `# Title`"],
        ),
        (
            "# T\n\n## S\n\nGiven a\n\n### Examples\n\n| a |\n| - |\n| 1 |\n\nGiven b\n\nGiven c\n",
            [
                "7:1: examples of a scenario that is no outline: write `Scenario Outline: ` before"
                " the title of the scenario",
                "13:1: a step below examples: move it above the heading of them",
            ],
        ),
        (
            "# T\n\n## Scenario Outline: S\n\n### Examples\n\n### Examples\n\n| a |\n| - |\n",
            [
                "5:1: examples without a table: write one below the heading",
                "9:1: a table of examples without rows: write one row for each run",
            ],
        ),
        (
            "# T\n\nGiven a\n\nAnd b\n",
            ["3:1: a step that belongs to no scenario: begin a scenario above it, with `## Title`"],
        ),
        (
            "# T\n\n## S\n\nGiwen a\n\nAnd b\n",
            ['5:1: unexpected: a paragraph that begins with "Giwen": did you mean "Given"?'],
        ),
        (
            "# T\n\n## S\n\nGiven a\n\n<!-- b --> c\n\n`@t`\n\nGiven d\n",
            [
                "7:12: text after a comment: go on in the next line",
                "9:1: tags that stand above no heading: put them above a heading",
            ],
        ),
        (
            "# T\n\n## S\n\nGiven a\n\n|a|b|\n|-|\n|1|\n\nGiven b\n\n1. c\n2. d\n",
            [
                "8:1: 1 cell in the delimiter row of a table with 2 cells: write one `---` for each"
                " cell of the first row",
                "13:1: unexpected: a list: steps are paragraphs; anything else stands in a quote,"
                " with `>` before its lines",
            ],
        ),
        (
            "# T\n\n## S\n\nGiven \x01a\x02\n\nGiven b\n",
            ["5:7: a control character (U+0001): remove it"],
        ),
    ],
)
def test_one_mistake_is_one_problem(text: str, errors: list[str]) -> None:
    assert found(text) == errors


def test_of_too_many_mistakes_the_rest_is_left_out() -> None:
    errors = read("# T\n\n## S\n\n" + "1. a\n\n" * 10_000, FILE).errors
    assert len(errors) == MAX_PROBLEMS + 1
    assert errors[-1].what == f"more than {MAX_PROBLEMS} problems: what follows was not looked at"


def test_a_fix_is_there_where_nothing_else_can_be_meant() -> None:
    text = "# T\n\n## S\n\nGiven a\nAnd b\n\nGiven c \\\nd\n\nGiven\u00a0e\n\n> f\ng\n"
    errors = read(text, FILE).errors
    assert [error.fix and tuple(error.fix) for error in errors] == [
        (6, 1, 0, "\n"),
        (8, 9, 1, ""),
        (11, 6, 1, " "),
        None,
    ]


PARTS = st.sampled_from(
    [
        *("# T", "## S", "### D", "## Background", "## Rule: R", "## Scenario Outline: O"),
        *("### Examples", "Given a", "And b", "Soon", "> q", "```", "~~~json", "<!-- c", "-->"),
        *("| a | b |", "| - | - |", "| 1 |", "`@t`", "text", "---", "    code", "\x01", "- run: 1"),
        *("", "", "", "Given\u00a0a", "a \\", "![i](x)", "[l]: x", "=====", "run: only"),
    ]
)


@given(st.lists(PARTS, max_size=25).map("\n".join))
def test_reading_on_finds_what_parsing_finds(text: str) -> None:
    reading = read(text, FILE)
    if not reading.errors:
        assert reading.document == parse(text, FILE)
        return
    with pytest.raises(ScenarioFileError) as raised:
        parse(text, FILE)
    assert str(raised.value) in [str(error) for error in reading.errors]
