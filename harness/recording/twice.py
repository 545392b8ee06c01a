"""Two recordings of the same flow: what of the first was otherwise in the second.

Pure. May import nothing but its own folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from harness.recording.folding import Event
from harness.recording.origins import Value, asked_with, leaves

_NAMING: Final = re.compile(r"[A-Za-z._-]+(?:v?\d{0,2})", re.ASCII)


@dataclass(slots=True)
class Comparison:
    """The values of the first recording: those that were the same in the second, and those that
    were not."""

    same: set[Value] = field(default_factory=set)
    other: set[Value] = field(default_factory=set)

    def varies(self, value: Value) -> bool | None:
        """Whether a value is another one each time; None if that is not known."""
        if value in self.other:
            return True
        return False if value in self.same else None


def compare(first: Sequence[Event], second: Sequence[Event]) -> Comparison:
    """Compare what happened, call by call."""
    found = Comparison()
    matcher = SequenceMatcher(
        None, [_shape(each) for each in first], [_shape(each) for each in second], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            _pair(first[block.a + offset], second[block.b + offset], found)
    return found


def _shape(event: Event) -> tuple[str, str, str]:
    """What is the same for the same call in each recording: IDs in its path do not count."""
    request = event.exchange.request
    path = "/".join(each if _NAMING.fullmatch(each) else "*" for each in request.path.split("/"))
    return event.exchange.observed.host, request.method, path


def _pair(one: Event, other: Event, found: Comparison) -> None:
    for value, counterpart in (*_asked(one, other), *_answered(one, other)):
        (found.same if value == counterpart else found.other).add(value)


def _asked(one: Event, other: Event) -> Iterator[tuple[Value, Value]]:
    pairs = zip(asked_with(one.exchange), asked_with(other.exchange), strict=False)
    return ((value, counterpart) for (value, _), (counterpart, _) in pairs)


def _answered(one: Event, other: Event) -> Iterator[tuple[Value, Value]]:
    mine, theirs = one.exchange.answered, other.exchange.answered
    counterparts = dict(leaves(theirs.value, theirs.kind))
    for path, value in leaves(mine.value, mine.kind):
        if path in counterparts:
            yield value, counterparts[path]
