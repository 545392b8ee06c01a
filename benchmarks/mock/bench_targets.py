"""How fast the mock answers, beside a bare aiohttp handler: ratios within one run.

    python benchmarks/mock/bench_targets.py [--rounds N] [--seconds N] [--stubs N]

Method: each server is a process of its own (servers.py), and wrk is the client (load.py). The
servers take turns for several rounds, so that a busy machine slows all of them; a figure is the
median of its ratios in each round. The processor time of a server for a request depends less on
what else the machine does than the rate. Both sides run on asyncio; with uvloop, where that is
installed, both are measured again. Memory is the growth of a process's resident set over 100,000
recorded requests. A cold start is the real command's, from its start to its address.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from statistics import median
from time import perf_counter

import psutil
from figures import Figure, report
from load import Load, load, missing
from servers import BODY, PATH, server, server_command

RECORDED = 100_000


def measure(rounds: int, seconds: int, stubs: int) -> list[dict[str, Load]]:
    """What each server did in each round."""
    kinds: dict[str, tuple[str, int, str]] = {
        "bare": ("bare", 1, "asyncio"),
        "memory": ("memory", 1, "asyncio"),
        "full": ("memory", stubs, "asyncio"),
        "file": ("file", 1, "asyncio"),
    }
    if find_spec("uvloop"):
        kinds["bare, uvloop"] = ("bare", 1, "uvloop")
        kinds["memory, uvloop"] = ("memory", 1, "uvloop")
    with ExitStack() as stack:
        servers = {name: stack.enter_context(server(*kind)) for name, kind in kinds.items()}
        return [
            {name: load(each, seconds) for name, each in servers.items()} for _ in range(rounds)
        ]


def figures(loads: list[dict[str, Load]], stubs: int) -> Iterator[Figure]:
    """What the rounds have shown."""

    def ratio(figure: str, one: str, other: str) -> float:
        ratios = [getattr(each[one], figure) / getattr(each[other], figure) for each in loads]
        return float(median(ratios))

    yield Figure("rate: mock with journal / bare", ratio("rate", "memory", "bare"), ">=", 1.0)
    yield Figure("p99: mock with journal / bare", ratio("p99", "memory", "bare"), "<=", 1.5)
    yield Figure("processor time: mock / bare", ratio("processor", "memory", "bare"))
    slower = ratio("rate", "memory", "full")
    yield Figure(f"1 -> {stubs:,} stubs: times slower", slower, "<=", 1.15)
    yield Figure("rate: journal in a file / in memory", ratio("rate", "file", "memory"), ">=", 0.5)
    if "memory, uvloop" in loads[0]:
        both = ratio("rate", "memory, uvloop", "bare, uvloop")
        yield Figure("rate: mock / bare, both on uvloop", both, ">=", 1.0)
        yield Figure("rate: mock on uvloop / asyncio", ratio("rate", "memory, uvloop", "memory"))


def cold_start(command: list[str]) -> float:
    """Seconds from the start of a server's process to its address."""
    started = perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdout
        assert process.stdout.readline()
        took = perf_counter() - started
        process.terminate()
        return took


def cold_starts(rounds: int) -> float:
    """The real command beside the bare server."""
    mock = [sys.executable, "-m", "mock_nrfcloud", "--port", "0"]
    bare = server_command("bare")
    return median(cold_start(mock) / cold_start(bare) for _ in range(rounds))


def journal_mebibytes() -> float:
    """What 100,000 recorded requests take in a process of their own."""
    command = [sys.executable, __file__, "journal"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def fill_journal() -> None:
    from harness.core.http_text import HttpResponse
    from mock_nrfcloud.journal import MemoryJournal, Seen
    from mock_nrfcloud.routes import Answer

    answer = Answer("1", HttpResponse(200, body=BODY.encode()))
    headers = ((b"Host", b"localhost"), (b"Authorization", b"Bearer " + b"x" * 40))
    journal = MemoryJournal()
    process = psutil.Process()
    before = process.memory_info().rss
    for number in range(RECORDED):
        at = 1e9 + number
        seen = Seen(at, 1e-4, "GET", "api.nrfcloud.com", PATH, "", headers, b"")
        journal.record(seen, answer)
    assert len(journal) == RECORDED
    print((process.memory_info().rss - before) / 2**20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=1, help="of each round")
    parser.add_argument("--stubs", type=int, default=100_000)
    options = parser.parse_args()
    if why := missing():
        print(f"skipped: {why}")
        return 0
    loads = measure(options.rounds, options.seconds, options.stubs)
    for name in loads[0]:
        rate, p99, processor = (
            median(getattr(each[name], figure) for each in loads)
            for figure in ("rate", "p99", "processor")
        )
        print(
            f"{name:14} {rate:8,.0f} requests/s, p99 {p99 * 1000:5.2f} ms,"
            f" processor time {processor * 1e6:3.0f} µs"
        )
    return report(
        [
            *figures(loads, options.stubs),
            Figure("cold start: mock / bare", cold_starts(options.rounds), "<=", 1.3),
            Figure("journal, MiB per 100,000 requests", journal_mebibytes(), "<=", 30.0),
        ]
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["journal"]:
        fill_journal()
    else:
        sys.exit(main())
