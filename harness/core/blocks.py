"""The blocks of a scenario file, as `scanner` finds them and `structure` understands them.

Code blocks and tables are those of the syntax tree. Pure; imports the syntax tree.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.core.document import CodeBlock, Origin, Table


class Heading(NamedTuple):
    """An ATX heading; `text` is raw, without the number signs."""

    level: int
    text: str
    line: int
    column: int


class StepText(NamedTuple):
    """A paragraph that begins with a step keyword; `title` is the text after it, in one line."""

    keyword: str
    title: str
    origins: tuple[Origin, ...]
    line: int
    column: int


class Tags(NamedTuple):
    """A paragraph of tags in backticks; `names` without `@`."""

    names: tuple[str, ...]
    line: int
    column: int


class Quote(NamedTuple):
    """A blockquote: its paragraphs, each joined by one space."""

    paragraphs: tuple[str, ...]
    line: int
    column: int


class Comment(NamedTuple):
    """An HTML comment; its text, trimmed."""

    text: str
    line: int
    column: int


class Unreadable(NamedTuple):
    """What is no block, where all problems of a file are looked for: it is known already."""

    line: int
    column: int


Block = Heading | StepText | Tags | Quote | Comment | CodeBlock | Table | Unreadable


def describe(block: Block) -> str:
    """What a block is, as people call it; the others are never out of place."""
    match block:
        case Heading():
            return f"a heading of level {block.level}"
        case StepText():
            return "a step"
        case Quote():
            return "a quote"
        case CodeBlock():
            return "a code block"
    return "a table"
