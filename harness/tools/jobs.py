"""Parallel jobs: the same command once for each part of the suite, every job a process.

Features that need each other stay together, and each job has a mock and a service of its own, so
jobs share nothing. What a job prints is shown in one piece when it has ended.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from harness.reports.results import Results, from_json, merge

GRACE = 15.0
"""Seconds that jobs get to stop after Ctrl-C, before they are killed."""


def run(count: int, arguments: Sequence[str]) -> tuple[int, Results]:
    """Run `nrfcloud-bdd run` in `count` processes; the worst exit status and all results."""
    with tempfile.TemporaryDirectory(prefix="nrfcloud-bdd-") as folder:
        jobs = [_start(Path(folder), index, count, arguments) for index in range(1, count + 1)]
        try:
            for index, job in enumerate(jobs, 1):
                job.wait()
                print(f"── job {index} of {count} " + "─" * 40)
                _show(Path(folder) / f"{index}.out")
        except KeyboardInterrupt:
            # The terminal has sent the signal to the jobs too: they are stopping by themselves.
            for job in jobs:
                _stop(job)
            raise
        written = [Path(folder) / f"{index}.json" for index in range(1, count + 1)]
        results = merge(from_json(path.read_text()) for path in written if path.is_file())
    print(results.counts())
    return max(job.returncode if job.returncode >= 0 else 1 for job in jobs), results


def _start(
    folder: Path, index: int, count: int, arguments: Sequence[str]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "harness.tools.cli", "run", *arguments]
    command += [f"--shard={index}/{count}", f"--results={folder / f'{index}.json'}"]
    with (folder / f"{index}.out").open("wb") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )


def _show(path: Path) -> None:
    sys.stdout.write(path.read_text(errors="replace"))
    sys.stdout.flush()


def _stop(job: subprocess.Popen[bytes]) -> None:
    try:
        job.wait(GRACE)
    except subprocess.TimeoutExpired:
        job.kill()
        job.wait()
