"""Reading on behind a mistake, so that one look at a file finds all of them.

A block that cannot be read is read again with the line that is wrong replaced by one that is not;
what cannot be saved in this way is left out as Unreadable. Pure; imports the scanner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from harness.core.blocks import Block, Unreadable
from harness.core.lines import BLANKS, is_indented, is_table, kind_of, without_controls
from harness.core.scanner import read_block
from harness.errors import Place, ScenarioFileError

MAX_PROBLEMS: Final = 100
"""Problems of one file; each costs a look at what follows it, so the time is bounded too."""


class Problems:
    """The errors of one file as they are found, one at each place: what comes second there is a
    consequence of the first."""

    def __init__(self) -> None:
        self._found: dict[Place | None, ScenarioFileError] = {}

    def add(self, error: ScenarioFileError) -> None:
        """Take note of an error."""
        self._found.setdefault(error.place, error)

    @property
    def are_too_many(self) -> bool:
        """Whether it is of no use to look for more."""
        return len(self._found) >= MAX_PROBLEMS

    def sorted(self) -> list[ScenarioFileError]:
        """The errors in the order of their places."""
        return sorted(self._found.values(), key=lambda error: error.place or Place("", 0))


def scan_all(lines: list[str], start: int, file: str, problems: Problems) -> Iterator[Block]:
    """The blocks from `lines[start]` on, as `scan` gives them, with the problems noted."""
    number = start
    while number < len(lines):
        if not lines[number].strip(BLANKS):
            number += 1
            continue
        if problems.are_too_many:
            what = f"more than {MAX_PROBLEMS} problems: what follows was not looked at"
            problems.add(ScenarioFileError(what, Place(file, number + 1), "mend those above first"))
            return
        block, number = _read(lines, number, file, problems)
        yield block


def _read(lines: list[str], start: int, file: str, problems: Problems) -> tuple[Block, int]:
    """The block at `lines[start]` and the number of the line below it."""
    replaced: dict[int, str] = {}
    try:
        while True:
            try:
                return read_block(lines, start, file)
            except ScenarioFileError as error:
                problems.add(error)
                wrong = error.place.line - 1 if error.place else start
                better = _replacement(lines, start, wrong, error)
                if better == lines[wrong] or problems.are_too_many:
                    return Unreadable(start + 1, 1), _below(lines, start, wrong)
                replaced.setdefault(wrong, lines[wrong])
                lines[wrong] = better
    finally:
        for number, line in replaced.items():
            lines[number] = line


def _replacement(lines: list[str], start: int, wrong: int, error: ScenarioFileError) -> str:
    """A line to read in place of the one that is wrong; the same if there is none."""
    line = lines[wrong]
    if (bare := without_controls(line)) != line and bare.strip(BLANKS):
        return bare
    if (fix := error.fix) is not None and fix.text != "\n":
        at = fix.column - 1
        return line[:at] + fix.text + line[at + fix.removed :]
    kind = kind_of(lines[start].strip(BLANKS))
    is_row = not kind and "|" in line and is_table(lines, start)
    if wrong == start or kind == "comment" or (is_row and wrong == start + 1):
        return line
    return lines[start] if is_row else ""  # which has as many cells as a row should


def _below(lines: list[str], start: int, wrong: int) -> int:
    """Where to read on behind a block that cannot be read."""
    first = lines[start].strip(BLANKS)
    rest = range(max(start, wrong) + 1, len(lines))
    if first.startswith("<!--"):
        end = next((n for n in range(start, len(lines)) if "-->" in lines[n]), None)
        return _heading_in(lines, rest) if end is None else end + 1
    if kind_of(first) == "fence":  # that is never closed
        return _heading_in(lines, rest)
    if first.startswith("```"):
        end = next((n for n in rest if lines[n].strip(BLANKS) == "```"), None)
        return _heading_in(lines, rest) if end is None else end + 1
    return next((n for n in rest if _begins_anew(lines[n])), len(lines))


def _begins_anew(line: str) -> bool:
    text = line.strip(BLANKS)
    return not text or (bool(kind_of(text)) and not is_indented(line))


def _heading_in(lines: list[str], numbers: range) -> int:
    """The first heading in there, which is likelier one than a part of what is never closed."""
    headings = (n for n in numbers if kind_of(lines[n].strip(BLANKS) or " ") == "heading")
    return next(headings, len(lines))
