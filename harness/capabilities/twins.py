"""What scenarios ask of twins: services that the mock plays with a state of their own."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.capabilities.third_party import ask
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.errors import Mark, StepFailure
from mock_nrfcloud.client import Mock
from mock_nrfcloud.twins import Reply


class Twins:
    """The twins of one feature, by name. The first command of a feature switches one on.

    The members of a command are given by their names: `do("tuya", do="task", device="d1")`.
    `waits` is told for what a step waits, and how many seconds at most.
    """

    def __init__(
        self,
        loop: LoopThread,
        mock: Mock,
        budgets: Budgets,
        redactor: Callable[[], Redactor],
        waits: Callable[[str, float], None] = lambda *_: None,
    ) -> None:
        self._loop = loop
        self._mock = mock
        self._budgets = budgets
        self._redactor = redactor
        self._waits = waits

    def do(self, twin: str, /, **command: object) -> Reply:
        """Let a twin do or tell something. Raises StepFailure if it cannot."""
        return ask(self._loop, self._mock.twin(twin, command))

    def should(self, twin: str, /, **command: object) -> Reply:
        """Wait until the answer to a question holds; the twin is woken by each change.

        Raises StepFailure if it still does not when the time is over that steps wait for calls. A
        reply that does not hold says why: in `what`, the summary and details, and perhaps in
        `marks`, the parts of the step's code block that are not met and why.
        """
        budget = self._budgets.for_calls()
        self._waits("a change of a twin", budget)
        began = time.monotonic()
        reply = ask(self._loop, self._mock.twin(twin, command, budget))
        if reply.get("holds", True):
            return reply
        clean = self._redactor().text
        summary, *details = map(clean, reply["what"])
        marks = tuple(Mark(tuple(path), clean(what)) for path, what in reply.get("marks", ()))
        took = time.monotonic() - began
        raise StepFailure(f"{summary}, in {took:.1f} s", *details, marks=marks)
