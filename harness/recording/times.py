"""Times near that of the recording, as JSONata which gives the same distance to the time of a run.

A text is a time if it is one of ISO 8601 in UTC or with an offset, a number if it counts seconds
or milliseconds since 1970; and only within a day of the recording. What is further away tells of
no moment of the flow, and stays.

Pure; reads no clock. May import nothing of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

ANCHOR: Final = "ts"
"""The stored value with the time of a run, in milliseconds."""
DAY: Final = 24 * 60 * 60 * 1000

_ISO: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?P<fraction>\.\d{3}(?:\d{3}){0,2})?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)",
    re.ASCII,
)
_PICTURE: Final = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]"
_UNITS: Final = ((60 * 60 * 1000, "60 * 60 * 1000"), (60 * 1000, "60 * 1000"), (1000, "1000"))


class Clock:
    """The time of a recording, from `start` to `end` in seconds since 1970."""

    def __init__(self, start: float, end: float) -> None:
        self._start = int(start * 1000)
        self._end = int(end * 1000)
        self.anchor = self._start

    def settle(self, values: Iterable[object]) -> None:
        """Count from the first of these times since the recording began, if there is one: so its
        expression is the simplest."""
        times = (time for value in values if (time := self.millis(value)) is not None)
        self.anchor = min((time for time in times if time >= self._start), default=self._start)

    def millis(self, value: object) -> int | None:
        """A time near that of the recording in milliseconds since 1970; None if it is none."""
        match value:
            case bool():
                return None
            case int():
                time = value * 1000 if value < 10**11 else value
            case str() if 20 <= len(value) <= 35 and (found := _ISO.fullmatch(value)):
                try:
                    moment = datetime.fromisoformat(value)
                except ValueError:
                    return None
                time = int(moment.replace(microsecond=0).timestamp()) * 1000
                time += int((found["fraction"] or ".000")[1:4])
            case _:
                return None
        return time if self._start - DAY <= time <= self._end + DAY else None

    def expression(self, value: str | int) -> str:
        """JSONata that gives a time, in the way in which it was written."""
        time = self.millis(value)
        assert time is not None, "it is one"
        moved = _moved(time - self.anchor)
        if isinstance(value, int):
            return moved if value >= 10**11 else f"$floor({_grouped(moved)} / 1000)"
        found = _ISO.fullmatch(value)
        assert found, "it is a time"
        fraction, zone = found["fraction"] or "", found["zone"]
        if zone == "Z" and len(fraction) == 4:
            return f"$fromMillis({moved})"
        picture = _PICTURE + (f".[f001]{fraction[4:]}" if fraction else "") + zone
        offset = "" if zone in ("Z", "+00:00") else f", '{zone.replace(':', '')}'"
        return f"$fromMillis({moved}, '{picture}'{offset})"

    def distance(self, value: str | int) -> str:
        """How far a time is from the anchor, for a person."""
        seconds = ((self.millis(value) or 0) - self.anchor) / 1000
        if not seconds:
            return "when the flow began"
        return f"{abs(seconds):,.3f} s {'after' if seconds > 0 else 'before'} the flow began"


def _moved(millis: int) -> str:
    """The anchor, moved."""
    if not millis:
        return ANCHOR
    sign, size = ("+", millis) if millis > 0 else ("-", -millis)
    for unit, text in _UNITS:
        if size % unit == 0:
            times = "" if size == unit else f"{size // unit} * "
            return f"{ANCHOR} {sign} {times}{text}"
    return f"{ANCHOR} {sign} {size}"


def _grouped(expression: str) -> str:
    return expression if expression == ANCHOR else f"({expression})"
