"""What an evaluation may use up, and the error when it has."""

from __future__ import annotations

from dataclasses import dataclass

from harness.core.sandbox.library import JException, Jsonata


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one evaluation: nodes evaluated (and work like it), evaluations within each
    other, characters of a string that is built, numbers of a range, seconds of matching."""

    steps: int = 500_000
    depth: int = 150
    size: int = 1_000_000
    range: int = 100_000
    regex_seconds: float = 0.2


class Exceeded(JException):  # type: ignore[misc]
    """A bound was hit; `text` says which. (The library lets its own errors through.)"""

    def __init__(self, text: str) -> None:
        super().__init__(text, -1)
        self.text = text


class Purse:
    """What is left of the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.regex_seconds = limits.regex_seconds

    def spend(self, steps: int) -> None:
        """Pay for work that is about to be done."""
        self.steps -= steps
        if self.steps < 0:
            raise Exceeded(f"it takes more than {self.limits.steps:,} steps")

    def spend_on(self, value: object) -> None:
        """Pay for walking over a string, or over a list and the lists in it."""
        if isinstance(value, str):
            self.spend(len(value) >> 8)
        elif isinstance(value, list):
            self.spend(1 + (len(value) >> 2))
            for item in value:
                if isinstance(item, list):
                    self.spend_on(item)

    def spend_on_tree(self, *values: object) -> None:
        """Pay for walking over all of the values; what is shared counts as often as it occurs."""
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                self.spend(1 + (len(value) >> 6))
            elif isinstance(value, list | dict):
                self.spend(1 + len(value))
                waiting.extend(value.values() if isinstance(value, dict) else value)

    def allow(self, length: int) -> None:
        """Refuse to build, or to take apart, a string that is too long."""
        if length > self.limits.size:
            raise Exceeded(f"it handles a string of more than {self.limits.size:,} characters")


def purse() -> Purse:
    """The purse of the evaluation that this thread is in."""
    current: Purse = Jsonata.CURRENT.jsonata.purse
    return current
