"""The requests that a mock has seen, and waiting for one that is still to come.

An entry is one bytes object, which the garbage collector need not look into (nested tuples make
its pauses, and so the slowest answers, ten times as long), and a reference to the answer, which
all requests that one stub answered share. Bounded: the oldest entries leave first, and are
counted.

Belongs to one asyncio loop. Reads no clock: times are given to it.
"""

from __future__ import annotations

import asyncio
import marshal
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl

from harness.core.http_text import HttpRequest
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.values import Call

RawHeaders = tuple[tuple[bytes, bytes], ...]

MAX_ENTRIES: Final = 100_000
MAX_BYTES: Final = 64 * 1024 * 1024
_ENTRY_OVERHEAD: Final = 64  # a bytes object's own size, and the places in two deques


class Journal:
    """The requests seen, numbered from 1."""

    def __init__(self, *, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._entries: deque[bytes] = deque()
        self._answers: deque[Answer] = deque()
        self._bytes = 0
        self._waiting: list[tuple[Callable[[Call], bool], asyncio.Future[Call]]] = []
        self.next = 1
        """The number of the next request."""

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def first(self) -> int:
        """The number of the oldest request that is still here; so many less one have left."""
        return self.next - len(self._entries)

    def record(
        self,
        method: str,
        host: str,
        path: str,
        query: str,
        headers: RawHeaders,
        body: bytes,
        answer: Answer,
        at: float,
        took: float,
    ) -> None:
        """Keep a request. `path` is decoded, `query` and `headers` are as they were received."""
        number = self.next
        entry = marshal.dumps((number, at, took, method, host, path, query, headers, body))
        self._entries.append(entry)
        self._answers.append(answer)
        self.next = number + 1
        self._bytes += _size(entry, answer)
        while len(self._entries) > self._max_entries or (
            self._bytes > self._max_bytes and len(self._entries) > 1
        ):
            self._bytes -= _size(self._entries.popleft(), self._answers.popleft())
        if self._waiting:
            call = _call(entry, answer)
            for matches, found in self._waiting:
                if not found.done() and matches(call):
                    found.set_result(call)

    def calls(self, since: int = 1) -> Iterator[Call]:
        """The requests from that number on, the oldest first."""
        start = max(0, since - self.first)
        entries = islice(self._entries, start, None)
        return map(_call, entries, islice(self._answers, start, None))

    async def wait(
        self, matches: Callable[[Call], bool], since: int, seconds: float
    ) -> Call | None:
        """The first request from that number on that matches, or None after so many seconds.

        Woken by the arrival of the request.
        """
        for call in self.calls(since):
            if matches(call):
                return call
        found: asyncio.Future[Call] = asyncio.get_running_loop().create_future()
        waiting = (matches, found)
        self._waiting.append(waiting)
        try:
            return await asyncio.wait_for(found, seconds)
        except TimeoutError:
            return None
        finally:
            self._waiting.remove(waiting)


def _size(entry: bytes, answer: Answer) -> int:
    own = 0 if answer.stub else len(answer.response.body)  # a stub's response is shared
    return len(entry) + _ENTRY_OVERHEAD + own


def _call(entry: bytes, answer: Answer) -> Call:
    number, at, took, method, host, path, query, raw_headers, body = marshal.loads(entry)
    headers = tuple(
        (name.decode(errors="surrogateescape"), value.decode(errors="surrogateescape"))
        for name, value in raw_headers
    )
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    request = HttpRequest(method, path, pairs, headers, body)
    return Call(number, at, took, host, request, answer.response, answer.stub)
