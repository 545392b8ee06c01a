"""Load by wrk: 32 connections, each with one GET after the other; and what it has shown."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from dataclasses import dataclass

from servers import PATH, Server

CONNECTIONS = 32
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Load:
    """What a round has shown: how many requests in all and per second, the 99th percentile of
    their latency in seconds, and the server's processor time for each in seconds."""

    requests: int
    rate: float
    p99: float
    processor: float


def missing() -> str:
    """Why there can be no load; "" if there can."""
    return "" if shutil.which("wrk") else "wrk is not installed (Debian's package wrk)"


def load(server: Server, seconds: int) -> Load:
    """A round of so many seconds (wrk knows whole ones only). Raises RuntimeError if an answer
    was no success, or did not come."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += ["--timeout", "30s", server.url + PATH]
    before = _processor(server)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    (requests,) = re.findall(r"(\d+) requests in", done.stdout)
    (rate,) = re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)
    ((p99, unit),) = re.findall(r"99%\s+([\d.]+)(us|ms|s|m)", done.stdout)
    used = _processor(server) - before
    count = int(requests)
    if not count:  # slower than the round is long
        return Load(0, 0.0, math.inf, math.inf)
    return Load(count, float(rate), float(p99) * _SECONDS[unit], used / count)


def _processor(server: Server) -> float:
    times = server.process.cpu_times()
    return float(times.user + times.system)
