"""The oracle: what a CommonMark parser with tables sees, in the terms of our own blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from harness.core.blocks import Block, Comment, Heading, Quote, StepText, Tags
from harness.core.document import CodeBlock, Table

_PARSER = MarkdownIt("commonmark").enable("table")

Seen = tuple[object, ...]
"""Kind and line of a block, then what it holds."""


def seen_by_commonmark(text: str, first_line: int) -> list[Seen]:
    """The top-level blocks of a text whose first line is this line of the file."""
    tokens = _PARSER.parse(text)
    starts = [n for n, token in enumerate(tokens) if token.level == 0 and token.nesting >= 0]
    return [
        _block(tokens[start:end], text.split("\n"), first_line)
        for start, end in pairwise([*starts, len(tokens)])
    ]


def _block(tokens: Sequence[Token], lines: Sequence[str], first_line: int) -> Seen:
    token = tokens[0]
    assert token.map is not None
    line = first_line + token.map[0]
    match token.type:
        case "heading_open":
            return "heading", line, int(token.tag[1]), tokens[1].content.strip()
        case "paragraph_open":
            return "paragraph", line, _words(tokens[1].content)
        case "fence":
            return "fence", line, token.info.strip(" \t"), token.content.removesuffix("\n")
        case "html_block":
            return "html", line, token.content.strip()
        case "blockquote_open":
            # It counts blank lines below a quote without text as part of it.
            quoted = lines[slice(*token.map)]
            return "quote", line, len("\n".join(quoted).rstrip(" \t\n").split("\n"))
        case "table_open":
            return "table", line, *_rows(tokens)
    return token.type, line


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "inline":
            row.append(token.content.strip())
        elif token.type == "tr_close":
            yield tuple(row)
            row = []


def _words(text: str) -> str:
    """A paragraph in one line, as far as white space is concerned."""
    return re.sub(r"[ \t]*\n[ \t]*", " ", text).strip()


def seen_by_us(blocks: Sequence[Block], lines: Sequence[str]) -> list[Seen]:
    """The scanner's blocks in the same terms; `lines` are those of the whole file."""
    return [_ours(block, lines) for block in blocks]


def _ours(block: Block, lines: Sequence[str]) -> Seen:
    match block:
        case Heading():
            return "heading", block.line, block.level, block.text.strip()
        case StepText():
            return "paragraph", block.line, f"{block.keyword} {block.title}".strip()
        case Tags():
            end = next(
                (
                    n
                    for n in range(block.line, len(lines))
                    if not lines[n].lstrip().startswith("`@")
                ),
                len(lines),
            )
            return "paragraph", block.line, _words("\n".join(lines[block.line - 1 : end]))
        case CodeBlock():
            return "fence", block.line, block.language or "", block.code
        case Comment():
            return "html", block.line, _html(block, lines)
        case Quote():
            end = next(
                (n for n in range(block.line, len(lines)) if not lines[n].lstrip().startswith(">")),
                len(lines),
            )
            return "quote", block.line, end - block.line + 1
        case Table():
            rows = [tuple(cell or "" for cell in row.cells) for row in block.rows]
            return (
                "table",
                block.line,
                tuple(map(str.strip, block.headings)),
                *(tuple(map(str.strip, row)) for row in rows),
            )


def _html(comment: Comment, lines: Sequence[str]) -> str:
    for end in range(comment.line, len(lines) + 1):
        html = "\n".join(lines[comment.line - 1 : end]).strip()
        if "-->" in html[2:]:
            return html
    raise AssertionError("a comment without an end")
