"""Retry budgets, and the loop that tries a step until it holds (docs/dialect.md, "Soon").

Pure: the clock and the sleep are given. May import the errors and the syntax tree only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from harness.core.document import RetryBudget
from harness.errors import StepFailure

T = TypeVar("T")

MAX_RETRIES = 10_000
"""More retries than this count as this many: nobody waits longer than half a day."""

LONGEST = 3600
"""Seconds that a step may say at most."""

WEBSOCKET_SECONDS = 17.0
CALLS_SECONDS = 45.0
REST_RETRIES = 4
WEBSOCKET_CAP = 5.0
REST_CAP = 10.0


def exponential(n: int, cap: float) -> float:
    """The sum of min(2^i, cap) for 0 <= i < n: seconds that n doubling, capped pauses take.

    `n` is taken as at least 0 and at most MAX_RETRIES.
    """
    n = max(0, min(n, MAX_RETRIES))
    doublings = 0
    while doublings < n and 1 << doublings < cap:
        doublings += 1
    return (1 << doublings) - 1 + (n - doublings) * cap


class Budgets(NamedTuple):
    """How many seconds each kind of step may take, for one feature.

    `scale` multiplies the built-in budgets. `websocket`, `calls` and `rest` are a feature's own
    seconds: they stand in place of the built-in ones, a number of retries in the step
    included, and are not scaled.
    """

    scale: float = 1.0
    websocket: float | None = None
    calls: float | None = None
    rest: float | None = None

    def overridden(self, retry: RetryBudget | None) -> Budgets:
        """These budgets with what a feature's front matter says of them."""
        if retry is None:
            return self
        return self._replace(
            scale=self.scale if retry.scale is None else retry.scale,
            websocket=self.websocket if retry.websocket is None else retry.websocket,
            calls=self.calls if retry.calls is None else retry.calls,
            rest=self.rest if retry.rest is None else retry.rest,
        )

    def for_websocket(self, retries: int | None = None) -> float:
        """Seconds to wait for a websocket message; `retries` as in "after N retries"."""
        usual = WEBSOCKET_SECONDS if retries is None else exponential(retries, WEBSOCKET_CAP)
        return self._chosen(self.websocket, usual)

    def for_calls(self) -> float:
        """Seconds to wait for a request to reach the mock."""
        return self._chosen(self.calls, CALLS_SECONDS)

    def for_rest(self, retries: int | None = None) -> float:
        """Seconds in which a request is sent again; `retries` as in "retrying N times"."""
        times = REST_RETRIES if retries is None else retries
        return self._chosen(self.rest, exponential(times, REST_CAP))

    def for_repeating(self) -> float:
        """Seconds for any other step that may be repeated."""
        return self.for_websocket()

    def _chosen(self, own: float | None, usual: float) -> float:
        return usual * self.scale if own is None else own


def delays(first: float = 0.05, cap: float = 2.0) -> Iterator[float]:
    """Pauses between tries, in seconds, without end: `first`, doubling up to `cap`."""
    pause = first
    while True:
        yield min(pause, cap)
        pause = min(pause * 2, cap)


def retry(
    action: Callable[[], T],
    budget: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> T:
    """Run `action` until it raises no StepFailure or `budget` seconds are spent.

    It is tried at least once, and a last time when the budget ends. Then the last failure is
    raised, with the number of tries and the time among its details. A failure that is
    `final`, and any other exception, ends it at once.
    """
    start = clock()
    pauses = delays()
    last = False
    tries = 0
    while True:
        tries += 1
        try:
            return action()
        except StepFailure as failure:
            spent = clock() - start
            if failure.final:
                raise
            if last or spent >= budget:
                failure.details = (*failure.details, tried(tries, spent))
                raise
        pause = next(pauses)
        # Decided before the pause: a clock too coarse for the rest of the budget never shows it.
        last = pause >= budget - spent
        sleep(min(pause, budget - spent))


def stated(seconds: float) -> float:
    """The seconds that a step says itself. Raises StepFailure if nobody would wait for that."""
    if not 0 <= seconds <= LONGEST:
        raise StepFailure(f"nobody waits for {seconds:g} seconds: write 0 to {LONGEST}", final=True)
    return seconds


def tried(tries: int, seconds: float) -> str:
    """The line of a failure that says how often and how long it was tried."""
    return f"Tried {'once' if tries == 1 else f'{tries} times'} in {seconds:.1f} s."
