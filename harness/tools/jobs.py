"""Parallel jobs: the same command once for each part of the suite, every job a process.

Features that need each other stay together, and each job has a mock and a service of its own, so
jobs share nothing. What a job prints is shown in one piece when it has ended.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from harness.interrupts import like_ctrl_c
from harness.reports.results import Results, from_json, merge

GRACE = 15.0
"""Seconds that a job gets to stop after Ctrl-C, before it is killed."""


def run(count: int, arguments: Sequence[str]) -> tuple[int, Results]:
    """Run `nrfcloud-bdd run` in `count` processes; the worst exit status and all results."""
    with tempfile.TemporaryDirectory(prefix="nrfcloud-bdd-") as folder:
        jobs: list[subprocess.Popen[bytes]] = []
        shown = 0
        with like_ctrl_c():
            try:
                jobs.extend(_start(Path(folder), n, count, arguments) for n in range(1, count + 1))
                for shown, job in enumerate(jobs, 1):
                    job.wait()
                    _show(Path(folder), shown, count)
            except KeyboardInterrupt:
                _interrupt(jobs)
                for index in range(shown or 1, len(jobs) + 1):
                    _show(Path(folder), index, count)
        written = [Path(folder) / f"{index}.json" for index in range(1, count + 1)]
        results = merge(from_json(path.read_bytes()) for path in written if path.is_file())
    return max(job.returncode if job.returncode >= 0 else 1 for job in jobs), results


def _start(
    folder: Path, index: int, count: int, arguments: Sequence[str]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "harness.tools.cli", "run", *arguments]
    command += [f"--shard={index}/{count}", f"--results={folder / f'{index}.json'}"]
    with (folder / f"{index}.out").open("wb") as output:
        # In a group of its own: Ctrl-C reaches only this process, which passes it on.
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )


def _show(folder: Path, index: int, count: int) -> None:
    print(f"── job {index} of {count} " + "─" * 40)
    sys.stdout.write((folder / f"{index}.out").read_text(errors="replace"))
    sys.stdout.flush()


def _interrupt(jobs: Sequence[subprocess.Popen[bytes]]) -> None:
    """Let the jobs stop; being interrupted again, they stop the hard way."""
    for number in (signal.SIGINT, signal.SIGINT, signal.SIGKILL):
        for job in jobs:
            job.send_signal(number)
        with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
            for job in jobs:
                job.wait(GRACE)
            return
