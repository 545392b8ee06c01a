"""The texts of a file that hold placeholders: bound to a variant, with their true places. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from harness.core.document import CodeBlock, Step, Table
from harness.core.placeholders import Placeholder
from harness.core.rendering import block_kind, cell_position
from harness.core.template import Template, TemplateError, Where, parse_template
from harness.errors import Place
from harness.lint.problems import Problem
from harness.lint.tracing import Read, Trace

Variant = Mapping[str, object] | None

MAX_WRONG: Final = 20
"""Placeholders of one text that are told of; each costs a look at all of it."""
_BEGIN: Final = re.compile(r"\$\{|\$number\{|<variant\.")


@dataclass(frozen=True, slots=True)
class Text:
    """A title, a cell or a code block; `position` is from an offset in it to line and column."""

    source: str
    where: Where
    file: str
    position: Callable[[int], tuple[int, int]]

    def place(self, offset: int) -> Place:
        """The place of a character."""
        return Place(self.file, *self.position(offset))

    def end(self, offset: int) -> tuple[int, int]:
        """Line and column behind the character before `offset`."""
        line, column = self.position(max(offset - 1, 0))
        return line, column + 1

    def bind(self, variant: Variant, problems: list[Problem]) -> Template | None:
        """The template for a variant; None if placeholders are wrong, which are then noted."""
        source = self.source
        for _ in range(MAX_WRONG):
            try:
                template = parse_template(source, self.where).bind(variant)
            except TemplateError as error:
                place = self.place(error.offset)
                problems.append(Problem(place, "invalid-placeholder", error.what, error.hint))
                begins = [found.start() for found in _BEGIN.finditer(source, 0, error.offset + 9)]
                if not begins:
                    return None
                # Without its first character it is none, and whatever follows is looked at.
                at = max((begin for begin in begins if begin <= error.offset), default=begins[0])
                source = f"{source[:at]} {source[at + 1 :]}"
            else:
                return template if source == self.source else None
        return None

    def trace(
        self, template: Template, trace: Trace, columns: frozenset[str] = frozenset()
    ) -> None:
        """Note what the placeholders read."""
        for _, slot in template.fillings():
            at = partial(self._read, slot.placeholder)
            trace.read(slot.expression, at, columns, is_placeholder=True)

    def _read(self, placeholder: Placeholder) -> Read:
        shown = self.source[placeholder.start : placeholder.end]
        return Read("", shown, self.place(placeholder.start), self.end(placeholder.end))


def title_of(step: Step, file: str) -> Text:
    """The title of a step."""
    return Text(step.title, Where.TITLE, file, step.position)


def heading(title: str, line: int, column: int, file: str) -> Text:
    """A heading, all of it at its beginning: the tree does not keep where its title stands."""
    return Text(title, Where.TITLE, file, lambda _: (line, column))


def block_of(block: CodeBlock, file: str) -> Text:
    """A code block."""
    return Text(block.code, block_kind(block), file, block.position)


def cells_of(table: Table, file: str) -> Iterator[Text]:
    """The cells of a table that are not empty."""
    for row in table.rows:
        for index, cell in enumerate(row.cells):
            if cell is not None:
                yield Text(cell, Where.CELL, file, cell_position(row, index))
