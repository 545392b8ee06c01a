"""The twin's own time: the real one, and what was skipped; and what is due when. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

from harness.errors import BddError
from mock_nrfcloud.fota.shelf import numbers
from mock_nrfcloud.twins import Surroundings

_LAST: Final = 253_370_764_800.0  # the year 9999 begins, the last that Python can write


class Due(NamedTuple):
    """Something that is to happen to a thing of an account; the earliest is the smallest."""

    at: float
    number: int
    account: str
    what: str
    id: str


class Agenda:
    """Calls `happen` for each thing that is due, in order, when its time has come."""

    def __init__(self, surroundings: Surroundings, happen: Callable[[Due], None]) -> None:
        self._surroundings = surroundings
        self._happen = happen
        self._due: list[Due] = []
        self._reached: float | None = None
        self._cancel: Callable[[], None] = _nothing
        self.skipped = 0.0
        """How many seconds have passed for the twin only."""

    def now(self) -> float:
        """The twin's time, in seconds since 1970."""
        if self._reached is not None:
            return self._reached
        return self._surroundings.now() + self.skipped

    def add(self, seconds: float, account: str, what: str, name: str) -> None:
        """Let something happen after so many seconds."""
        heappush(self._due, Due(self.now() + seconds, next(numbers), account, what, name))
        self._arm()

    def advance(self, seconds: float) -> None:
        """Let time pass: what is due happens at its time. Raises BddError at the end of time."""
        goal = self.now() + seconds
        if goal > _LAST:
            raise BddError("there are no times after the year 9998", hint="let less time pass")
        self._run(goal)
        self.skipped += seconds
        self._arm()

    def left(self) -> tuple[Due, ...]:
        """What is still to happen."""
        return tuple(self._due)

    def begin(self, due: Iterable[Due], skipped: float) -> None:
        """Start with what other agendas have left. What is to happen to a thing happens once: at
        the last of its times, which is that of the agenda that went on with it."""
        last = {(each.account, each.what, each.id): each for each in sorted(due)}
        self._due = list(last.values())
        heapify(self._due)
        self.skipped = skipped
        self._arm()

    def close(self) -> None:
        """No timer runs any more."""
        self._cancel()
        self._cancel = _nothing

    def _run(self, until: float) -> None:
        try:
            while self._due and self._due[0].at <= until:
                due = heappop(self._due)
                self._reached = max(due.at, self._reached or due.at)
                self._happen(due)
        finally:
            self._reached = None

    def _wake(self) -> None:
        self._run(self.now())
        self._arm()
        self._surroundings.changed()

    def _arm(self) -> None:
        """One timer, for what is due first."""
        if self._reached is not None:
            return  # more may come; whoever runs arms it in the end
        self.close()
        if self._due:
            seconds = max(0.0, self._due[0].at - self.now())
            self._cancel = self._surroundings.later(seconds, self._wake)


def _nothing() -> None:
    """There is no timer."""
