"""The last lines that a process has written, with the time at which each arrived.

Bounded in number and length of lines; may be read by one thread while another writes. May import
nothing of the project.
"""

from __future__ import annotations

from collections import deque
from threading import Lock

MAX_LINES = 2000
MAX_LENGTH = 2000
"""Bytes of a line; what goes beyond is cut off."""


class ProcessLog:
    """Lines of any number of streams, as they come; the oldest leave first."""

    def __init__(self, max_lines: int = MAX_LINES, max_length: int = MAX_LENGTH) -> None:
        self._lines: deque[tuple[float, str]] = deque(maxlen=max_lines)
        self._max_length = max_length
        self._begun: dict[int, bytes] = {}
        self._lock = Lock()

    def feed(self, stream: int, data: bytes, at: float) -> None:
        """Bytes of a stream that have arrived at the time `at`; they may end within a line."""
        *lines, rest = (self._begun.get(stream, b"") + data).split(b"\n")
        # One byte above the limit tells that the line has to be cut; more need not be kept.
        self._begun[stream] = rest[: self._max_length + 1]
        with self._lock:
            self._lines.extend((at, self._shown(line)) for line in lines)

    def end(self, stream: int, at: float) -> None:
        """The stream ends; a line that was begun is one now."""
        if self._begun.get(stream):
            self.feed(stream, b"\n", at)

    def since(self, at: float) -> list[str]:
        """The lines that have arrived at the time `at` or later."""
        with self._lock:
            return [line for arrival, line in self._lines if arrival >= at]

    def last(self, count: int) -> list[str]:
        """The newest lines, oldest of them first."""
        return self.since(0)[-count:]

    def _shown(self, line: bytes) -> str:
        cut = "…" if len(line) > self._max_length else ""
        return line[: self._max_length].decode(errors="replace").rstrip("\r") + cut
