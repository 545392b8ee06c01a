"""A text with placeholders beside what it became when they were filled, and the way back.

What differs is found in the filled text and changed in the source: where a placeholder stands, only
as a whole.

Pure. May import nothing but harness.core.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.core.placeholders import Where
from harness.core.template import parse_template


class Piece(NamedTuple):
    """A placeholder, or what stands between two: `raw` in the source, `text` filled, and where each
    of them begins."""

    raw: str
    text: str
    raw_start: int
    start: int
    is_placeholder: bool

    @property
    def end(self) -> int:
        """The offset after it in the filled text."""
        return self.start + len(self.text)

    @property
    def raw_end(self) -> int:
        """The offset after it in the source."""
        return self.raw_start + len(self.raw)


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it is written, in pieces; made by `make_source`."""

    raw: str
    pieces: tuple[Piece, ...]

    @property
    def filled(self) -> str:
        """The text with its placeholders filled."""
        return "".join(piece.text for piece in self.pieces)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a part of the filled text stands in the source; None if it begins or ends within
        what a placeholder became."""
        if start == end == self.pieces[-1].end:
            return len(self.raw), len(self.raw)
        first = next((each for each in self.pieces if _begins(each, start)), None)
        last = next((each for each in reversed(self.pieces) if _ends(each, end)), None)
        if first is None or last is None:
            return None
        begin = first.raw_start + (0 if first.is_placeholder else start - first.start)
        stop = last.raw_end if last.is_placeholder else last.raw_start + end - last.start
        return (begin, stop) if begin <= stop else None

    def between(self, start: int, end: int) -> Iterator[Piece]:
        """The pieces of a part of the filled text; those at its ends are cut."""
        for piece in self.pieces:
            if piece.is_placeholder:
                if start <= piece.start and piece.end <= end:
                    yield piece
                continue
            begin, stop = max(start, piece.start), min(end, piece.end)
            if begin < stop:
                text = piece.text[begin - piece.start : stop - piece.start]
                yield Piece(text, text, piece.raw_start + begin - piece.start, begin, False)


def make_source(
    raw: str, where: Where, parts: Sequence[str], variant: Mapping[str, object] | None
) -> Source:
    """The source of a text that was rendered; `parts` are those of its `Rendered`."""
    placeholders = parse_template(raw, where).bind(variant).placeholders
    pieces = []
    done = at = 0
    for index, placeholder in enumerate(placeholders):
        literal, text = raw[done : placeholder.start], parts[2 * index + 1]
        pieces.append(Piece(literal, literal, done, at, False))
        at += len(literal)
        done = placeholder.end
        pieces.append(Piece(raw[placeholder.start : done], text, placeholder.start, at, True))
        at += len(text)
    pieces.append(Piece(raw[done:], raw[done:], done, at, False))
    return Source(raw, tuple(pieces))


def _begins(piece: Piece, at: int) -> bool:
    """Whether something may begin at this offset, in this piece."""
    return piece.start == at if piece.is_placeholder else piece.start <= at < piece.end


def _ends(piece: Piece, at: int) -> bool:
    return piece.end == at if piece.is_placeholder else piece.start < at <= piece.end
