"""A text that is being written, with places as the Language Server Protocol counts them. Pure.

The protocol counts lines from 0 and ends them where CommonMark does, at LF, CRLF and CR only;
characters are counted from 0 in code units of the encoding that was agreed on. Ours are lines and
columns from 1, in code points.
https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

UNITS: Final = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
"""By the protocol's name of an encoding: Python's, and the bytes of a code unit."""
_LINES: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


@dataclass(frozen=True)
class Text:
    """The text of a file; `encoding` is one of UNITS."""

    source: str
    encoding: str = "utf-16"

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; there is always one."""
        return [line.rstrip("\r\n") for line in self._lines]

    @cached_property
    def _lines(self) -> list[str]:
        found = _LINES.findall(self.source)
        # Behind a last line without an end the pattern matches once more, nothing.
        return found[:-1] if len(found) > 1 and found[-2][-1:] not in "\r\n" else found

    def place(self, line: int, character: int) -> tuple[int, int]:
        """Our line and column of a position; one behind the end of its line is its end."""
        if line >= len(self.lines):
            return len(self.lines), len(self.lines[-1]) + 1
        name, size = UNITS[self.encoding]
        data = self.lines[line].encode(name, "surrogatepass")[: character * size]
        return line + 1, len(data.decode(name, "ignore" if size == 1 else "surrogatepass")) + 1

    def position(self, line: int, column: int) -> tuple[int, int]:
        """The protocol's position of our line and column."""
        name, size = UNITS[self.encoding]
        before = self.lines[line - 1][: column - 1] if line <= len(self.lines) else ""
        return line - 1, len(before.encode(name, "surrogatepass")) // size

    def replaced(self, start: tuple[int, int], end: tuple[int, int], new: str) -> Text:
        """The text with what stands between two positions of the protocol replaced."""
        begin, stop = self._offset(*start), self._offset(*end)
        return Text(self.source[:begin] + new + self.source[max(begin, stop) :], self.encoding)

    def _offset(self, line: int, character: int) -> int:
        row, column = self.place(line, character)
        return sum(map(len, self._lines[: row - 1])) + column - 1
