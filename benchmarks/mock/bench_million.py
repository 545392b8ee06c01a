"""Whether the mock's memory stays flat over 1,000,000 requests, with either journal.

    python benchmarks/mock/bench_million.py [--requests N] [--seconds N]

Method: both servers are loaded in turns, in rounds of some seconds, until each has answered so many
requests; after each round the resident set of the process is looked at. The journal in memory
keeps 100,000 requests, so it grows until then; that in a file keeps all. Flat means: the most
in the second half of the requests is at most 1.05 of the most between 20 % and 50 % of them.
The rates are compared round by round; the figure is the median.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass, field
from statistics import median

from figures import Figure, report
from load import Load, load, missing
from servers import Server, server

FLAT = 1.05


@dataclass(slots=True)
class Watched:
    """A server under load, and its resident set in MiB after so many requests."""

    server: Server
    requests: int = 0
    resident: list[tuple[int, float]] = field(default_factory=list)

    def round(self, seconds: int) -> Load:
        shown = load(self.server, seconds)
        self.requests += shown.requests
        self.resident.append((self.requests, self.server.process.memory_info().rss / 2**20))
        return shown

    def most(self, start: float, end: float) -> float:
        """The largest resident set in a part of the run; a round belongs to where it ended. Not a
        number, which meets no target, if the run is too short to tell."""
        first, last = start * self.requests, end * self.requests
        sizes = (size for requests, size in self.resident if first <= requests <= last)
        return max(sizes, default=math.nan)

    @property
    def growth(self) -> float:
        return self.most(0.5, 1) / self.most(0.2, 0.5)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=3, help="of each round")
    options = parser.parse_args()
    if why := missing():
        print(f"skipped: {why}")
        return 0
    ratios = []
    with server("memory") as one, server("file") as other:
        memory, file = Watched(one), Watched(other)
        while min(memory.requests, file.requests) < options.requests:
            rate = memory.round(options.seconds).rate
            ratios.append(file.round(options.seconds).rate / rate)
    for name, watched in (("memory", memory), ("file", file)):
        sizes = ", ".join(f"{size:.1f}" for _, size in watched.resident)
        print(f"journal in {name}: {watched.requests:,} requests, MiB after each round: {sizes}")
    return report(
        [
            Figure("journal in memory: growth of the process", memory.growth, "<=", FLAT),
            Figure("journal in a file: growth of the process", file.growth, "<=", FLAT),
            Figure("rate: journal in a file / in memory", median(ratios), ">=", 0.5),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
