"""What happened while a step ran: what it sent and received, what it tried and waits for. Bounded.

Times are seconds since 1970. Imports nothing that is slow: every run has this, few have reports.

Pure: no I/O, no clock. May import nothing but harness.core and harness.errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from harness.errors import StepFailure

if TYPE_CHECKING:
    from harness.core.events import Exchange, Frame
    from harness.core.proposal import Proposal

KEPT_EVENTS: Final = 500
"""What happened in a step beyond so many events is only counted."""
KEPT_ATTEMPTS: Final = 50
"""Tries of a step that failed differently; more are only counted."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that failed, and those after it that failed in the same way: `count` in all."""

    at: float
    failure: str
    count: int = 1


class Waiting(NamedTuple):
    """What a step waits for, since when, and for how many seconds at most."""

    what: str
    since: float
    seconds: float


@dataclass(slots=True)
class StepTrace:
    """A step from `started` to `ended`; `dropped` counts events that were not kept.

    `late`: it held only after it had failed or had been waited for. `failure` is the last one,
    `proposal` how the file can be changed so that the step holds.
    """

    started: float
    ended: float = 0.0
    events: list[Exchange | Frame] = field(default_factory=list)
    dropped: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    tries: int = 0
    failure: StepFailure | None = None
    proposal: Proposal | None = None
    waiting: Waiting | None = None

    def add(self, make: Callable[[], Exchange | Frame]) -> None:
        """Something has happened: what it was is made only if there is room for it."""
        if len(self.events) < KEPT_EVENTS:
            self.events.append(make())
        else:
            self.dropped += 1

    def tried(self, at: float, failure: str) -> None:
        """A try has failed."""
        self.tries += 1
        if self.attempts and self.attempts[-1].failure == failure:
            last = self.attempts[-1]
            self.attempts[-1] = Attempt(last.at, failure, last.count + 1)
        elif len(self.attempts) < KEPT_ATTEMPTS:
            self.attempts.append(Attempt(at, failure))


def distribute(
    events: Sequence[tuple[float, Callable[[], Exchange]]], steps: Sequence[StepTrace]
) -> None:
    """Give each event, as its time and what makes it, to the last step that had started by then,
    and put them in their order.

    Steps are in their order; what came before the first belongs to the first.
    """
    if not steps:
        return
    index = 0
    for at, make in sorted(events, key=itemgetter(0)):
        while index + 1 < len(steps) and steps[index + 1].started <= at:
            index += 1
        steps[index].add(make)
    for step in steps:
        step.events.sort(key=lambda each: each.at)
