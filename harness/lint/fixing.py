"""Puts fixes into a text, byte for byte the same elsewhere. Pure.

Fixes are safe: each is the only thing that its author can have meant, and a text without mistakes
has none.
"""

from __future__ import annotations

from typing import Final

from harness.core.fixes import applied
from harness.core.markdown import decode, read
from harness.errors import ScenarioFileError

_ROUNDS: Final = 100
"""A fix can bring the next mistake to light; each round mends all that are seen."""


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
        text = applied(text, fixes)
        count += len(fixes)
    return mark + text.encode(), count
