"""Whether the mock lasts: mixed load with faults, resets, and clients that vanish.

    python benchmarks/mock/soak.py [--seconds 600] [--seed 1]

Method: the mock and its clients are in one process and one loop.
Clients of eight kinds work side by side, and check each answer: plain ones, slow answers, damaged
answers, outages, clients that vanish in a request or in an answer, that do not read, that send
what is no HTTP. At the end nothing may be left of them: no task, no socket, and no more memory than
after the first tenth of the time but for some MiB. Each request that was answered must be in the
journal once, and no request twice. Exit status 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from random import Random

import psutil

from harness.core.http_text import HttpResponse
from mock_nrfcloud.faults import Damage, Drip, Fault, FixedDelay, LogNormalDelay
from mock_nrfcloud.journal import MemoryJournal
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.values import Outage, Stub

ITEMS = 50
KEPT = 20_000
"""How many requests the journal keeps: more than arrive between two looks at it."""
LOOK_SECONDS = 0.5
WORKERS = 3
"""Clients of each kind."""
MEBIBYTES = 24.0
"""What the process may grow after its first tenth: freed memory comes back in no fixed order."""
LARGE = bytes(4 * 1024 * 1024)


class Tally:
    """How often each number has occurred, in a byte for each: a leak must not be the soak's own."""

    def __init__(self) -> None:
        self._counts = bytearray()

    def add(self, number: int) -> None:
        missing = number + 1 - len(self._counts)
        if missing > 0:
            self._counts.extend(bytes(missing))
        self._counts[number] += 1

    def __getitem__(self, number: int) -> int:
        return self._counts[number] if number < len(self._counts) else 0

    def __iter__(self) -> Iterator[int]:
        """The numbers that have occurred."""
        return (number for number, times in enumerate(self._counts) if times)


@dataclass
class Soak:
    """A mock, what its clients have done, and what was wrong with it."""

    space: Space
    server: MockServer
    chance: Random
    until: float
    ids: count[int] = field(default_factory=lambda: count(1))
    answered: Tally = field(default_factory=Tally)
    recorded: Tally = field(default_factory=Tally)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    looked: int = 0

    def check(self, holds: bool, what: str) -> None:
        if not holds and len(self.wrong) < 20:
            self.wrong.append(what)

    def look(self) -> None:
        """Note which requests are in the journal."""
        for call in self.space.journal.calls(self.looked + 1):
            self.looked = call.number
            if number := call.request.header("X-Number"):
                self.recorded.add(int(number))


@dataclass
class Client:
    """One connection."""

    soak: Soak
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, target: str, method: str = "GET", part: float = 1.0) -> int:
        """Send (the first part of) a request; its number."""
        number = next(self.soak.ids)
        text = f"{method} {target} HTTP/1.1\r\nHost: h\r\nX-Number: {number}\r\n\r\n".encode()
        self.writer.write(text[: int(len(text) * part)])
        return number

    async def receive(self) -> tuple[int, bytes]:
        """Status and body of an answer. Raises OSError or EOFError for one that is not whole."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        return int(head.split(None, 2)[1]), await self.reader.readexactly(length)

    async def ask(self, target: str, method: str = "GET") -> tuple[int, bytes]:
        number = self.send(target, method)
        found = await self.receive()
        self.soak.answered.add(number)
        return found


@asynccontextmanager
async def connected(soak: Soak) -> AsyncIterator[Client]:
    port = int(soak.server.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(soak, reader, writer)
    finally:
        writer.transport.abort()


# --- what clients do -----------------------------------------------------------------------------


async def plain(soak: Soak) -> None:
    """Many requests on one connection."""
    async with connected(soak) as client:
        for _ in range(soak.chance.randint(1, 50)):
            item = soak.chance.randrange(ITEMS)
            found = await client.ask(f"/item/{item}")
            soak.check(found == (200, b"item %d" % item), f"item {item} is {found}")


async def slow(soak: Soak) -> None:
    """Answers that are late, and that drip in, arrive whole."""
    async with connected(soak) as client:
        for path in ("/late", "/drip"):
            found = await client.ask(path)
            soak.check(found == (200, b"whole"), f"{path} is {found}")


async def damaged(soak: Soak) -> None:
    """What is damaged is seen to be."""
    damage = soak.chance.choice([*Damage])
    async with connected(soak) as client:
        number = client.send(f"/damaged/{damage.name}")
        try:
            status, body = await client.receive()
        except (OSError, EOFError, ValueError):
            soak.check(damage is not Damage.MALFORMED_JSON, "malformed JSON did not arrive")
        else:
            found = (damage, status, body)
            soak.check(found == (Damage.MALFORMED_JSON, 200, b'{"a": 1,'), f"{found}")
        soak.answered.add(number)


async def refused(soak: Soak) -> None:
    """An outage is for as many requests as it says."""
    path = f"/item/{soak.chance.randrange(ITEMS)}"
    key = str(next(soak.ids))
    outage = Outage(2, HttpResponse(503), path=path, query=(("key", key),))
    soak.space.store.add_outage(outage)
    async with connected(soak) as client:
        statuses = [(await client.ask(f"{path}?key={key}"))[0] for _ in range(3)]
        soak.check(statuses == [503, 503, 200], f"an outage of two requests: {statuses}")


async def vanishing_before(soak: Soak) -> None:
    """The client leaves within its request."""
    async with connected(soak) as client:
        client.send("/item/1", part=soak.chance.random())
        await client.writer.drain()


async def vanishing_after(soak: Soak) -> None:
    """The client leaves within its answer."""
    async with connected(soak) as client:
        client.send(soak.chance.choice(["/item/1", "/late", "/drip", "/forever", "/large"]))
        await client.writer.drain()
        await asyncio.sleep(soak.chance.random() / 100)


async def deaf(soak: Soak) -> None:
    """The client does not read what it has asked for."""
    async with connected(soak) as client:
        for _ in range(5):
            client.send("/large")
        await asyncio.sleep(soak.chance.random() / 10)


async def babbling(soak: Soak) -> None:
    """What is sent is no HTTP."""
    async with connected(soak) as client:
        client.writer.write(soak.chance.randbytes(100) + b"\r\n\r\n")
        line = await client.reader.readline()
        soak.check(line in {b"", b"HTTP/1.0 400 Bad Request\r\n"}, f"babbling is answered {line!r}")


KINDS: tuple[Callable[[Soak], Awaitable[None]], ...] = (
    plain, slow, damaged, refused, vanishing_before, vanishing_after, deaf, babbling,
)  # fmt: skip


# --- the run -------------------------------------------------------------------------------------


async def work(soak: Soak, kind: Callable[[Soak], Awaitable[None]]) -> None:
    """Be a client of this kind again and again."""
    while True:
        try:
            await kind(soak)
        except (OSError, EOFError) as error:
            soak.check(kind is babbling, f"{kind.__name__}: {type(error).__name__} {error}")
        soak.done[kind.__name__] += 1
        if time.monotonic() > soak.until:
            return


async def look(soak: Soak) -> None:
    """Look at the journal before it forgets."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        soak.look()


def planted(soak: Soak) -> None:
    """The stubs that are asked for."""
    for number in range(ITEMS):
        add(soak, f"/item/{number}", b"item %d" % number)
    add(soak, "/late", b"whole", Fault(LogNormalDelay(3, 1)))
    add(soak, "/drip", b"whole", Fault(drip=Drip(5, 10)))
    add(soak, "/forever", b"", Fault(FixedDelay(600_000)))
    add(soak, "/large", LARGE)
    for damage in Damage:
        add(soak, f"/damaged/{damage.name}", b'{"a": 1}', Fault(damage=damage))


def add(soak: Soak, path: str, body: bytes, fault: Fault | None = None) -> None:
    stub = Stub("GET", path, HttpResponse(200, body=body), kind="kept", fault=fault)
    soak.space.store.add(stub)


def mebibytes() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 2**20


async def run(seconds: float, seed: int) -> Soak:
    """Soak a mock for so long."""
    space = Space(journal=MemoryJournal(max_entries=KEPT))
    server = MockServer(Spaces(lambda _: space, time.monotonic))
    await server.start()
    soak = Soak(space, server, Random(seed), time.monotonic() + seconds)
    planted(soak)
    tasks, sockets = asyncio.all_tasks(), psutil.Process().num_fds()
    looking = asyncio.create_task(look(soak))
    workers = [asyncio.create_task(work(soak, kind)) for kind in KINDS for _ in range(WORKERS)]
    await asyncio.wait(workers, timeout=seconds / 10)
    early = mebibytes()
    await asyncio.gather(*workers)
    looking.cancel()
    left = asyncio.all_tasks() - tasks
    _, stuck = await asyncio.wait(left, timeout=30)  # they see in a moment that nobody is there
    soak.check(not stuck, f"{len(stuck)} tasks are left: {[*stuck][:3]}")
    soak.check(not server.pauses, f"{len(server.pauses)} answers pause")
    more = psutil.Process().num_fds() - sockets
    soak.check(more <= 0, f"{more} sockets are left")
    grown = mebibytes() - early
    soak.check(grown < MEBIBYTES, f"it grew by {grown:.1f} MiB")
    soak.look()
    lost = [each for each in soak.answered if not soak.recorded[each]]
    soak.check(not lost, f"{len(lost)} answered requests are not in the journal: {lost[:5]}")
    twice = sum(soak.recorded[each] > 1 for each in soak.recorded)
    soak.check(not twice, f"{twice} requests are in the journal twice")
    print(f"{seconds:g} s, {soak.looked:,} requests, grown by {grown:.1f} MiB:", dict(soak.done))
    await server.stop()
    return soak


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    soak = asyncio.run(run(options.seconds, options.seed))
    for what in soak.wrong:
        print(f"wrong: {what}")
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
