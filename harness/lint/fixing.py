"""Puts fixes into a text, byte for byte the same elsewhere. Pure.

Fixes are safe: each is the only thing that its author can have meant, and a text without mistakes
has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from harness.core.markdown import decode, read
from harness.errors import Fix, ScenarioFileError

_ROUNDS: Final = 100
"""A fix can bring the next mistake to light; each round mends all that are seen."""
_LINES: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def fixed(data: bytes, file: str) -> tuple[bytes, int]:
    """The bytes of a file with everything mended that can be, and how many fixes that took."""
    try:
        text = decode(data, file)
    except ScenarioFileError:
        return data, 0
    mark = data[: len(data) - len(text.encode())]
    count = 0
    for _ in range(_ROUNDS):
        fixes = [error.fix for error in read(text, file).errors if error.fix is not None]
        if not fixes:
            break
        text = _applied(text, fixes)
        count += len(fixes)
    return mark + text.encode(), count


def _applied(text: str, fixes: Iterable[Fix]) -> str:
    """The text with all of these fixes; lines end as they did, and new ones like the first."""
    lines = _LINES.findall(text)
    line_end = re.search(r"\r\n|\r|\n", text)
    for fix in sorted(fixes, reverse=True):
        line = lines[fix.line - 1]
        at = fix.column - 1
        new = fix.text.replace("\n", line_end[0] if line_end else "\n")
        lines[fix.line - 1] = line[:at] + new + line[at + fix.removed :]
    return "".join(lines)
