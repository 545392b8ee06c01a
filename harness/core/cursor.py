"""Steps through the blocks of a file, and keeps what stands above each. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from harness.core.blocks import Block, Comment, Heading, Tags, Unreadable
from harness.core.recovery import Problems
from harness.errors import Place, ScenarioFileError


class Cursor:
    """Steps through the blocks; keeps the comment and the tags before the current one.

    With `problems` these are noted there and reading goes on; without, the first is raised.
    """

    def __init__(
        self, blocks: Iterator[Block], file: str, problems: Problems | None = None
    ) -> None:
        self._blocks = blocks
        self._problems = problems
        self._unreadable = 0
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
            elif isinstance(block, Unreadable):
                self._unreadable = block.line
            else:
                self.block = block
                break
        if tags and not isinstance(self.block, Heading):
            self.fail("tags that stand above no heading", tags[0], "put them above a heading")
        self.comment = "\n".join(filter(None, comments)) if comments else None
        self.tags = tuple([name for block in tags for name in block.names]) if tags else ()

    def leave(self, block: Block) -> None:
        """Advance if this is the current block, and not one that was made up to read on."""
        if block is self.block:
            self.advance()

    def fail(self, what: str, block: Block, hint: str = "") -> None:
        """Raise the error for a block, or take note of it."""
        error = ScenarioFileError(what, Place(self.file, block.line, block.column), hint)
        if self._problems is None:
            raise error
        self._problems.add(error)

    def fail_below(self, heading: Heading, what: str, block: Block, hint: str) -> None:
        """Fail since something is missing below a heading, unless it may be what stands there
        and cannot be read."""
        if self._unreadable <= heading.line:
            self.fail(what, block, hint)
