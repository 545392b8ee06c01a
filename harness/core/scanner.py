"""Lines -> blocks: the part of the dialect that CommonMark decides.

The scanner knows headings, step and tag paragraphs, fences, tables, quotes and comments at the
top level, and nothing else: what it does not positively recognise is an error, and so is what
CommonMark would join although its author meant it apart. So whatever it accepts, a CommonMark
parser with tables sees the same way (proved in the tests). It looks at every character a
bounded number of times.

What the blocks mean together is decided in `structure`. Pure; imports the syntax tree and errors.

https://spec.commonmark.org/0.31.2/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NoReturn

from harness.core.blocks import Block, Comment, Heading, Quote, StepText, Tags
from harness.core.document import CodeBlock, Origin
from harness.core.lines import (
    APART,
    BLANKS,
    FENCE,
    KEYWORDS,
    STEP,
    blank_above,
    check_text,
    column_of,
    ends_paragraph,
    fail,
    foreign,
    is_indented,
    is_table,
    kind_of,
)
from harness.core.nearest import did_you_mean
from harness.core.tables import read_table
from harness.errors import Fix

_TAG: Final = re.compile(r"`@([^`@\s]+)`")
_TAGS: Final = re.compile(rf"(?:{_TAG.pattern}[ \t]*)+")


# Takes the lines, the number of the block's first line (from 0), its column and the file; gives
# the block and the number of the line below it.
_Reader = Callable[[Sequence[str], int, int, str], tuple[Block, int]]


def scan(lines: Sequence[str], start: int, file: str) -> Iterator[Block]:
    """The blocks from `lines[start]` on; raises ScenarioFileError at the first problem."""
    number = start
    while number < len(lines):
        if lines[number].strip(BLANKS):
            block, number = read_block(lines, number, file)
            yield block
        else:
            number += 1


def read_block(lines: Sequence[str], number: int, file: str) -> tuple[Block, int]:
    """The block that begins at `lines[number]`, which is not blank, and the number of the line
    below it; raises ScenarioFileError at the first problem."""
    line = lines[number]
    text = line.strip(BLANKS)
    column = 1
    if line[0] in BLANKS:
        column = column_of(line)
        if is_indented(line):
            fail(
                "indented code",
                file,
                number + 1,
                column,
                "indent by at most three spaces, or put code between lines of ```",
            )
    read: _Reader
    if kind := kind_of(text):
        read = _READERS[kind]
    elif is_table(lines, number):
        read = read_table
    elif STEP.match(text):
        read = _step
    elif _TAGS.fullmatch(text):
        read = _tags
    else:
        _reject(text, file, number + 1, column)
    return read(lines, number, column, file)


def _reject(text: str, file: str, line: int, column: int) -> NoReturn:
    """Say what the first line of an unknown block is."""
    check_text(text, file, line, column)
    fix = None
    hint = "steps are paragraphs; anything else stands in a quote, with `>` before its lines"
    if what := foreign(text):
        if text.startswith("---"):
            hint = "remove it, or is it front matter? That begins on the first line"
    elif text.startswith("!["):
        what = "an image"
    elif re.match(r"\[[^\]]*\]:", text):
        what = "a link definition"
    elif text[0] == "|":
        what = "a table without a delimiter row"
        hint = "write `| --- |` below its first row, with as many cells"
    elif text[0] == "#":
        what = "a paragraph that begins with `#`"
        hint = "a heading is one to six `#`, a space, and its title"
    elif text.startswith("`@"):
        what = "a line of tags with something else in it"
        hint = "write tags like `@slow`, each in backticks, with spaces between"
    elif text.startswith("```"):
        what = "a code fence with a backtick in its info string"
        hint = "remove it, or use ~~~ for the fence"
    else:
        word = re.split(r"\s", text, maxsplit=1)[0]
        what = f'a paragraph that begins with "{word[:50]}"'
        if word in KEYWORDS:
            hint = f"the space after it is U+{ord(text[len(word)]):04X}: write a plain one"
            fix = Fix(line, column + len(word), 1, " ")
        else:
            near = did_you_mean(word.strip("*_`:").capitalize(), KEYWORDS)
            hint = near or f"a step begins with one of {', '.join(KEYWORDS)}; {hint}"
    fail(f"unexpected: {what}", file, line, column, hint, fix)


# --- The readers, one a block ------------------------------------------------------------------


def _heading(lines: Sequence[str], start: int, column: int, file: str) -> tuple[Heading, int]:
    text = lines[start].strip(BLANKS)
    check_text(text, file, start + 1, column)
    bare = text.lstrip("#")
    title = bare.strip(BLANKS)
    opened = title.rstrip("#")
    if not opened or opened[-1] in BLANKS:  # those that closed it are no part of it
        title = opened.rstrip(BLANKS)
    return Heading(len(text) - len(bare), title, start + 1, column), start + 1


def _step(lines: Sequence[str], start: int, column: int, file: str) -> tuple[StepText, int]:
    text = lines[start].strip(BLANKS)
    check_text(text, file, start + 1, column)
    found = STEP.match(text)
    assert found is not None  # so the scanner came here
    begin = found.end()
    parts = [text[begin:]] if begin < len(text) else []
    origins = [Origin(0, start + 1, column + begin)] if parts else []
    offset = len(text) - begin + 1 if parts else 0
    number = start + 1
    while number < len(lines) and not ends_paragraph(lines, number, file, "a step"):
        if text.endswith("\\"):
            end = len(lines[number - 1].rstrip(BLANKS))
            fail(
                "a backslash at the end of a line, which is a line break in Markdown",
                file,
                number,
                end,
                "remove it: a step is one line of text, however it is wrapped",
                # A second backslash would make a letter of the first.
                None if text.endswith("\\\\") else Fix(number, end, 1, ""),
            )
        line = lines[number]
        text = line.strip(BLANKS)
        begin = column_of(line)
        check_text(text, file, number + 1, begin)
        parts.append(text)
        origins.append(Origin(offset, number + 1, begin))
        offset += len(text) + 1
        number += 1
    if not parts:
        fail(f'"{found[1]}" without any text', file, start + 1, column, "write the step after it")
    return StepText(found[1], " ".join(parts), tuple(origins), start + 1, column), number


def _tags(lines: Sequence[str], start: int, column: int, file: str) -> tuple[Tags, int]:
    names: list[str] = []
    number = start
    while number == start or (
        number < len(lines) and not ends_paragraph(lines, number, file, "tags")
    ):
        text = lines[number].strip(BLANKS)
        if not _TAGS.fullmatch(text):
            where = column_of(lines[number])
            fail("text directly below tags", file, number + 1, where, "tags stand above a heading")
        names += _TAG.findall(text)
        number += 1
    return Tags(tuple(names), start + 1, column), number


def _code(lines: Sequence[str], start: int, column: int, file: str) -> tuple[CodeBlock, int]:
    found = FENCE.fullmatch(lines[start].strip(BLANKS))
    assert found is not None  # so the scanner came here
    fence = found[1] or found[3]
    info = (found[2] or found[4] or "").strip(BLANKS)
    check_text(lines[start].strip(BLANKS), file, start + 1, column)
    for number in range(start + 1, len(lines)):
        line = lines[number]
        # The first question is for speed: most lines end here.
        if fence in line and not line.strip(BLANKS).strip(fence[0]) and not is_indented(line):
            break
    else:
        fail(
            "a code block that is never closed",
            file,
            start + 1,
            column,
            f"close it with a line of {fence[:20]}",
        )
    code = lines[start + 1 : number]
    indents: tuple[int, ...] = ()
    if column > 1:
        indents = tuple(_margins(code, column - 1, file, start + 2))
        code = [line[margin:] for line, margin in zip(code, indents, strict=True)]
    return CodeBlock(info or None, "\n".join(code), start + 1, column, indents), number + 1


def _margins(code: Sequence[str], indent: int, file: str, number: int) -> Iterator[int]:
    """How many spaces each line loses: those of the fence's indentation, as far as it has them."""
    for row, line in enumerate(code, number):
        begin = line[:indent]
        margin = len(begin) - len(begin.lstrip(" "))
        if begin[margin : margin + 1] == "\t":
            fail(
                "a tab in the indentation of an indented code block",
                file,
                row,
                margin + 1,
                "use spaces, or do not indent the fence",
            )
        yield margin


def _quote(lines: Sequence[str], start: int, column: int, file: str) -> tuple[Quote, int]:
    paragraphs: list[list[str]] = [[]]
    number = start
    while number < len(lines):
        line = lines[number]
        text = line.strip(BLANKS)
        if not text:
            break
        where = column_of(line)
        if is_indented(line) or not kind_of(text):
            fail(
                "text directly below a quote would belong to the quote",
                file,
                number + 1,
                where,
                APART,
                blank_above(number + 1) if STEP.match(text) and not is_indented(line) else None,
            )
        if text[0] != ">":
            break
        check_text(text, file, number + 1, where)
        if words := text[1:].strip(BLANKS):
            paragraphs[-1].append(words)
        else:
            paragraphs.append([])
        number += 1
    texts = tuple([" ".join(words) for words in paragraphs if words])
    return Quote(texts, start + 1, column), number


def _comment(lines: Sequence[str], start: int, column: int, file: str) -> tuple[Comment, int]:
    begin = column + 3
    # `<!-->` is a whole comment: its dashes serve both ends.
    end = lines[start].find("-->", column + 1)
    number = start
    parts = []
    while end < 0:
        parts.append(lines[number][begin:])
        begin = 0
        number += 1
        if number == len(lines):
            fail("a comment that is never closed", file, start + 1, column, "close it with `-->`")
        end = lines[number].find("-->")
    parts.append(lines[number][begin:end])
    after = lines[number][end + 3 :]
    if after.strip(BLANKS):
        where = end + 3 + column_of(after)
        fail("text after a comment", file, number + 1, where, "go on in the next line")
    for row in range(start, number + 1):
        check_text(lines[row], file, row + 1, 1)
    return Comment("\n".join(parts).strip(), start + 1, column), number + 1


_READERS: Final[Mapping[str, _Reader]] = {
    "heading": _heading,
    "fence": _code,
    "quote": _quote,
    "comment": _comment,
}
