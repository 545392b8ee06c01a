"""The mock's benchmarks run, for a moment: what they measure then means nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MOCK = Path(__file__).resolve().parent.parent / "benchmarks" / "mock"


@pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")
@pytest.mark.parametrize(
    ("script", "options", "told"),
    [
        (
            "bench_targets.py",
            ["--rounds=1", "--seconds=1", "--stubs=10"],
            "cold start: mock / bare",
        ),
        ("bench_million.py", ["--requests=1", "--seconds=1"], "journal in a file: growth"),
        (
            "compare.py",
            ["--modules=none", "--stubs=10", "--rounds=1", "--seconds=1", "--warm-up=0"],
            "| nrfcloud-bdd | ",
        ),
    ],
)
def test_a_benchmark_of_the_mock_runs(script: str, options: list[str], told: str) -> None:
    command = [sys.executable, str(MOCK / script), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert not done.stderr
    assert told in done.stdout
    assert done.returncode in (0, 1)  # 1: a target is missed


def test_the_benchmark_of_the_fota_twin_runs() -> None:
    command = [sys.executable, str(MOCK.parent / "bench_twin.py"), "--devices=60"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "a job of 60 devices" in done.stdout
    assert not done.stderr
    assert done.returncode in (0, 1)  # 1: a target is missed


def test_the_mock_lasts() -> None:
    command = [sys.executable, str(MOCK / "soak.py"), "--seconds=5"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_without_a_load_generator_a_benchmark_says_what_to_install(tmp_path: Path) -> None:
    command = [sys.executable, str(MOCK / "bench_targets.py")]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(tmp_path)})
    assert done.stdout == "skipped: wrk is not installed (Debian's package wrk)\n"
    assert done.returncode == 0
