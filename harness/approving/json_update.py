"""The smallest changes that make an expected JSON text hold for a value that was seen.

What still holds stays as it is written: placeholders, markers, order, spaces. What is partial stays
partial: a member that was not expected is not added, one that is not there any more goes.

Pure. May import nothing but harness.core, harness.recording and the rest of this package.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from harness.approving.changes import Changes, Span, cuts
from harness.approving.source import Piece
from harness.core.bounded import Work, run
from harness.core.comparing import assign, fits, may_be_missing
from harness.core.json_places import Child, children
from harness.core.matching import mismatches
from harness.core.showing import Path, path_keys, path_text

_WORK: Final = 1_000_000
_COMPARISON: Final = 10_000
"""What it costs to find out how near an item is to another."""
_CANDIDATES: Final = 20


def update_json(
    changes: Changes, expected: object, actual: object, span: Span, *, exact: bool
) -> None:
    """Let `expected`, the JSON in this span of the filled text, match (or equal) `actual`.

    Raises TooMuchError, and RecursionError for what is nested too deeply.
    """
    _JsonUpdate(changes, actual, exact).value(expected, actual, span, None)


class _JsonUpdate:
    """One update, with a budget of comparisons. Real values are compared, covered ones written."""

    def __init__(self, changes: Changes, actual: object, exact: bool) -> None:
        self._changes = changes
        self._text = changes.source.filled
        self._covered = changes.literals.covered(actual)
        self._exact = exact
        self._work = Work(_WORK)

    def value(self, expected: object, actual: object, span: Span, path: Path) -> None:
        pieces = list(self._changes.source.between(*span))
        if not (len(pieces) == 1 and pieces[0].is_placeholder):
            if isinstance(expected, dict) and isinstance(actual, dict):
                return self._members(expected, actual, span, path)
            if isinstance(expected, list) and isinstance(actual, list) and expected:
                return self._items(expected, actual, span, path)
        if run(fits(expected, actual, self._exact, self._work)):
            return None
        if isinstance(expected, str) and isinstance(actual, str) and self._text[span[0]] == '"':
            return self._string(actual, span, path)
        return self._replace(span, path)

    def _replace(self, span: Span, path: Path) -> None:
        self._changes.replace(*span, path_text(path), lambda: self._json(path, span[0]))

    def _json(self, path: Path, at: int) -> str:
        """What was seen at a path, as it is written at an offset of the filled text."""
        line = self._text[self._text.rfind("\n", 0, at) + 1 : at]
        indent = line[: len(line) - len(line.lstrip())]
        return self._changes.literals.json(self._seen(path), indent=indent, column=len(line))

    def _seen(self, path: Path) -> object:
        """What was seen at a path, covered."""
        value: Any = self._covered
        for key in path_keys(path):
            value = value[key]
        return value

    def _members(
        self, expected: dict[str, object], actual: dict[str, object], span: Span, path: Path
    ) -> None:
        there = list(children(self._text, span[0]))
        gone = []
        for child, (key, value) in zip(there, expected.items(), strict=True):
            if key in actual:
                self.value(value, actual[key], (child.start, child.end), (path, key))
            elif not may_be_missing(value):
                gone.append(child)
        new = [key for key in actual if key not in expected] if self._exact else []
        if new and len(gone) == len(there):
            return self._replace(span, path)
        self._remove(gone, there, span, path)
        for key in new:
            self._add(there, (path, key), key)
        return None

    def _items(self, expected: list[object], actual: list[object], span: Span, path: Path) -> None:
        there = list(children(self._text, span[0]))
        pairs: Sequence[int | None]
        if self._exact:
            pairs = [index if index < len(actual) else None for index in range(len(expected))]
        else:
            pairs = self._nearest(expected, actual)
        gone = []
        for child, value, index in zip(there, expected, pairs, strict=True):
            if index is None:
                gone.append(child)
            else:
                self.value(value, actual[index], (child.start, child.end), (path, index))
        self._remove(gone, there, span, path)
        if self._exact:
            for index in range(len(expected), len(actual)):
                self._add(there, (path, index))

    def _nearest(self, expected: list[object], actual: list[object]) -> list[int | None]:
        """For each expected item the one that it matches, else the nearest that is left."""
        pairs = run(assign(expected, actual, self._work, all_or_nothing=False))
        free = sorted(set(range(len(actual))) - set(pairs))
        for position, item in enumerate(expected):
            if pairs[position] is None and free:
                near = []
                for index in free[:_CANDIDATES]:
                    self._work.spend(_COMPARISON)
                    near.append((len(mismatches(item, actual[index])), index))
                pairs[position] = min(near)[1]
                free.remove(min(near)[1])
        return pairs

    def _remove(
        self, gone: Sequence[Child], there: Sequence[Child], span: Span, path: Path
    ) -> None:
        """Take items out of an object or array, with the commas and spaces about them."""
        for child in gone:
            where = path_text((path, child.key))
            self._changes.note(where, "it is not there, so it is no longer expected")
        if gone and len(gone) == len(there):
            self._cut((span[0] + 1, span[1] - 1), path)
            return
        for cut in cuts([_span(each) for each in there], {_span(each) for each in gone}):
            self._cut(cut, path)

    def _cut(self, span: Span, path: Path) -> None:
        self._changes.replace(*span, path_text(path), lambda: "")

    def _add(self, there: Sequence[Child], path: Path, key: str | None = None) -> None:
        """Put an item behind the last one of an object or array, as those before it stand."""
        last = there[-1]
        before = self._text[: there[0].begin]
        space = before[len(before.rstrip()) :]
        comma = f",{space}" if "\n" in space else ", "

        def item() -> str:
            name = "" if key is None else f"{self._changes.literals.json(key)}: "
            return f"{comma}{name}{self._json(path, last.begin)}"

        self._changes.replace(last.end, last.end, path_text(path), item)

    def _string(self, actual: str, span: Span, path: Path) -> None:
        """Change a string: its placeholders at both ends stay as far as they hold."""
        start, end = span[0] + 1, span[1] - 1
        pieces = list(self._changes.source.between(start, end))
        front, back, text = _kept(pieces, actual)
        kept = [*pieces[:front], *pieces[len(pieces) - back :]]
        if self._seen(path) != actual or not any(piece.is_placeholder for piece in kept):
            self._replace(span, path)
            return
        if front:
            start = pieces[front - 1].end
        if back:
            end = pieces[-back].start
        write = self._changes.literals

        self._changes.replace(start, end, path_text(path), lambda: text and write.json(text)[1:-1])


def _span(child: Child) -> Span:
    return child.begin, child.end


def _kept(pieces: Sequence[Piece], actual: str) -> tuple[int, int, str]:
    """How many pieces of a JSON string an actual one begins and ends with, and what is between."""
    try:
        texts = [json.loads(f'"{piece.text}"') for piece in pieces]
    except ValueError:  # a placeholder parts an escape
        return 0, 0, actual
    front = back = start = 0
    stop = len(actual)
    while front < len(texts) and actual.startswith(texts[front], start):
        start += len(texts[front])
        front += 1
    # That a value goes on after a placeholder with the same word is chance.
    while front and pieces[front - 1].is_placeholder and _is_within_word(actual, start):
        front -= 1
        start -= len(texts[front])
    while back < len(texts) - front and actual.endswith(texts[-1 - back], start, stop):
        back += 1
        stop -= len(texts[-back])
    while back and pieces[-back].is_placeholder and _is_within_word(actual, stop):
        stop += len(texts[-back])
        back -= 1
    return front, back, actual[start:stop]


def _is_within_word(text: str, at: int) -> bool:
    return text[at - 1 : at].isalnum() and text[at : at + 1].isalnum()
