"""The outline of a file: its feature, rules and scenarios. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harness.core.document import Document, Examples, Rule, Scenario


class Symbol(NamedTuple):
    """A heading; it reaches from its line to `last`, where the next one of its level begins."""

    name: str
    detail: str
    line: int
    last: int
    children: tuple[Symbol, ...] = ()


def outline(document: Document, last: int) -> Symbol:
    """The feature with all that is in it; `last` is the last line of the file."""
    background = [] if document.background is None else [document.background]
    parts = _reaching([*background, *document.children], last)
    name = document.title or "Feature"
    return Symbol(name, "Feature", document.line, max(last, document.line), parts)


def _reaching(parts: Sequence[Scenario | Rule | Examples], last: int) -> tuple[Symbol, ...]:
    """The symbols of parts that follow each other, the last of them down to a line."""
    ends = [part.line - 1 for part in parts[1:]] + [last]
    return tuple(_symbol(part, max(part.line, end)) for part, end in zip(parts, ends, strict=False))


def _symbol(part: Scenario | Rule | Examples, last: int) -> Symbol:
    if isinstance(part, Rule):
        keyword, within = "Rule", _reaching(part.scenarios, last)
    elif isinstance(part, Scenario):
        keyword, within = part.keyword, _reaching(part.examples, last)
    else:
        keyword, within = "Examples", ()
    return Symbol(part.title or keyword, keyword, part.line, last, within)
