"""How quickly a step that waits for a call of the mock is woken, beside the bare delivery.

    python benchmarks/bench_called.py

Method: a peer in a process of its own is told to send a request, waits 5 ms (until the other end
surely waits) and sends it, noting the time. Bare: an aiohttp handler that takes the time
at once. Step: a synchronous caller in the main thread, `Calls.check_called`, from the order to
its return. Both take turns; a figure is the median.
Exit status 1 if the target is missed.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter_ns

from aiohttp import web

from harness.capabilities.calls import Calls
from harness.capabilities.nrfcloud import NrfCloud
from harness.core.http_text import HttpRequest, HttpResponse
from harness.core.ids import StoryIds
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from mock_nrfcloud.client import InProcessMock

ROUNDS = 5
REQUESTS = 200
TARGET_MS = 0.3


def peer(port: int) -> None:
    """Send a request for each line read; tell when it was sent."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for path in sys.stdin:
            time.sleep(0.005)
            sent = perf_counter_ns()
            connection.sendall(f"GET {path.strip()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            connection.recv(65_536)
            print(sent, flush=True)


@contextmanager
def sender(port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, __file__, "peer", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def times(port: int, arrival: Callable[[str], int]) -> list[float]:
    """Milliseconds from sending to what `arrival` gives, for each request."""
    took = []
    with sender(port) as process:
        assert process.stdin
        assert process.stdout
        for number in range(REQUESTS):
            path = f"/v1/fota-jobs/{number}"
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            arrived = arrival(path)
            took.append((arrived - int(process.stdout.readline())) / 1e6)
    return took


def bare(loop: LoopThread) -> list[float]:
    """A handler alone, in the same kind of loop; it is asked for its times afterwards."""
    arrivals: list[int] = []

    async def answer(_: web.Request) -> web.Response:
        arrivals.append(perf_counter_ns())
        return web.Response(text="{}")

    async def start() -> web.AppRunner:
        application = web.Application()
        application.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    def arrival(_: str) -> int:
        while not arrivals:
            time.sleep(0.001)  # the time is taken already, in the handler
        return arrivals.pop()

    runner = loop.call(start())
    try:
        return times(runner.addresses[0][1], arrival)
    finally:
        loop.call(runner.cleanup())


def step(loop: LoopThread) -> list[float]:
    """A waiting step of a feature that begins now."""
    mock = InProcessMock()
    loop.call(mock.start())
    ids = StoryIds(())
    cloud = NrfCloud(loop, mock, ids, lambda: "", Redactor)
    calls = Calls(loop, mock, Budgets(), {}, ids, Redactor)

    def arrival(path: str) -> int:
        loop.call(mock.begin([]))
        cloud.queue(f"GET {path}", HttpResponse(200, body=b"{}"))
        calls.check_called(HttpRequest("GET", path))
        return perf_counter_ns()

    try:
        return times(int(mock.url.rpartition(":")[2]), arrival)
    finally:
        loop.call(mock.stop())


def main() -> int:
    delivery: list[float] = []
    woken: list[float] = []
    with LoopThread() as loop:
        for _ in range(ROUNDS):
            delivery += bare(loop)
            woken += step(loop)
    print(f"bare delivery {median(delivery):.3f} ms, waiting step {median(woken):.3f} ms")
    over = median(woken) - median(delivery)
    ok = over <= TARGET_MS
    print(f"\n{'what':40} {'ms':>7} {'target':>8}  ok")
    what = "step woken by a call, over delivery"
    print(f"{what:40} {over:7.3f} <= {TARGET_MS:5.2f}  {'yes' if ok else 'NO'}")
    return 0 if ok else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            sys.exit(main())
        case ["peer", port]:
            peer(int(port))
        case _:
            sys.exit(__doc__)
