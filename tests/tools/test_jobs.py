"""Jobs side by side: a small program stands in for the command that each of them runs."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from harness.reports.results import FeatureResult, Results, to_json
from harness.tools import jobs
from harness.tools import run as run_command

Jobs = list["subprocess.Popen[bytes]"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """The processes that were started; all have ended when the test is over."""
    processes: Jobs = []
    start = jobs._start

    def noting(*arguments: object) -> subprocess.Popen[bytes]:
        processes.append(start(*arguments))  # type: ignore[arg-type]  # handed on as they come
        group = os.getpgid(processes[-1].pid)
        assert group == processes[-1].pid, "Ctrl-C on the terminal would reach it directly"
        return processes[-1]

    monkeypatch.setattr(jobs, "_start", noting)
    return processes


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Run this shell script as every job; `$n` is its number, `$results` where they belong."""
    program = folder / "job"
    program.write_text(
        "#!/bin/sh\n"
        "for a; do case $a in --shard=*) n=${a#*=}; n=${n%/*};; --results=*) results=${a#*=};;"
        " esac; done\n" + textwrap.dedent(script)
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(program))


def feature(number: int) -> FeatureResult:
    return FeatureResult(f"Größe {number}", "a.feature.md", "passed", ())


def test_results_are_put_together_and_output_stays_in_order(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    started: Jobs,
) -> None:
    for number in (1, 2, 3):
        results = to_json(Results((feature(number),)))
        (tmp_path / f"ready-{number}").write_bytes(results)
    stand_in(
        tmp_path,
        monkeypatch,
        f"""
        echo "$n: $*"
        printf 'problem \\377 of %s\\n' $n >&2
        cp {tmp_path}/ready-$n $results
        exit $((n == 2))
        """,
    )
    status, results = jobs.run(3, ["--tags", "not @slow", "features"])
    assert status == 1
    assert results == Results((feature(1), feature(2), feature(3)))
    lines = [line for line in capsys.readouterr().out.splitlines() if "/" not in line]
    assert [line.rstrip("─ ") for line in lines] == [
        text
        for number in (1, 2, 3)
        for text in (f"── job {number} of 3", f"problem \N{REPLACEMENT CHARACTER} of {number}")
    ]
    assert len(started) == 3


def test_every_job_gets_the_arguments_and_its_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(tmp_path, monkeypatch, 'for a; do echo "<$a>"; done')
    assert jobs.run(2, ["--name", "a b", "--shard=1/2"]) == (0, Results(()))
    out = capsys.readouterr().out
    expected = ["<-m>", "<harness.tools.cli>", "<run>", "<--name>", "<a b>", "<--shard=1/2>"]
    for number in (1, 2):
        assert "\n".join([*expected, f"<--shard={number}/2>"]) in out


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("exit 0", 0),
        ("exit 2", 2),
        ("[ $n = 1 ] || exit 2; exit 1", 2),
        ("[ $n = 1 ] && kill -9 $$; exit 0", 1),
    ],
)
def test_the_worst_status_counts_and_a_killed_job_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, status: int
) -> None:
    stand_in(tmp_path, monkeypatch, script)
    assert jobs.run(2, []) == (status, Results(()))


@pytest.mark.parametrize("ignores", [False, True])
def test_being_interrupted_ends_every_job_and_shows_what_there_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    started: Jobs,
    ignores: bool,
) -> None:
    # A job that ignores Ctrl-C is asked twice and then killed.
    monkeypatch.setattr(jobs, "GRACE", 0.05 if ignores else jobs.GRACE)
    fifo = tmp_path / "running"
    os.mkfifo(fifo)
    trap = "trap '' INT" if ignores else ""
    stand_in(tmp_path, monkeypatch, f"{trap}\necho job $n\necho x > {fifo}\nexec sleep 60")
    wait = subprocess.Popen.wait

    def interrupted(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        if timeout is None:
            fifo.read_text()  # until a job has got that far
            raise KeyboardInterrupt
        return wait(process, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    assert jobs.run(2, [])[0] == 1
    assert all(job.returncode is not None for job in started)
    assert len(started) == 2
    out = capsys.readouterr().out
    assert [f"── job {number} of 2 " in out for number in (1, 2)] == [True, True]


@pytest.mark.parametrize("option", [["-o", "x"], ["-ox"], ["--outfile", "x"], ["--outfile=x"]])
def test_one_file_for_all_jobs_is_refused(
    option: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    started: Jobs,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        run_command.main(["--jobs", "2", "--report", "reports", *option])
    assert ended.value.code == 2
    assert "--outfile would be written by every job" in capsys.readouterr().err
    assert started == []
