"""What the blocks of a file mean; the errors have golden files in tests/syntax/bad."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.document import Rule, Scenario
from harness.core.markdown import decode, parse
from harness.errors import Place, ScenarioFileError

SYNTAX = Path(__file__).resolve().parents[1] / "syntax"
BAD = sorted((SYNTAX / "bad").glob("*.feature.md"))
GOOD = sorted((SYNTAX / "good").glob("*.feature.md"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_bad_files_say_what_is_wrong(path: Path) -> None:
    golden = path.with_name(path.name.replace(".feature.md", ".error"))
    with pytest.raises(ScenarioFileError) as raised:
        parse(decode(path.read_bytes(), path.name), path.name)
    assert f"{raised.value}\n" == golden.read_text(encoding="utf-8")
    assert raised.value.place is not None


def test_there_is_a_golden_error_for_each_bad_file_only() -> None:
    assert {path.stem for path in (SYNTAX / "bad").glob("*.error")} == {
        path.name.removesuffix(".feature.md") for path in BAD
    }


def step(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The title of the first step, and where each of its characters stands."""
    parsed = parse(text, "a.feature.md").scenarios[0].steps[0]
    return parsed.title, [parsed.position(offset) for offset in range(len(parsed.title))]


def test_every_character_of_a_title_is_found_in_the_file() -> None:
    text = "# A\n\n## B\n\n  Given\n   one \n\ttwo  ä\nthree\n"
    lines = text.split("\n")
    title, places = step(text)
    assert title == "one two  ä three"
    for character, (line, column) in zip(title, places, strict=True):
        assert (lines[line - 1] + " ")[column - 1] in (character, "\t", " ")
    assert places[0] == (6, 4)
    assert places[title.index("ä")] == (7, 7)
    assert places[-1] == (8, 5)


def test_a_step_that_begins_on_the_line_of_its_keyword() -> None:
    assert step("# A\n\n## B\n\n Given  one\ntwo")[1][0] == (5, 9)


def test_characters_of_code_are_found_in_the_file() -> None:
    text = "# A\n\n## B\n\nGiven a\n\n  ```\n  one\n two\n    three\n  ```\n"
    block = parse(text, "a.feature.md").scenarios[0].steps[0].code_block
    assert block is not None
    assert block.code == "one\ntwo\n  three"
    assert block.indents == (2, 1, 2)
    lines = text.split("\n")
    for offset, character in enumerate(block.code):
        line, column = block.position(offset)
        assert (lines[line - 1] + "\n")[column - 1] == character


def test_columns_of_a_table() -> None:
    text = "# A\n\n## B\n\nGiven a\n\n | ä | b |\n | - | - |\n |  1|\\|2 |\n |   | |\n"
    table = parse(text, "a.feature.md").scenarios[0].steps[0].table
    assert table is not None
    assert (table.line, table.column) == (7, 2)
    assert [(row.line, row.cells, row.columns) for row in table.rows] == [
        (9, ("1", "|2"), (5, 7)),
        (10, (None, None), (3, 7)),
    ]


def test_rules_and_scenarios_keep_their_order() -> None:
    document = parse("# A\n\n## One\n\n## Rule: R\n\n### Two\n\n## Three\n", "a.feature.md")
    assert [type(child) for child in document.children] == [Scenario, Rule, Scenario]
    assert [(rule and rule.title, scenario.title) for rule, scenario in document.walk()] == [
        (None, "One"),
        ("R", "Two"),
        (None, "Three"),
    ]


def test_tags_of_the_feature_come_from_front_matter_and_heading() -> None:
    document = parse("---\ntags: ['@a', b]\n---\n`@b` `@c`\n# A\n\n## B\n", "a.feature.md")
    assert document.tags == ("a", "b", "c")
    assert document.front_matter.tags == ("a", "b")


def test_examples_have_tags_description_and_comment() -> None:
    text = (
        "# A\n\n## Scenario Outline: B\n\nGiven `${a}`\n\n<!-- c -->\n`@t`\n### Examples: few\n\n"
        "> d\n\n| a |\n| - |\n| 1 |\n"
    )
    (examples,) = parse(text, "a.feature.md").scenarios[0].examples
    assert (examples.title, examples.line) == ("few", 9)
    assert (examples.tags, examples.description, examples.comment) == (("t",), ("d",), "c")


def test_and_takes_the_keyword_above_it_and_keeps_its_own() -> None:
    steps = parse("# A\n\n## B\n\nSoon a\n\nAnd b\n\nBut c\n", "a.feature.md").scenarios[0].steps
    assert [(s.keyword, s.written) for s in steps] == [
        ("Soon", "Soon"),
        ("Soon", "And"),
        ("Soon", "But"),
    ]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_line_ends_make_no_difference(path: Path, end: str) -> None:
    text = decode(path.read_bytes(), path.name).replace("\r\n", "\n").replace("\r", "\n")
    assert parse(text.replace("\n", end), "a.feature.md") == parse(text, "a.feature.md")


def test_decode_counts_columns_in_characters_and_not_the_mark() -> None:
    with pytest.raises(ScenarioFileError) as raised:
        decode("\ufeffä\r\nüü".encode() + b"\xff", "a.feature.md")
    assert raised.value.place == Place("a.feature.md", 2, 3)


def test_decode_drops_the_mark_only() -> None:
    assert decode(b"\xef\xbb\xbf\xef\xbb\xbf# A", "a.feature.md") == "\ufeff# A"


def error_of(data: bytes) -> ScenarioFileError | None:
    try:
        parse(decode(data, "a.feature.md"), "a.feature.md")
    except ScenarioFileError as error:
        return error
    return None


@given(st.text().map(str.encode) | st.binary())
def test_any_bytes_give_a_document_or_an_error_with_a_place(data: bytes) -> None:
    error = error_of(data)
    lines = (
        data.removeprefix(b"\xef\xbb\xbf")
        .replace(b"\r\n", b"\n")
        .replace(b"\r", b"\n")
        .split(b"\n")
    )
    # Almost none of them begins with a feature: what matters is that each has an answer.
    if error is not None:
        assert error.place is not None
        assert 1 <= error.place.line <= len(lines)
        assert 1 <= error.place.column <= len(lines[error.place.line - 1]) + 1
