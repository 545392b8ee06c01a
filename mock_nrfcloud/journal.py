"""The requests that a mock has seen, and waiting for one that is still to come.

In memory an entry is one bytes object, which the garbage collector need not look into (nested
tuples make its pauses, and so the slowest answers, ten times as long), and a reference to the
answer, which all requests that one stub answered share. Bounded: the oldest entries leave first,
and are counted.

Belongs to one asyncio loop. Reads no clock: times are given to it.
"""

from __future__ import annotations

import asyncio
import marshal
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple, Protocol
from urllib.parse import parse_qsl

from harness.core.http_text import HttpRequest
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.values import Call

RawHeaders = tuple[tuple[bytes, bytes], ...]

MAX_ENTRIES: Final = 100_000
MAX_BYTES: Final = 64 * 1024 * 1024
_ENTRY_OVERHEAD: Final = 64  # a bytes object's own size, and the places in two deques


SLICE: Final = 500
"""How many entries are looked through before others get their turn."""


class Seen(NamedTuple):
    """A request as it was received: `path` is decoded, `query` and `headers` are not.

    `at` is the time of day in seconds since 1970, `took` how long the answer took in seconds.
    """

    at: float
    took: float
    method: str
    host: str
    path: str
    query: str
    headers: RawHeaders
    body: bytes


class JournalError(Exception):
    """A request could not be recorded; the text says why."""


class Batch:
    """Requests that are written together; an answer waits until its request is."""

    def __init__(self) -> None:
        self.written = asyncio.Event()
        self.error = ""

    async def done(self) -> None:
        """Wait until they are written. Raises JournalError if they could not be."""
        await self.written.wait()
        if self.error:
            raise JournalError(self.error)


class Waits:
    """Who waits for a request that is still to come, and who watches for any change."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[Call], bool], asyncio.Future[Call]]] = []
        self.watching: set[asyncio.Event] = set()

    def end(self) -> None:
        """Nothing arrives any more: all waits run out of time now."""
        for _, found in self.waiting:
            if not found.done():
                found.set_exception(TimeoutError())
        self.wake()

    def wake(self) -> None:
        """Something has changed."""
        for each in self.watching:
            each.set()

    async def watch(self, seconds: float) -> None:
        """Wait until something changes, at most so long."""
        changed = asyncio.Event()
        self.watching.add(changed)
        try:
            async with asyncio.timeout(seconds):
                await changed.wait()
        except TimeoutError:
            pass
        finally:
            self.watching.remove(changed)

    def tell(self, call: Call) -> None:
        """A request has arrived."""
        for matches, found in self.waiting:
            if not found.done() and matches(call):
                found.set_result(call)


class Journal(Protocol):
    """The requests seen, numbered from 1."""

    waits: Waits
    next: int
    """The number of the next request."""

    @property
    def first(self) -> int:
        """The number of the oldest request that is still here; so many less one have left."""

    @property
    def size(self) -> int:
        """How many bytes it takes in memory."""

    def record(self, seen: Seen, answer: Answer) -> None:
        """Keep a request; its answer may be sent when the `batch` is done. Raises JournalError."""

    @property
    def batch(self) -> Batch | None:
        """What is being written; None if all is."""

    def calls(self, since: int = 1, until: int | None = None) -> Iterator[Call]:
        """The requests from one number up to (but not with) another, the oldest first."""

    def clear(self) -> None:
        """Forget the requests; their numbers are not used again."""

    def close(self) -> None:
        """Let go of what it holds."""


async def walk(
    journal: Journal, since: int, until: int | None = None, *, newest_first: bool = False
) -> AsyncIterator[Call]:
    """The requests from one number up to (but not with) another, at most the newest one now.

    While it looks through many, others get their turn.
    """
    start = max(since, journal.first)
    end = journal.next if until is None else min(until, journal.next)
    starts = range(start, end, SLICE)
    for number in reversed(starts) if newest_first else starts:
        calls = list(journal.calls(number, min(number + SLICE, end)))
        for call in reversed(calls) if newest_first else calls:
            yield call
        if end - start > SLICE:
            await asyncio.sleep(0)


async def wait(
    journal: Journal, matches: Callable[[Call], bool], since: int, seconds: float
) -> Call | None:
    """The first request from that number on that matches, or None after so many seconds.

    Woken by the arrival of the request.
    """
    found: asyncio.Future[Call] = asyncio.get_running_loop().create_future()
    entry = (matches, found)
    journal.waits.waiting.append(entry)  # before the search, during which requests may arrive
    try:
        async for call in walk(journal, since):
            if matches(call):
                return call
        return await asyncio.wait_for(found, seconds)
    except TimeoutError:
        return None
    finally:
        journal.waits.waiting.remove(entry)


class MemoryJournal:
    """The journal in memory."""

    batch: Final = None

    def __init__(self, *, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._entries: deque[bytes] = deque()
        self._answers: deque[Answer] = deque()
        self._uses: dict[int, int] = {}  # of each answer, by its identity: a stub's is shared
        self.waits = Waits()
        self.size = 0
        self.next = 1

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def first(self) -> int:
        return self.next - len(self._entries)

    def record(self, seen: Seen, answer: Answer) -> None:
        number = self.next
        entry = marshal.dumps((number, *seen))
        self._entries.append(entry)
        self._answers.append(answer)
        self.next = number + 1
        self.size += len(entry) + _ENTRY_OVERHEAD
        uses = self._uses.get(id(answer), 0)
        self._uses[id(answer)] = uses + 1
        if not uses:
            self.size += answer.size
        while len(self._entries) > self._max_entries or (
            self.size > self._max_bytes and len(self._entries) > 1
        ):
            self._drop_oldest()
        if self.waits.watching:
            self.waits.wake()
        if self.waits.waiting:
            self.waits.tell(_call(entry, answer))

    def calls(self, since: int = 1, until: int | None = None) -> Iterator[Call]:
        start = max(0, since - self.first)
        end = None if until is None else max(0, until - self.first)
        entries = islice(self._entries, start, end)
        return map(_call, entries, islice(self._answers, start, end))

    def clear(self) -> None:
        self._entries.clear()
        self._answers.clear()
        self._uses.clear()
        self.size = 0

    def close(self) -> None:
        self.clear()

    def _drop_oldest(self) -> None:
        answer = self._answers.popleft()
        self.size -= len(self._entries.popleft()) + _ENTRY_OVERHEAD
        uses = self._uses.pop(id(answer)) - 1
        if uses:
            self._uses[id(answer)] = uses
        else:
            self.size -= answer.size


def _call(entry: bytes, answer: Answer) -> Call:
    number, at, took, method, host, path, query, raw_headers, body = marshal.loads(entry)
    headers = tuple(
        (name.decode(errors="surrogateescape"), value.decode(errors="surrogateescape"))
        for name, value in raw_headers
    )
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    request = HttpRequest(method, path, pairs, headers, body)
    fault = "" if answer.fault is None else str(answer.fault)
    answered = (answer.response, answer.stub, fault, answer.problems)
    return Call(number, at, took, host, request, *answered)
