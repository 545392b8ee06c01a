"""GitHub's tables, strictly: every row has as many cells as the first.

https://github.github.com/gfm/#tables-extension-

Pure; imports the syntax tree and errors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from harness.core.document import Row, Table
from harness.core.lines import (
    APART,
    BLANKS,
    STEP,
    blank_above,
    check_text,
    column_of,
    fail,
    foreign,
    is_indented,
    kind_of,
)

_DELIMITER: Final = re.compile(r":?-+:?")
_PIPE: Final = re.compile(r"(?<!\\)\|")


def read_table(lines: Sequence[str], start: int, column: int, file: str) -> tuple[Table, int]:
    """The table that begins at `lines[start]`, and the number of the line below it."""
    headings = _cells(lines[start], file, start + 1)
    _check_delimiters(lines[start + 1], len(headings), file, start + 2)
    seen = set()
    for name, where in headings:
        if name in seen:
            fail(
                f'a second column called "{name[:50]}"',
                file,
                start + 1,
                where,
                "give each its own name",
            )
        seen.add(name)
    rows = []
    number = start + 2
    while number < len(lines) and not _ends_table(lines[number], file, number + 1):
        cells = _cells(lines[number], file, number + 1)
        if len(cells) != len(headings):
            fail(
                f"{_count(len(cells))} in a row of a table with {_count(len(headings))}",
                file,
                number + 1,
                column_of(lines[number]),
                "write `\\|` for a pipe within a cell",
            )
        texts, columns = zip(*cells, strict=True)
        rows.append(Row(tuple([text or None for text in texts]), number + 1, columns))
        number += 1
    return Table(tuple([name for name, _ in headings]), tuple(rows), start + 1, column), number


def _check_delimiters(line: str, count: int, file: str, number: int) -> None:
    marks = _cells(line, file, number)
    if is_indented(line) or line.strip(BLANKS).startswith(("- ", "-\t")):
        fail(
            "a delimiter row that Markdown takes for something else",
            file,
            number,
            column_of(line),
            "begin it with `|`, at the left",
        )
    for mark, where in marks:
        if not _DELIMITER.fullmatch(mark):
            fail(
                f'"{mark[:50]}" in the delimiter row of a table',
                file,
                number,
                where,
                "write dashes, and `:` at their ends to align",
            )
    if len(marks) != count:
        fail(
            f"{_count(len(marks))} in the delimiter row of a table with {_count(count)}",
            file,
            number,
            column_of(line),
            "write one `---` for each cell of the first row",
        )


def _ends_table(line: str, file: str, number: int) -> bool:
    """Whether the table ended above this line; raises for what is no row of it."""
    text = line.strip(BLANKS)
    if not text:
        return True
    indented = is_indented(line)
    if kind_of(text) and not indented:
        return True
    is_step = STEP.match(text) and not indented
    if "|" not in text or indented or foreign(text) or is_step:
        fail(
            "text directly below a table would belong to the table",
            file,
            number,
            column_of(line),
            APART,
            blank_above(number) if is_step else None,
        )
    return False


def _cells(line: str, file: str, number: int) -> list[tuple[str, int]]:
    """The cells of a row and the columns at which their texts begin."""
    row = line.strip(BLANKS)
    first = column_of(line)
    check_text(row, file, number, first)
    if (at := row.find("\\\\|")) >= 0:
        fail(
            "two backslashes before a pipe, which Markdown parsers read in two ways",
            file,
            number,
            first + at,
            "put the value into a code block",
        )
    cells: list[tuple[str, int]] = []
    if row == "|":
        return cells
    begin = 1 if row[0] == "|" else 0
    ends = [found.start() for found in _PIPE.finditer(row, begin)]
    if not ends or ends[-1] != len(row) - 1:
        ends.append(len(row))
    for end in ends:
        raw = row[begin:end]
        text = raw.strip(BLANKS)
        column = first + begin + (column_of(raw) - 1 if text else 0)
        cells.append((text.replace("\\|", "|"), column))
        begin = end + 1
    return cells


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"
