"""The code blocks of a page of documentation, for tests that do what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"^(?:`(?P<file>[^`\n]+)`:\n\n)?(?P<fence>`{3,})(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)$",
    re.S | re.M,
)


@dataclass(frozen=True)
class Block:
    """A code block. The line above it may name a file that it is: a code span and a colon."""

    file: str | None
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page that have a language."""
    return [
        Block(found["file"], found["language"], found["text"])
        for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]
