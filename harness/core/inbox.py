"""The messages that arrived on one websocket: those that satisfied a step, and those left over.

Pure: no I/O and no clock. May import nothing of the project.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

MAX_MESSAGES = 10_000
MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """A message. `sequence` counts arrivals from 1.

    `data` is its JSON value; a message that is not JSON is the string of its text (bytes
    that are not UTF-8 are written as `\\xNN`).
    """

    sequence: int
    text: str
    data: object


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _read(raw: str | bytes) -> tuple[str, object]:
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "backslashreplace")
    try:
        # NaN and Infinity are Python's own additions to JSON (RFC 8259, section 6).
        return text, json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return text, text


class Inbox:
    """Messages that no step has used up, oldest first, bounded in number and bytes.

    When it is full the oldest leave first and are counted; the newest always stays. Removing
    and looking at what is new cost the same however many messages there are.
    """

    def __init__(self, max_messages: int = MAX_MESSAGES, max_bytes: int = MAX_BYTES) -> None:
        self._max_messages = max_messages
        self._max_bytes = max_bytes
        # An OrderedDict: taking the oldest off a plain dict gets slower with every removal.
        self._messages: OrderedDict[int, tuple[Message, int]] = OrderedDict()
        self._bytes = 0
        self._dropped_bytes = 0
        self.received = 0
        self.dropped = 0

    @property
    def unmatched(self) -> Sequence[Message]:
        """The messages that satisfied no step, oldest first."""
        return [message for message, _ in self._messages.values()]

    def add(self, raw: str | bytes) -> Message:
        """Put in a message that has just arrived."""
        text, data = _read(raw)
        self.received += 1
        message = Message(self.received, text, data)
        self._messages[message.sequence] = message, len(raw)
        self._bytes += len(raw)
        while len(self._messages) > 1 and (
            len(self._messages) > self._max_messages or self._bytes > self._max_bytes
        ):
            _, (_, size) = self._messages.popitem(last=False)
            self._bytes -= size
            self.dropped += 1
            self._dropped_bytes += size
        return message

    def find(self, matches: Callable[[object], bool], after: int = 0) -> Message | None:
        """The oldest unmatched message that matches, of those whose sequence is above `after`.

        One who waits passes the `received` of the last look, and is shown only what is new.
        """
        for message in self._since(after):
            if matches(message.data):
                return message
        return None

    def take(self, matches: Callable[[object], bool], after: int = 0) -> Message | None:
        """Like `find`, and the message is used up."""
        message = self.find(matches, after)
        if message is not None:
            self._bytes -= self._messages.pop(message.sequence)[1]
        return message

    def dropped_note(self) -> str:
        """What was dropped, as a sentence for a person; empty if nothing was."""
        if not self.dropped:
            return ""
        return (
            f"{self.dropped:,} unmatched messages ({self._dropped_bytes:,} bytes), the oldest, were"
            f" dropped: {self._max_messages:,} messages and {self._max_bytes:,} bytes are kept."
        )

    def _since(self, sequence: int) -> list[Message]:
        newest_first = []
        for message, _ in reversed(self._messages.values()):
            if message.sequence <= sequence:
                break
            newest_first.append(message)
        return newest_first[::-1]
