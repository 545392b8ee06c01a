"""What happened, cut into scenarios: by marks if there are any, else where nothing happened.

Pure. May import nothing but its own folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.recording.folding import Event
from harness.recording.model import Mark


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens in one scenario; a `title` of "" is still to be found."""

    title: str
    events: tuple[Event, ...]

    @property
    def triggers(self) -> list[Event]:
        """The calls of the user."""
        return [each for each in self.events if each.exchange.is_trigger]


def cut(events: Sequence[Event], marks: Sequence[Mark], silence: float) -> list[Scene]:
    """The scenarios in their order; a mark after which nothing happened begins none."""
    return _by_marks(events, marks) if marks else _by_silence(events, silence)


def is_apart(before: float, at: float, marks: Sequence[Mark], silence: float) -> bool:
    """Whether a scenario ends between two moments, if nothing happens in between."""
    if marks:
        return any(before < mark.at <= at for mark in marks)
    return at - before > silence


def _by_marks(events: Sequence[Event], marks: Sequence[Mark]) -> list[Scene]:
    begins = [Mark(float("-inf"), ""), *sorted(marks, key=lambda each: each.at)]
    ends = [*(each.at for each in begins[1:]), float("inf")]
    scenes = [
        Scene(mark.title, tuple(each for each in events if mark.at <= each.at < end))
        for mark, end in zip(begins, ends, strict=True)
    ]
    return [each for each in scenes if each.events]


def _by_silence(events: Sequence[Event], silence: float) -> list[Scene]:
    scenes: list[list[Event]] = []
    busy_until = float("-inf")
    for each in events:
        if each.start - busy_until > silence:
            scenes.append([])
        scenes[-1].append(each)
        busy_until = max(busy_until, each.end)
    return [Scene("", tuple(each)) for each in scenes]
