"""Puts changes into the text of a file, byte for byte the same elsewhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from harness.errors import Fix

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def applied(text: str, fixes: Iterable[Fix]) -> str:
    """The text with all of these fixes; lines end as they did, and new ones like the first.

    Raises ValueError if two of them overlap, or if one is nowhere in the text.
    """
    ends = list(_LINE_END.finditer(text))
    line_end = ends[0][0] if ends else "\n"
    starts = [0, *(each.end() for each in ends)]
    stops = [*(each.start() for each in ends), len(text)]
    parts: list[str] = []
    done = 0
    for fix in sorted(fixes):
        if not (1 <= fix.line <= len(starts) and fix.column >= 1):
            raise ValueError(f"there is no line {fix.line}, column {fix.column}")
        start = starts[fix.line - 1] + fix.column - 1
        if not done <= start <= stops[fix.line - 1]:
            raise ValueError(f"what is to change at line {fix.line} does not fit the text")
        parts += (text[done:start], fix.text.replace("\n", line_end))
        done = _after(text, start, fix.removed)
    return "".join([*parts, text[done:]])


def _after(text: str, start: int, count: int) -> int:
    """The offset after so many characters, of which the end of a line is one."""
    at = start
    for _ in range(count):
        if at >= len(text):
            raise ValueError("what is to change reaches beyond the end of the text")
        at += 2 if text.startswith("\r\n", at) else 1
    return at
