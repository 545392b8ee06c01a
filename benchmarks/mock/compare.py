"""How many requests other mock servers answer, beside this one: one answer, and 10,000 stubs.

    npm install --prefix FOLDER wiremock mountebank @mockoon/cli
    python benchmarks/mock/compare.py --modules FOLDER/node_modules

Method: each server gets the same stubs in a file of its own kind (others.py says how it is set up);
before it is loaded it must give the same answer. The stub that is asked for is in the middle.
All are loaded by wrk with 32 connections, first to warm up, then in turns; a figure is the
median of the rounds, and its ratio the median of the ratios in each round. What is not installed is
left out, with a note. The folder may also be named by the environment variable NODE_MODULES.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from load import Load, load, missing
from others import OTHERS, OURS, running
from servers import Server, server


def measure(modules: Path, stubs: int, options: argparse.Namespace) -> list[dict[str, Load]]:
    """What each server did in each round, with so many stubs."""
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        if stubs == 1:
            servers["bare aiohttp handler"] = stack.enter_context(server("bare"))
        for other in OTHERS:
            if not other.missing(modules):
                folder = Path(stack.enter_context(TemporaryDirectory()))
                servers[other.name] = stack.enter_context(running(other, modules, folder, stubs))
        for each in servers.values() if options.warm_up else ():
            load(each, options.warm_up)
        return [
            {name: load(each, options.seconds) for name, each in servers.items()}
            for _ in range(options.rounds)
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = os.environ.get("NODE_MODULES", "node_modules")
    parser.add_argument("--modules", type=Path, default=default, help="where npm installed them")
    parser.add_argument("--stubs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each round")
    parser.add_argument("--warm-up", type=int, default=10, help="seconds before the rounds, or 0")
    options = parser.parse_args()
    if why := missing():
        print(f"skipped: {why}")
        return 0
    for other in OTHERS:
        why = other.missing(options.modules)
        told = f"left out: {why}" if why else f"{other.version(options.modules)}: {other.settings}"
        print(f"{other.name} {told}")
    for stubs in (1, options.stubs):
        loads = measure(options.modules, stubs, options)
        print(f"\n| stubs: {stubs:,} | requests/s | of {OURS.name} | p99 ms |\n|---|---|---|---|")
        for name in loads[0]:
            rate = median(each[name].rate for each in loads)
            ratio = median(each[name].rate / each[OURS.name].rate for each in loads)
            p99 = median(each[name].p99 for each in loads)
            print(f"| {name} | {rate:,.0f} | {ratio:.3f} | {p99 * 1000:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
