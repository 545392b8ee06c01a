"""What steps print and log, kept to be shown with a failure.

Behave's own capture formats all that a scenario has logged after each of its steps, so that its
time grows with the square of the records; and where a hook runs before the scenario, the capture
of that hook takes the scenario's log handler away. What is shown, and where, stays Behave's.
"""

from __future__ import annotations

import logging
from collections import deque
from io import StringIO
from itertools import islice

from behave.capture import NO_CAPTURED_DATA, CaptureController, Captured, NoCaptured
from behave.configuration import Configuration
from behave.log_capture import LoggingCapture
from behave.runner import Context

KEPT_RECORDS = 10_000
"""How many log records of a scenario are kept: the last."""


class RecentLog(LoggingCapture):  # type: ignore[misc]  # Behave ships no types
    """Behave's log handler, but the records that it keeps are bounded. `seen` counts all."""

    buffer: deque[logging.LogRecord]

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.buffer = deque(maxlen=KEPT_RECORDS)
        self.seen = 0

    def forget(self) -> None:
        """Begin anew."""
        self.buffer.clear()
        self.seen = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.buffer.append(record)
        self.seen += 1

    def getvalue(self) -> str:
        """The text of all records that are kept."""
        return self.since(0)

    def since(self, seen: int) -> str:
        """The text of what has come since so many records had been seen."""
        dropped = self.seen - len(self.buffer)
        lines = [
            self.format(record) for record in islice(self.buffer, max(0, seen - dropped), None)
        ]
        if seen < dropped:
            lines.insert(0, f"… {dropped - seen} earlier records")
        return "\n".join(lines)


class Capture(CaptureController):  # type: ignore[misc]  # Behave ships no types
    """Behave's capture; what a step costs does not depend on the steps before it."""

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self._log = RecentLog(config)
        self._passed = (0, 0, 0)

    def setup_capture(
        self,
        context: Context | None = None,  # noqa: ARG002 - Behave's signature
        name: str | None = None,
    ) -> None:
        """A scenario begins: forget what the one before it has left."""
        if name is not None:
            self.name = name
        self.capture_stdout = StringIO() if self.config.capture_stdout else None
        self.capture_stderr = StringIO() if self.config.capture_stderr else None
        self.capture_log = self._log if self.config.capture_log else None
        if self.capture_log is not None:
            self.capture_log.forget()
            self.capture_log.inveigle()
        self._passed = (0, 0, 0)

    def start_capture(self) -> None:
        """A step begins."""
        super().start_capture()
        # Unless the capture of a hook took it away, it is there already.
        if self.capture_log is not None:
            logging.getLogger().addHandler(self.capture_log)

    def update_delta_bookmark(self) -> None:
        """A step has ended; what comes now belongs to the next."""
        out, err, log = self.capture_stdout, self.capture_stderr, self.capture_log
        self._passed = (
            out.tell() if out is not None else 0,
            err.tell() if err is not None else 0,
            log.seen if log is not None else 0,
        )

    def make_captured_delta(
        self, failed: bool | None = None, name: str | None = None
    ) -> Captured | NoCaptured:
        """What has been captured since the end of the step before."""
        before = self._passed
        self.update_delta_bookmark()
        if self._passed == before:
            return NO_CAPTURED_DATA
        out, err, log = self.capture_stdout, self.capture_stderr, self.capture_log
        return Captured(
            _since(out, before[0]) if out is not None else None,
            _since(err, before[1]) if err is not None else None,
            log.since(before[2]) if log is not None else None,
            name=name or self.name,
            failed=failed,
        )


def _since(output: StringIO, position: int) -> str:
    """What has been written since a position; writing goes on at the end."""
    output.seek(position)
    return output.read()
