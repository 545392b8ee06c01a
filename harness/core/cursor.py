"""Steps through the blocks of a file, and keeps what stands above each. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from harness.core.blocks import Block, Comment, Heading, Tags
from harness.core.lines import fail


class Cursor:
    """Steps through the blocks; keeps the comment and the tags before the current one."""

    def __init__(self, blocks: Iterator[Block], file: str) -> None:
        self._blocks = blocks
        self.file = file
        self.block: Block | None = None
        self.comment: str | None = None
        self.tags: tuple[str, ...] = ()
        self.advance()

    def advance(self) -> None:
        """Go to the next block that is no comment and no tags."""
        comments: list[str] = []
        tags: list[Tags] = []
        self.block = None
        for block in self._blocks:
            if isinstance(block, Comment):
                comments.append(block.text)
            elif isinstance(block, Tags):
                tags.append(block)
            else:
                self.block = block
                break
        if tags and not isinstance(self.block, Heading):
            self.fail("tags that stand above no heading", tags[0], "put them above a heading")
        self.comment = "\n".join(filter(None, comments)) if comments else None
        self.tags = tuple([name for block in tags for name in block.names]) if tags else ()

    def fail(self, what: str, block: Block, hint: str = "") -> NoReturn:
        """Raise the error for a block."""
        fail(what, self.file, block.line, block.column, hint)
