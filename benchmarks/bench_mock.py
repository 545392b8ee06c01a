"""How fast the mock answers, beside a bare aiohttp handler: ratios within one run.

    python benchmarks/bench_mock.py

Method: each server is a process of its own, and so is the client, which keeps 32 connections busy
with one GET after the other (wrk, where it is installed; else plain asyncio). The servers take
turns for several rounds, so that a busy machine slows all of them; a figure is the median of its
ratios in each round.
The bare server is an aiohttp application with one route and no journal, the mock has its journal.
Memory is the growth of a process's resident set over 100,000 recorded requests.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil

CONNECTIONS = 32
ROUNDS = 9
SECONDS = 1.0
STUBS = 100_000
REQUESTS = 100_000
BODY = json.dumps({"jobId": "bc631093-7f7c-4c1b-aa63-a68c759bcd5c", "status": "IN_PROGRESS"})
PATH = "/v1/fota-jobs/bc631093-7f7c-4c1b-aa63-a68c759bcd5c"


@dataclass(frozen=True, slots=True)
class Load:
    """What one round of load has shown: requests per second, and a latency in seconds."""

    rate: float
    p99: float


# --- the servers ---------------------------------------------------------------------------------


async def serve_bare() -> None:
    """An aiohttp application that gives one answer."""
    from aiohttp import web

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=BODY, content_type="application/json")

    application = web.Application()
    application.router.add_get(PATH, answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await until_stdin_closes(runner.addresses[0][1])
    await runner.cleanup()


async def serve_mock(stubs: int) -> None:
    """The mock with so many stubs, one of which is asked for."""
    from harness.core.http_text import HttpResponse
    from mock_nrfcloud.client import InProcessMock
    from mock_nrfcloud.values import Stub

    response = HttpResponse(200, "", (("Content-Type", "application/json"),), BODY.encode())
    mock = InProcessMock()
    await mock.start()
    for number in range(stubs - 1):
        await mock.add(Stub("GET", f"/v1/fota-jobs/{number}", response))
    await mock.add(Stub("GET", PATH, response))
    await until_stdin_closes(int(mock.url.rpartition(":")[2]))
    await mock.stop()


async def serve_file() -> None:
    """The mock with its admin API and its journal in a file."""
    from harness.core.http_text import HttpResponse
    from mock_nrfcloud.admin.dispatch import Dispatcher
    from mock_nrfcloud.journal_file import JournalFile
    from mock_nrfcloud.server import MockServer
    from mock_nrfcloud.space import Space
    from mock_nrfcloud.spaces import Spaces
    from mock_nrfcloud.values import Stub

    with TemporaryDirectory() as folder:
        file = JournalFile(Path(folder) / "requests.sqlite")
        spaces = Spaces(lambda name: Space(journal=file.journal(name)), perf_counter)
        server = MockServer(spaces, admin=Dispatcher(spaces, None))
        response = HttpResponse(200, "", (("Content-Type", "application/json"),), BODY.encode())
        spaces.root.store.add(Stub("GET", PATH, response))
        await server.start()
        await until_stdin_closes(int(server.url.rpartition(":")[2]))
        await server.stop()
        file.close()


async def until_stdin_closes(port: int) -> None:
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)


@contextmanager
def server(*arguments: str) -> Iterator[int]:
    """A server in a process of its own; its port."""
    command = [sys.executable, __file__, *arguments]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        yield int(process.stdout.readline())
        process.stdin.close()


# --- the client ----------------------------------------------------------------------------------


class Connection(asyncio.Protocol):
    """One request after the other, as soon as the answer is there."""

    def __init__(self, times: list[float]) -> None:
        self.request = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        self.times = times
        self.asked = 0.0
        self.transport: asyncio.Transport | None = None
        self.missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        assert self.transport
        self.asked = perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if not self.missing:
            head, _, body = data.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ")
            assert b"Content-Length: %d" % len(BODY) in head
            self.missing = len(BODY) - len(body)
        else:
            self.missing -= len(data)
        if not self.missing:
            self.times.append(perf_counter() - self.asked)
            self.ask()


async def ask(port: int) -> None:
    """Keep the connections busy; prints what `load` reads."""
    times: list[float] = []
    loop = asyncio.get_running_loop()
    connect = (
        loop.create_connection(lambda: Connection(times), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    )
    connections = await asyncio.gather(*connect)
    await asyncio.sleep(SECONDS)
    for transport, _ in connections:
        transport.abort()
    ordered = sorted(times)
    print(len(times) / SECONDS, ordered[int(len(ordered) * 0.99)])


def load(port: int) -> Load:
    """A round of load."""
    if shutil.which("wrk"):
        url = f"http://127.0.0.1:{port}{PATH}"
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS:g}s", "--latency", url]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        (rate,) = re.findall(r"Requests/sec:\s+([\d.]+)", text)
        ((p99, unit),) = re.findall(r"99%\s+([\d.]+)(us|ms|s)", text)
        return Load(float(rate), float(p99) * {"us": 1e-6, "ms": 1e-3, "s": 1.0}[unit])
    command = [sys.executable, __file__, "ask", str(port)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate, p99 = map(float, output.split())
    return Load(rate, p99)


# --- the figures ---------------------------------------------------------------------------------


def loads() -> list[dict[str, Load]]:
    """What each server did in each round."""
    kinds = {
        "bare": ("bare",),
        "mock": ("mock", "1"),
        "full": ("mock", str(STUBS)),
        "file": ("file",),
    }
    with ExitStack() as stack:
        ports = {kind: stack.enter_context(server(*kinds[kind])) for kind in kinds}
        return [{kind: load(port) for kind, port in ports.items()} for _ in range(ROUNDS)]


def start_up(*arguments: str) -> float:
    """Seconds from the start of a server's process to its port."""
    started = perf_counter()
    with server(*arguments):
        return perf_counter() - started


def journal_mebibytes() -> float:
    """What 100,000 recorded requests take."""
    output = subprocess.run(
        [sys.executable, __file__, "journal"], capture_output=True, text=True, check=True
    ).stdout
    return float(output)


def fill_journal() -> None:
    from harness.core.http_text import HttpResponse
    from mock_nrfcloud.journal import MemoryJournal, Seen
    from mock_nrfcloud.routes import Answer

    answer = Answer("1", HttpResponse(200, body=BODY.encode()))
    headers = ((b"Host", b"localhost"), (b"Authorization", b"Bearer " + b"x" * 40))
    journal = MemoryJournal()
    process = psutil.Process()
    before = process.memory_info().rss
    for number in range(REQUESTS):
        at = 1e9 + number
        seen = Seen(at, 1e-4, "GET", "api.nrfcloud.com", PATH, "", headers, b"")
        journal.record(seen, answer)
    assert len(journal) == REQUESTS
    print((process.memory_info().rss - before) / 2**20)


def main() -> int:
    rounds = loads()
    for kind in rounds[0]:
        rate = median(each[kind].rate for each in rounds)
        p99 = median(each[kind].p99 for each in rounds)
        print(f"{kind:5} {rate:8,.0f} requests/s, p99 {p99 * 1000:.2f} ms")
    rate = median(each["mock"].rate / each["bare"].rate for each in rounds)
    p99 = median(each["mock"].p99 / each["bare"].p99 for each in rounds)
    full = median(each["mock"].rate / each["full"].rate for each in rounds)
    file = median(each["file"].rate / each["mock"].rate for each in rounds)
    cold = median(start_up("mock", "1") / start_up("bare") for _ in range(ROUNDS))
    rows = [
        ("rate: mock with journal / bare", rate, ">=", 1.0),
        ("p99: mock with journal / bare", p99, "<=", 1.5),
        (f"1 -> {STUBS:,} stubs: times slower", full, "<=", 1.15),
        ("rate: journal in a file / in memory", file, ">=", 0.5),
        ("cold start: mock / bare", cold, "<=", 1.3),
        ("journal, MiB per 100,000 requests", journal_mebibytes(), "<=", 30.0),
    ]
    missed = 0
    print(f"\n{'what':36} {'ratio':>7} {'target':>8}  ok")
    for what, ratio, relation, target in rows:
        ok = ratio >= target if relation == ">=" else ratio <= target
        missed += not ok
        print(f"{what:36} {ratio:7.2f} {relation} {target:5.2f}  {'yes' if ok else 'NO'}")
    return 1 if missed else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            sys.exit(main())
        case ["bare"]:
            asyncio.run(serve_bare())
        case ["mock", stubs]:
            asyncio.run(serve_mock(int(stubs)))
        case ["file"]:
            asyncio.run(serve_file())
        case ["ask", port]:
            asyncio.run(ask(int(port)))
        case ["journal"]:
            fill_journal()
        case _:
            sys.exit(__doc__)
