"""Blocks -> Document: what the blocks of a scenario file mean together.

`blocks` says what stands where, this module what it is: headings and their keywords, which
comment, tags, description, code or table belongs to what. `Cursor.fail` raises, or takes note:
behind each call of it stands how to read on. Pure.
"""

from __future__ import annotations

from typing import Final, cast

from harness.core.blocks import Block, Heading, Quote, StepText, describe
from harness.core.cursor import Cursor
from harness.core.document import (
    CodeBlock,
    Document,
    Examples,
    FrontMatter,
    Keyword,
    Rule,
    Scenario,
    Step,
    Table,
)
from harness.core.lines import BLANKS

_SCENARIOS: Final = ("Scenario", "Example")
_OUTLINES: Final = ("Scenario Outline", "Scenario Template")
_IN_RULE: Final = (*_SCENARIOS, *_OUTLINES)
_IN_FEATURE: Final = (*_IN_RULE, "Background", "Rule")
_LEVELS: Final = {
    "Feature": "a feature is the first heading, `# Feature: Title`",
    "Background": "it has level 2: `## Background`",
    "Rule": "it has level 2: `## Rule: Title`",
    "Examples": "they stand one level below their outline",
    **dict.fromkeys(_IN_RULE, "scenarios have level 2, and level 3 in a rule"),
}


def feature(cursor: Cursor, front_matter: FrontMatter) -> Document | None:
    """The document that the blocks make up; None if there is no feature, which is then noted."""
    heading = _feature_heading(cursor)
    if heading is None:
        return None
    _, title = _title(cursor, heading, ("Feature",))
    comment, tags = cursor.comment, cursor.tags
    cursor.leave(heading)
    description = _description(cursor)
    background: Scenario | None = None
    children: list[Scenario | Rule] = []
    while block := _next_heading(cursor, 2):
        if block.level == 1:
            cursor.fail("a second feature", block, "a file holds one; scenarios begin with `##`")
        keyword, name = _title(cursor, block, _IN_FEATURE)
        if keyword == "Background":
            if background or children:
                where = "a second Background" if background else "a Background below a scenario"
                cursor.fail(where, block, "a feature has one, above its scenarios")
            if name:
                cursor.fail("a Background with a title", block, "put the text into a quote below")
            scenario = _scenario(cursor, block, keyword, "")
            if background or children:
                children.append(scenario)
            else:
                background = scenario
        elif keyword == "Rule":
            children.append(_rule(cursor, block, name))
        else:
            children.append(_scenario(cursor, block, keyword, name))
    if not children and not (background and background.steps):
        hint = "write `## Title` and steps below it"
        cursor.fail_below(heading, "a feature without scenarios", heading, hint)
    return Document(
        title,
        heading.line,
        heading.column,
        description,
        comment,
        tuple(dict.fromkeys((*front_matter.tags, *tags))),
        front_matter,
        background,
        tuple(children),
    )


def _feature_heading(cursor: Cursor) -> Heading | None:
    """The heading of the feature; None in a file without any."""
    first = cursor.block
    if first is None:
        whole = Heading(1, "", 1, 1)
        cursor.fail_below(whole, "a file without a feature", whole, "begin it with `# Title`")
        return None
    if not isinstance(first, Heading) or first.level != 1:
        cursor.fail(f"{describe(first)} above the feature", first, "begin with `# Title`")
        while (block := cursor.block) and not isinstance(block, Heading):
            cursor.advance()
        if not isinstance(block, Heading) or block.level != 1:
            return Heading(1, "", first.line, first.column)
        return block
    return first


def _rule(cursor: Cursor, heading: Heading, title: str) -> Rule:
    comment, tags = cursor.comment, cursor.tags
    cursor.advance()
    description = _description(cursor)
    scenarios = []
    while (block := _next_heading(cursor, 3)) and block.level >= 3:
        keyword, name = _title(cursor, block, _IN_RULE)
        scenarios.append(_scenario(cursor, block, keyword, name))
    if not scenarios:
        hint = "they stand below it, like `### Title`"
        cursor.fail_below(heading, "a rule without scenarios", heading, hint)
    return Rule(title, heading.line, heading.column, description, comment, tags, tuple(scenarios))


def _scenario(cursor: Cursor, heading: Heading, keyword: str, title: str) -> Scenario:
    comment, tags = cursor.comment, cursor.tags
    cursor.leave(heading)
    description = _description(cursor)
    steps = _steps(cursor, heading)
    examples = []
    while isinstance(block := cursor.block, Heading) and block.level > heading.level:
        found = _examples(cursor, block, heading.level + 1, keyword in _OUTLINES)
        if found is None:
            break
        examples.append(found)
    if keyword in _OUTLINES and not examples:
        hint = f"write `{'#' * (heading.level + 1)} Examples` below it"
        cursor.fail_below(heading, "an outline without examples", heading, hint)
    return Scenario(
        keyword,
        title,
        heading.line,
        heading.column,
        description,
        comment,
        tags,
        steps,
        tuple(examples),
    )


def _examples(cursor: Cursor, heading: Heading, level: int, in_outline: bool) -> Examples | None:
    """The examples that begin with a heading; None if it is another heading."""
    at_level = heading.level == level
    keyword, title = _title(cursor, heading, ("Examples",) if at_level else ())
    if keyword != "Examples":
        cursor.fail(
            f"a heading of level {heading.level} in a scenario",
            heading,
            "scenarios of a feature begin with `##`, those of a rule with `###`",
        )
        return None
    if not in_outline:
        cursor.fail(
            "examples of a scenario that is no outline",
            heading,
            "write `Scenario Outline: ` before the title of the scenario",
        )
    comment, tags = cursor.comment, cursor.tags
    cursor.advance()
    description = _description(cursor)
    table = cursor.block
    if not isinstance(table, Table):
        cursor.fail_below(
            heading, "examples without a table", heading, "write one below the heading"
        )
        return Examples(title, heading.line, Table((), (), heading.line), heading.column)
    if "" in table.headings:
        cursor.fail("a column of examples without a name", table, "name it in the first row")
    if not table.rows:
        cursor.fail("a table of examples without rows", table, "write one row for each run")
    cursor.advance()
    if isinstance(cursor.block, StepText | Quote):
        where = describe(cursor.block)
        cursor.fail(f"{where} below examples", cursor.block, "move it above the heading of them")
    return Examples(title, heading.line, table, heading.column, description, comment, tags)


def _next_heading(cursor: Cursor, level: int) -> Heading | None:
    """The current block as a heading of this level or above, None at the end of the file."""
    while (block := cursor.block) and not isinstance(block, Heading):
        cursor.fail(
            f"{describe(block)} that belongs to no {_owner(block)}",
            block,
            f"begin a scenario above it, with `{'#' * level} Title`"
            if isinstance(block, StepText)
            else "a step has one code block or one table, directly below it",
        )
        if isinstance(block, StepText):
            return Heading(level, "", block.line, block.column)
        cursor.advance()
    if block is None:
        return None
    if block.level > level:
        cursor.fail(
            f"a heading of level {block.level}",
            block,
            f"begin scenarios here with `{'#' * level}`",
        )
    return block


def _owner(block: Block) -> str:
    return "scenario" if isinstance(block, StepText) else "step"


def _title(cursor: Cursor, heading: Heading, allowed: tuple[str, ...]) -> tuple[str, str]:
    """The keyword of a heading ("Scenario" if it has none) and its title."""
    if not heading.text:
        cursor.fail("a heading without text", heading, "write a title")
    word, colon, title = heading.text.partition(":")
    word = word.rstrip(BLANKS)
    if word in allowed:
        return word, title.strip(BLANKS)
    if colon and word in _LEVELS:
        cursor.fail(f'"{word}:" in a heading of level {heading.level}', heading, _LEVELS[word])
    return "Scenario", heading.text


def _description(cursor: Cursor) -> tuple[str, ...]:
    paragraphs: list[str] = []
    while isinstance(quote := cursor.block, Quote):
        paragraphs += quote.paragraphs
        cursor.advance()
    return tuple(paragraphs)


def _steps(cursor: Cursor, heading: Heading) -> tuple[Step, ...]:
    steps: list[Step] = []
    while isinstance(text := cursor.block, StepText):
        if text.keyword in ("And", "But"):
            if not steps:
                cursor.fail_below(
                    heading,
                    f'"{text.keyword}" as the first step',
                    text,
                    "it takes the keyword of the step above it: begin with Given, When, Then, Soon",
                )
            keyword = steps[-1].keyword if steps else "Given"
        else:
            keyword = cast("Keyword", text.keyword)
        steps.append(_step(cursor, text, keyword))
    return tuple(steps)


def _step(cursor: Cursor, text: StepText, keyword: Keyword) -> Step:
    comment = cursor.comment
    cursor.advance()
    attached = cursor.block
    if isinstance(attached, CodeBlock | Table):
        cursor.advance()
    description = _description(cursor)
    return Step(
        keyword,
        text.keyword,
        text.title,
        text.line,
        text.column,
        text.origins,
        comment,
        description,
        attached if isinstance(attached, CodeBlock) else None,
        attached if isinstance(attached, Table) else None,
    )
