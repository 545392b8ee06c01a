"""What is to change in a text with placeholders, and what is not changed, with the reason.

Pure. May import nothing but harness.core and the rest of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from harness.approving.literals import Literals, UnfitError
from harness.approving.source import Source

Span = tuple[int, int]
"""The offsets of a part of a text."""


class Edit(NamedTuple):
    """What stands in a source from `start` to `end` gives way to `text`."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Changes:
    """The edits of one source so far, and notes for a person.

    `shared`: several rows or variants have the text, so a placeholder in it must not give way to
    what one of them saw.
    """

    source: Source
    literals: Literals
    shared: bool = False
    edits: list[Edit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def replace(self, start: int, end: int, where: str, make: Callable[[], str]) -> None:
        """Let a part of the filled text give way to what `make` gives, if that can be done.

        `where` names the part for a person.
        """
        span = self.source.span(start, end)
        placeholders = [each.raw for each in self.source.between(start, end) if each.is_placeholder]
        if span is None:
            self.note(where, "it comes from within a placeholder, and stays")
            return
        if placeholders and self.shared:
            self.note(where, f"{placeholders[0]} stays, since other rows or variants have it too")
            return
        try:
            text = make()
        except UnfitError as error:
            self.note(where, f"{error}, so it stays as it is")
            return
        last = self.edits[-1] if self.edits else None
        if last and last.start == last.end == span[0] == span[1]:  # one after the other
            self.edits[-1] = last._replace(text=last.text + text)
        else:
            self.edits.append(Edit(*span, text))
        if placeholders and text:
            self.note(where, f"{', '.join(placeholders)} does not hold, and gives way")

    def note(self, where: str, what: str) -> None:
        """Tell of a part."""
        self.notes.append(f"{where}: {what}" if where else what)


def cuts(items: Sequence[Span], gone: Collection[Span]) -> Iterator[Span]:
    """What to take out of a list for some of its items to be gone, with what separates them.

    At least one item stays.
    """
    kept = [index for index, item in enumerate(items) if item not in gone]
    for before, after in pairwise([-1, *kept, len(items)]):
        if after == before + 1:
            continue
        if before < 0:
            yield items[0][0], items[after][0]
        else:
            yield items[before][1], items[after - 1][1]
