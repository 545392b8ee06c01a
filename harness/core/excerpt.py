"""The lines of a code block around what differs, with carets, for a person.

     12 | {
     13 |   "status": "FAILED",
        |             ^^^^^^^^ expected "FAILED", got "QUEUED"

Pure: no I/O. May import nothing but harness.core and harness.errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from harness.core.document import CodeBlock
from harness.core.javascript import to_text
from harness.core.json_places import locate
from harness.core.placeholders import TemplateError, Where, scan
from harness.core.rendering import block_kind
from harness.errors import Mark

WIDTH: Final = 80
"""Columns of a terminal."""
_AROUND: Final = 2
_SHOWN: Final = 6
"""How many lines with carets are shown."""


class Spot(NamedTuple):
    """What is marked: a line and a column of the block (1-based), how long, and what to say."""

    line: int
    column: int
    length: int
    what: str


def spots(
    block: CodeBlock, marks: Iterable[Mark], variant: Mapping[str, object] | None
) -> list[Spot]:
    """Where the marks stand in the source of a block; those that are nowhere are left out."""
    where = block_kind(block)
    try:
        text = _plain(block.code, where, variant)
    except TemplateError:
        return []
    found = []
    for mark in marks:
        span = _http(text, mark.path) if where is Where.HTTP else locate(text, mark.path)
        if span is not None:
            found.append(_spot(text, *span, mark.what))
    return found


def excerpt(
    block: CodeBlock, text: str, marked: Sequence[Spot], clean: Callable[[str], str]
) -> list[str]:
    """The lines of `text`, which is the block's, around what is marked; `clean` hides secrets."""
    lines, shown = text.split("\n"), clean(text).split("\n")
    if not marked or len(shown) != len(lines):  # a secret of several lines is hidden with them
        return []
    by_line: dict[int, list[Spot]] = {}
    for spot in sorted(marked):
        if 1 <= spot.line <= len(lines):
            by_line.setdefault(spot.line, []).append(spot)
    chosen = list(by_line)[:_SHOWN]
    near = {at for line in chosen for at in range(line - _AROUND, line + _AROUND + 1)}
    numbers = [line for line in sorted(near) if 1 <= line <= len(lines)]
    digits = len(str(block.line + len(lines)))
    result: list[str] = []
    before = 0
    for line in numbers:
        if before and line > before + 1:
            result.append(f"  {'…':>{digits}}")
        before = line
        spots_here = by_line.get(line, [])
        if shown[line - 1] != lines[line - 1]:  # columns are no longer what they were
            spots_here = [spot._replace(column=1, length=1) for spot in spots_here]
        result += _line(shown[line - 1], block.line + line, digits, spots_here)
    return result


def _line(text: str, number: int, digits: int, marked: Sequence[Spot]) -> list[str]:
    """A line, and one with carets for each thing that is marked in it."""
    room = WIDTH - digits - 5
    cut = max(0, min(marked[0].column - 1, len(text) - room) - 10) if marked else 0
    piece = text[cut : cut + room].replace("\t", " ")
    result = [f"  {number:>{digits}} | {piece}".rstrip()]
    for spot in marked:
        start = spot.column - 1 - cut
        if start >= room:
            continue
        length = max(1, min(spot.length, room - start))
        options = [(carets, note) for carets in (length, 1) for note in _notes(spot.what)]
        carets, note = next(
            ((carets, note) for carets, note in options if start + carets + 1 + len(note) <= room),
            (length, ""),
        )
        mark = f"{' ' * start}{'^' * carets} {note}"
        result.append(f"  {'':>{digits}} | {mark}".rstrip())
    return result


def _notes(what: str) -> tuple[str, str]:
    """What to say of a difference, and a shorter way: without what was expected."""
    head, expected, rest = what.partition("expected ")
    return what, head + rest.rpartition(", ")[2] if expected else what


def _plain(text: str, where: Where, variant: Mapping[str, object] | None) -> str:
    """The text with every placeholder replaced by a plain value of the same length."""
    texts = {name: to_text(value) for name, value in variant.items()} if variant else None
    parts = []
    done = 0
    for piece in scan(text, where, texts):
        start, end = piece.placeholder.start, piece.placeholder.end
        parts += [piece.literal, "0" * (end - start)]
        done = end
    return "".join([*parts, text[done:]])


def _http(text: str, path: Sequence[str | int]) -> tuple[int, int] | None:
    """A part of an HTTP message: `method`, `path`, `query NAME`, `header NAME`, or what is in
    its body."""
    if not path:
        return None
    head, empty, _ = text.partition("\n\n")
    first = head.split("\n", 1)[0]
    field, _, name = str(path[0]).partition(" ")
    if field == "body" and empty:
        body = len(head) + len(empty)
        return locate(text, path[1:], body) or (body, len(text))
    if field == "method":
        return 0, len(first.split(" ")[0])
    if field == "header":
        at = 0
        for line in head.split("\n"):
            if line.partition(":")[0].strip().lower() == name.lower():
                return at, at + len(line)
            at += len(line) + 1
    start = len(first.split(" ")[0]) + 1
    return start, start + len(first[start:].split(" ")[0])


def _spot(text: str, start: int, end: int, what: str) -> Spot:
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    length = min(end, len(text) if stop < 0 else stop) - start
    return Spot(text.count("\n", 0, start) + 1, start - begin + 1, length, what)
