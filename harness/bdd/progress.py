"""On a terminal, a line that tells which step runs, and for what it waits and how long still.

It is for a person who looks on: it comes when a step takes longer than a second, and is gone when
the step has ended. It is drawn below what has been printed, and the cursor goes back to where it
was, so that whatever Behave's formatters print next stands where it would stand anyway.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final, TextIO

from behave.configuration import Configuration
from behave.formatter.base import Formatter, StreamOpener
from behave.matchers import Match
from behave.model import Feature, Step

from harness.bdd.calls import StepMatch
from harness.core.showing import clipped, visible
from harness.core.trace import StepTrace

SECONDS: Final = 1.0
"""Between two drawings, and before the first one of a step."""
LEAST: Final = 10
"""Characters of a title that are shown on the narrowest terminal."""

# Down and up again, which makes room at the bottom of the screen; save the cursor; one line down;
# clear it; do not wrap; the text; wrap again; back to where the cursor was.
_DRAW: Final = "\x1bD\x1b[A\x1b7\x1b[B\r\x1b[2K\x1b[?7l{}\x1b[?7h\x1b8"
_ERASE: Final = "\x1b[J"


class LiveLine:
    """A line below the cursor, drawn anew every second by a thread of its own."""

    def __init__(self, stream: TextIO, seconds: float = SECONDS) -> None:
        self._stream = stream
        self._seconds = seconds
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._text: Callable[[int], str] | None = None
        self._since = 0.0
        self._is_drawn = False
        self._thread = threading.Thread(target=self._run, name="live-line", daemon=True)
        self._thread.start()

    def show(self, text: Callable[[int], str]) -> None:
        """Begin to show a text, which is asked for with the number of columns at each drawing."""
        with self._lock:
            self._text, self._since = text, time.monotonic()

    def hide(self) -> None:
        """Show nothing."""
        with self._lock:
            self._text = None
            if self._is_drawn:
                self._write(_ERASE)
                self._is_drawn = False

    def close(self) -> None:
        """Show nothing any more."""
        self._over.set()
        self._thread.join()
        self.hide()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            with self._lock:
                if self._text is not None and time.monotonic() - self._since >= self._seconds:
                    self._write(_DRAW.format(visible(self._text(self._columns()))))
                    self._is_drawn = True

    def _columns(self) -> int:
        return os.get_terminal_size(self._stream.fileno()).columns

    def _write(self, text: str) -> None:
        with suppress(OSError):  # the terminal is gone
            if sys.__stdout__ is not None:
                sys.__stdout__.flush()  # what stands before the cursor
            self._stream.write(text)
            self._stream.flush()


class Progress(Formatter):  # type: ignore[misc]  # Behave ships no types
    """A formatter of Behave's, since those are told when a step begins and ends."""

    def __init__(self, config: Configuration, line: LiveLine) -> None:
        super().__init__(StreamOpener(stream=sys.stderr), config)
        self._line = line
        self._feature = ""

    def feature(self, feature: Feature) -> None:
        """A feature begins."""
        self._feature = feature.name

    def match(self, match: Match) -> None:
        """A step begins."""
        if isinstance(match, StepMatch):
            feature, step = self._feature, match.step
            self._line.show(lambda columns: told(feature, step, time.time(), columns))

    def result(self, step: Step) -> None:  # noqa: ARG002 - Behave's signature
        """A step has ended."""
        self._line.hide()


def told(feature: str, step: Step, now: float, columns: int) -> str:
    """The line about a step that runs; its titles get the room that the rest leaves."""
    trace: StepTrace | None = step.trace
    state = f" · {now - trace.started:.0f} s" if trace else ""  # its hook runs
    if trace and trace.waiting:
        what, since, seconds = trace.waiting
        left = max(0.0, since + seconds - now)
        state = f" · waits for {what}, {left:.0f} s of {seconds:.0f} s left"
    room = max(3 * LEAST, columns - len(state) - 2)
    shown = clipped(feature, room // 3)
    return f"{shown}: {clipped(f'{step.keyword} {step.name}', room - len(shown))}{state}"


@contextmanager
def live_line(env: Mapping[str, str] = os.environ) -> Iterator[LiveLine | None]:
    """The line, if there is a person to look on: a terminal, and nobody who wants it plain."""
    stream = sys.stderr
    wanted = stream.isatty() and env.get("TERM", "") not in ("", "dumb")
    if not wanted or env.get("CI") or env.get("NO_COLOR"):
        yield None
        return
    line = LiveLine(stream)
    try:
        yield line
    finally:
        line.close()
