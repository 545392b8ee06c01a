"""Lines -> blocks: the part of the dialect that CommonMark decides.

The scanner knows headings, step and tag paragraphs, fences, tables, quotes and comments at the
top level, and nothing else: what it does not positively recognise is an error, and so is what
CommonMark would join although its author meant it apart. So whatever it accepts, a CommonMark
parser with tables sees the same way (proved in the tests). It looks at every character a
bounded number of times.

What the blocks mean together is decided in `markdown`. Pure; imports the syntax tree and errors.

https://spec.commonmark.org/0.31.2/ and, for tables, https://github.github.com/gfm/#tables-extension-
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, NoReturn

from harness.core.document import CodeBlock, Row, Table
from harness.core.nearest import did_you_mean
from harness.errors import Place, ScenarioFileError

KEYWORDS: Final = ("Given", "When", "Then", "And", "But", "Soon")

_BLANKS: Final = " \t"  # CommonMark's spaces; str.strip() would take others too
_STEP: Final = re.compile(rf"({'|'.join(KEYWORDS)})(?:[ \t]+|$)")
_TAGS: Final = re.compile(r"(?:`@[^`@\s]+`[ \t]*)+")
_FENCE: Final = re.compile(r"(?:(`{3,})([^`]*)|(~{3,})(.*))", re.DOTALL)
_LIST: Final = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|$)")
_HTML: Final = re.compile(r"<(?:[/?!]|[A-Za-z][A-Za-z0-9-]*(?:[\s/>]|$))")
_DELIMITER: Final = re.compile(r":?-+:?")
_PIPE: Final = re.compile(r"(?<!\\)\|")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_APART = "leave a blank line between them"


class Heading(NamedTuple):
    """An ATX heading; `text` without the number signs, raw."""

    level: int
    text: str
    line: int
    column: int


class Piece(NamedTuple):
    """One line of a wrapped paragraph, and where its text begins."""

    text: str
    line: int
    column: int


class StepText(NamedTuple):
    """A paragraph that begins with a step keyword; `pieces` are the text after the keyword."""

    keyword: str
    pieces: tuple[Piece, ...]
    line: int
    column: int


class Tags(NamedTuple):
    """A paragraph of tags in backticks, without `@`."""

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


Block = Heading | StepText | Tags | Quote | Comment | CodeBlock | Table


def scan(lines: Sequence[str], start: int, file: str) -> Iterator[Block]:
    """The blocks from `lines[start]` on; raises ScenarioFileError at the first problem."""
    number = start
    while number < len(lines):
        line = lines[number]
        text = line.strip(_BLANKS)
        if not text:
            number += 1
            continue
        column = line.index(text[0]) + 1
        place = Place(file, number + 1, column)
        if column > 4 or "\t" in line[: column - 1]:
            _fail(
                "indented code",
                place,
                "indent by at most three spaces, or put code between lines of ```",
            )
        kind = _kind(text)
        block: Block
        if kind == "fence":
            block, number = _code(lines, number, place)
        elif kind == "heading":
            block, number = _heading(text, place), number + 1
        elif kind == "quote":
            block, number = _quote(lines, number, place)
        elif kind == "comment":
            block, number = _comment(lines, number, place)
        elif _is_table(lines, number):
            block, number = _table(lines, number, place)
        elif _STEP.match(text):
            block, number = _step(lines, number, place)
        elif _TAGS.fullmatch(text):
            block, number = _tags(lines, number, place)
        else:
            _reject(text, place)
        yield block


def _fail(what: str, place: Place, hint: str = "") -> NoReturn:
    raise ScenarioFileError(what, place, hint)


# --- What a line is ---------------------------------------------------------------------------


def _kind(text: str) -> str:
    """The block that a line with this text (stripped) begins and that ends a paragraph, or ""."""
    match text[0]:
        case "#":
            after = text.lstrip("#")
            level = len(text) - len(after)
            return "heading" if level <= 6 and (not after or after[0] in _BLANKS) else ""
        case "`" | "~":
            return "fence" if text[:3] in ("```", "~~~") and _FENCE.fullmatch(text) else ""
        case ">":
            return "quote"
        case "<":
            return "comment" if text.startswith("<!--") else ""
    return ""


def _foreign(text: str) -> str:
    """What else of Markdown a line with this text (stripped) begins, that ends a paragraph."""
    first = text[0]
    if first in "-*_":
        bare = text.replace(" ", "").replace("\t", "")
        if len(bare) >= 3 and not bare.strip(first):
            return "a thematic break"
    if first in "-+*0123456789" and _LIST.match(text):
        return "a list"
    if first == "<" and _HTML.match(text):
        return "HTML"
    return ""


def _reject(text: str, place: Place) -> NoReturn:
    """Say what the first line of an unknown block is."""
    first = text[0]
    word = text.split(None, 1)[0][:50] if not text.isspace() else ""
    hint = "put prose into a quote: begin its lines with `>`"
    if what := _foreign(text):
        pass
    elif text.startswith("!["):
        what = "an image"
    elif re.match(r"\[[^\]]*\]:", text):
        what = "a link definition"
    elif first == "|":
        what = "a table without a delimiter row"
        hint = "write `| --- |` below its first row, with as many cells"
    elif first == "#":
        what = "a paragraph that begins with `#`"
        hint = "a heading is one to six `#`, a space, and its title"
    elif first == "`" and text.startswith("`@"):
        what = "a line of tags with something else in it"
        hint = "write tags like `@slow`, each in backticks, with spaces between"
    elif text.startswith("```"):
        what = "a code fence with a backtick in its info string"
        hint = "use ~~~ for the fence"
    else:
        what = f'a paragraph that begins with "{word}"'
        near = did_you_mean(word.strip("*_`:").capitalize(), KEYWORDS)
        hint = near or f"a step begins with {', '.join(KEYWORDS)}; {hint}"
    _fail(f"unexpected: {what}", place, hint)


def _check(text: str, line: int, column: int, file: str) -> None:
    """Text that is shown must not hide control characters."""
    if not text.isprintable() and (found := _CONTROL.search(text)):
        _fail(
            f"a control character (U+{ord(found[0]):04X})",
            Place(file, line, column + found.start()),
            "remove it",
        )


def _ends_paragraph(lines: Sequence[str], number: int, file: str, of_what: str) -> bool:
    """Whether a new block begins here, directly below a paragraph line.

    Raises for what would be joined to the paragraph, or interpreted, against its author's will.
    """
    line = lines[number]
    text = line.strip(_BLANKS)
    if not text:
        return True
    kind = _kind(text)
    table = not kind and _is_table(lines, number)
    if (kind or table) and _indent(line) <= 3:
        return True
    place = Place(file, number + 1, line.index(text[0]) + 1)
    if kind or table:
        _fail(f"{kind or 'table'} indented by more than three spaces, below {of_what}", place)
    if found := _STEP.match(text):
        _fail(f'"{found[1]}" directly below {of_what}', place, _APART)
    if not text.strip("=") or not text.strip("-"):
        _fail(
            f"a line of `{text[0]}` directly below {of_what} would make a heading of it",
            place,
            "write headings with `#`",
        )
    if foreign := _foreign(text):
        _fail(f"unexpected: {foreign}, directly below {of_what}", place)
    if text[0] == "|" or not text.strip("|:- \t"):
        _fail(
            f"a row of a table directly below {of_what}",
            place,
            "a table has a first row, then a delimiter row `| --- |`, with as many cells",
        )
    return False


def _indent(line: str) -> int:
    """Columns of white space at the beginning; a tab counts as four, which is enough here."""
    blank = line[: len(line) - len(line.lstrip(_BLANKS))]
    return len(blank) + 3 * blank.count("\t")


# --- One function a block; each returns it and the number of the next line ---------------------


def _heading(text: str, place: Place) -> Heading:
    bare = text.lstrip("#")
    level = len(text) - len(bare)
    title = bare.strip(_BLANKS)
    unclosed = title.rstrip("#")
    if not unclosed or unclosed[-1] in _BLANKS:
        title = unclosed.rstrip(_BLANKS)
    _check(text, place.line, place.column, place.file)
    return Heading(level, title, place.line, place.column)


def _step(lines: Sequence[str], start: int, place: Place) -> tuple[StepText, int]:
    pieces = []
    keyword = ""
    number = start
    while number < len(lines):
        line = lines[number]
        if number > start and _ends_paragraph(lines, number, place.file, "a step"):
            break
        text = line.strip(_BLANKS)
        column = line.index(text[0]) + 1
        _check(text, number + 1, column, place.file)
        if not keyword:
            found = _STEP.match(text)
            assert found is not None  # it decided that this is a step
            keyword = found[1]
            text = text[found.end() :]
            column += found.end()
        if text:
            pieces.append(Piece(text, number + 1, column))
        number += 1
    for piece in pieces[:-1]:
        if piece.text.endswith("\\"):
            _fail(
                "a backslash at the end of a line, which is a line break in Markdown",
                Place(place.file, piece.line, piece.column + len(piece.text) - 1),
                "a step is one line of text, however it is wrapped: remove it",
            )
    if not pieces:
        _fail(f'"{keyword}" without any text', place, "write the step after it")
    return StepText(keyword, tuple(pieces), place.line, place.column), number


def _tags(lines: Sequence[str], start: int, place: Place) -> tuple[Tags, int]:
    names: list[str] = []
    number = start
    while number < len(lines):
        if number > start and _ends_paragraph(lines, number, place.file, "tags"):
            break
        text = lines[number].strip(_BLANKS)
        if not _TAGS.fullmatch(text):
            _reject_below_tags(lines[number], number, place.file)
        names += (name.strip("`@") for name in text.split())
        number += 1
    return Tags(tuple(names), place.line, place.column), number


def _reject_below_tags(line: str, number: int, file: str) -> NoReturn:
    column = len(line) - len(line.lstrip(_BLANKS)) + 1
    _fail("text directly below tags", Place(file, number + 1, column), "tags stand above a heading")


def _code(lines: Sequence[str], start: int, place: Place) -> tuple[CodeBlock, int]:
    found = _FENCE.fullmatch(lines[start].strip(_BLANKS))
    assert found is not None  # it decided that this is a fence
    fence = found[1] or found[3]
    info = (found[2] or found[4] or "").strip(_BLANKS)
    _check(info, place.line, place.column + len(fence), place.file)
    indent = place.column - 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if fence in line and _indent(line) <= 3 and not line.strip(_BLANKS).strip(fence[0]):
            break
    else:
        _fail(
            "a code block that is never closed",
            place,
            f"close it with a line of {fence}",
        )
    code = lines[start + 1 : number]
    indents: tuple[int, ...] = ()
    if indent:
        code, indents = _unindent(code, indent, place)
    return CodeBlock(info or None, "\n".join(code), place.line, place.column, indents), number + 1


def _unindent(
    code: Sequence[str], indent: int, place: Place
) -> tuple[Sequence[str], tuple[int, ...]]:
    """Take the fence's indentation, as far as it is there, from each line."""
    indents = []
    for number, line in enumerate(code, place.line + 1):
        margin = len(line[:indent]) - len(line[:indent].lstrip(" "))
        if margin < indent and line[margin : margin + 1] == "\t":
            _fail(
                "a tab in the indentation of an indented code block",
                Place(place.file, number, margin + 1),
                "use spaces, or do not indent the fence",
            )
        indents.append(margin)
    return [line[margin:] for line, margin in zip(code, indents, strict=True)], tuple(indents)


def _quote(lines: Sequence[str], start: int, place: Place) -> tuple[Quote, int]:
    paragraphs: list[list[str]] = [[]]
    number = start
    while number < len(lines):
        line = lines[number]
        text = line.strip(_BLANKS)
        if not text.startswith(">") or _indent(line) > 3:
            break
        _check(text, number + 1, line.index(">") + 1, place.file)
        if words := text[1:].strip(_BLANKS):
            paragraphs[-1].append(words)
        elif paragraphs[-1]:
            paragraphs.append([])
        number += 1
    if number < len(lines) and (text := lines[number].strip(_BLANKS)):
        line = lines[number]
        kind = _kind(text)
        if _indent(line) > 3 or not kind:
            _fail(
                "text directly below a quote would belong to the quote",
                Place(place.file, number + 1, line.index(text[0]) + 1),
                _APART,
            )
    texts = tuple(" ".join(words) for words in paragraphs if words)
    return Quote(texts, place.line, place.column), number


def _comment(lines: Sequence[str], start: int, place: Place) -> tuple[Comment, int]:
    first = place.column - 1
    parts = []
    for number in range(start, len(lines)):
        line = lines[number]
        # `<!-->` is a whole comment: its dashes serve both ends.
        end = line.find("-->", first + 2 if number == start else 0)
        begin = first + 4 if number == start else 0
        if end < 0:
            parts.append(line[begin:])
            continue
        if line[end + 3 :].strip(_BLANKS):
            after = line[end + 3 :]
            column = end + 4 + len(after) - len(after.lstrip(_BLANKS))
            _fail(
                "text after a comment, on its last line",
                Place(place.file, number + 1, column),
                "a comment ends its line: go on below it",
            )
        parts.append(line[begin:end])
        text = "\n".join(parts).strip()
        return Comment(text, place.line, place.column), number + 1
    _fail("a comment that is never closed", place, "close it with `-->`")


# --- Tables -----------------------------------------------------------------------------------


def _is_table(lines: Sequence[str], number: int) -> bool:
    """Whether the line and the one below it look like the first two rows of a table."""
    if "|" not in lines[number] or number + 1 == len(lines):
        return False
    below = lines[number + 1].strip(_BLANKS)
    return "|" in below and "-" in below and not below.strip("|:- \t")


def _table(lines: Sequence[str], start: int, place: Place) -> tuple[Table, int]:
    headings = _cells(lines[start], start, place.file)
    marks = _cells(lines[start + 1], start + 1, place.file)
    for mark, column in marks:
        if not _DELIMITER.fullmatch(mark):
            _fail(
                f'"{mark[:50]}" in the delimiter row of a table',
                Place(place.file, start + 2, column),
                "write dashes, with `:` at an end to align",
            )
    if lines[start + 1].strip(_BLANKS).startswith("- ") or _indent(lines[start + 1]) > 3:
        _fail(
            "a delimiter row that Markdown does not see",
            Place(place.file, start + 2, 1),
            "begin it with `|`",
        )
    if len(headings) != len(marks):
        _fail(
            f"{_count(len(marks))} in the delimiter row of a table with {_count(len(headings))}",
            Place(place.file, start + 2, marks[0][1] if marks else 1),
            "write one `---` for each cell of the first row",
        )
    names = [text for text, _ in headings]
    for index, (name, column) in enumerate(headings):
        if name in names[:index]:
            _fail(
                f'two columns are called "{name[:50]}"',
                Place(place.file, start + 1, column),
                "give each its own name",
            )
    rows = []
    number = start + 2
    while number < len(lines) and not _ends_table(lines, number, place.file):
        cells = _cells(lines[number], number, place.file)
        if len(cells) != len(headings):
            _fail(
                f"{_count(len(cells))} in a row of a table with {_count(len(headings))}",
                Place(place.file, number + 1, lines[number].index("|") + 1),
                "write `\\|` for a pipe within a cell",
            )
        texts, columns = zip(*cells, strict=True)
        rows.append(Row(tuple(text or None for text in texts), number + 1, columns))
        number += 1
    return Table(tuple(names), tuple(rows), place.line, place.column), number


def _ends_table(lines: Sequence[str], number: int, file: str) -> bool:
    """Whether the table ended above this line; raises for what is no row of it."""
    line = lines[number]
    text = line.strip(_BLANKS)
    if not text:
        return True
    if _indent(line) <= 3 and _kind(text):
        return True
    if "|" not in text or _indent(line) > 3 or _foreign(text) or _STEP.match(text):
        place = Place(file, number + 1, len(line) - len(line.lstrip(_BLANKS)) + 1)
        _fail("text directly below a table would belong to the table", place, _APART)
    return False


def _cells(line: str, number: int, file: str) -> list[tuple[str, int]]:
    """The cells of a row and the columns at which their texts begin."""
    row = line.strip(_BLANKS)
    offset = len(line) - len(line.lstrip(_BLANKS))
    _check(row, number + 1, offset + 1, file)
    if (at := row.find("\\\\|")) >= 0:
        _fail(
            "two backslashes before a pipe, which Markdown parsers read differently",
            Place(file, number + 1, offset + at + 1),
            "write `\\|` for a pipe; move the value into a code block if need be",
        )
    cells = []
    begin = 1 if row.startswith("|") else 0
    ends = [found.start() for found in _PIPE.finditer(row, begin)]
    if not ends or ends[-1] != len(row) - 1:
        ends.append(len(row))
    for end in ends:
        raw = row[begin:end]
        text = raw.strip(_BLANKS)
        column = offset + begin + 1 + (len(raw) - len(raw.lstrip(_BLANKS)) if text else 0)
        cells.append((text.replace("\\|", "|"), column))
        begin = end + 1
    return cells


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"
