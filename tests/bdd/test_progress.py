"""What a person sees on a terminal while steps run: in a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import TextIO

import pytest

from harness.bdd.progress import LEAST, LiveLine, live_line, told
from harness.core.trace import StepTrace, Waiting
from tests.project import USUAL, Project, make_project

SLOW = """\
# Slow

## S

Given I note `x`

Soon I am let go

Then it fails
"""
OWN_STEP = """
from pathlib import Path

from behave import step, use_step_matcher

from harness.bdd.phrases import repeatable

use_step_matcher("phrase")


@step("I am let go")
@repeatable
def let_go(context):
    assert Path("go").exists(), "not yet"
"""
CLEAN = {"TERM": "xterm", "CI": "", "NO_COLOR": ""}


def screen(project: Project, *arguments: str) -> str:
    """Everything that the command writes to its terminal. The step is let go with the first line
    that is drawn."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.tools.cli", "run", "-f", "progress3", *arguments],
        cwd=project.folder,
        env={**os.environ, **USUAL, **CLEAN},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = ""
    for part in written(ours):
        seen += part
        if "\x1b8" in seen:
            (project.folder / "go").touch()
    process.wait()
    return seen


def written(ours: int) -> Iterator[str]:
    """What is written to a terminal until its other end is closed."""
    with suppress(OSError):  # so Linux tells of the end
        while part := os.read(ours, 4096):
            yield part.decode(errors="replace")
    os.close(ours)


def test_a_slow_step_is_told_below_what_is_printed_and_the_line_goes_away(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"s.feature.md": SLOW})
    project.write("steps/slow.py", OWN_STEP)
    seen = screen(project, "--retry-scale", "100")
    lines = re.findall(r"\x1bD\x1b\[A\x1b7\x1b\[B\r\x1b\[2K\x1b\[\?7l(.*?)\x1b\[\?7h\x1b8", seen)
    assert lines
    for line in lines:
        assert re.fullmatch(
            r"Slow: Soon I am let go · waits for this to hold, \d+ s of 1700 s left", line
        )
    before, after = seen.split("\x1bD", 1)
    assert before.endswith("  S  .")
    assert after.count("\x1b[J") == 1
    assert after.split("\x1b[J")[1].startswith(".F")
    assert "it was told to" in after


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({}, True),
        ({"CI": "true"}, False),
        ({"NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": ""}, False),
    ],
)
def test_there_is_a_line_where_a_person_looks_on(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], wanted: bool
) -> None:
    with terminal() as (stream, ours):
        monkeypatch.setattr(sys, "stderr", stream)
        with live_line({**CLEAN, **env}) as line:
            assert (line is not None) is wanted
    os.close(ours)
    monkeypatch.setattr(sys, "stderr", StringIO())
    with live_line(CLEAN) as line:
        assert line is None


def step(waiting: Waiting | None) -> SimpleNamespace:
    trace = StepTrace(1000.0, waiting=waiting)
    return SimpleNamespace(keyword="Soon", name="it holds", trace=trace)


def test_before_a_step_has_begun_only_its_title_is_told() -> None:
    told_ = told("F", SimpleNamespace(keyword="Given", name="I do", trace=None), 1, 80)
    assert told_ == "F: Given I do"


def test_the_line_tells_how_long_still() -> None:
    assert told("F", step(None), 1007, 80) == "F: Soon it holds · 7 s"
    waiting = Waiting("a request", 1001, 45)
    assert told("F", step(waiting), 1013, 80) == (
        "F: Soon it holds · waits for a request, 33 s of 45 s left"
    )
    assert told("F", step(waiting), 2000, 80).endswith("waits for a request, 0 s of 45 s left")


def test_titles_make_room_for_the_rest() -> None:
    waiting = Waiting("a request", 1001, 45)
    assert told("F" * 100, step(waiting), 1013, 70) == (
        "FFFFFFFFF…: Soon it holds · waits for a request, 33 s of 45 s left"
    )
    assert len(told("F" * 100, step(waiting), 1013, 1)) < 3 * LEAST + 50


@contextmanager
def terminal() -> Iterator[tuple[TextIO, int]]:
    ours, theirs = pty.openpty()
    with open(theirs, "w") as stream:
        yield stream, ours


def test_a_hidden_line_is_erased_once_and_not_drawn_again() -> None:
    with terminal() as (stream, ours):
        line = LiveLine(stream, seconds=0.01)
        asked = threading.Event()

        def text(columns: int) -> str:
            asked.set()
            return f"{columns} \x1b[31m"

        line.show(text)
        assert asked.wait(30)
        line.hide()
        line.hide()
        line.close()
    seen = "".join(written(ours))
    assert seen.count("\x1b[J") == 1
    assert seen.endswith("\x1b[J")
    assert "\\x1b[31m" in seen
    assert not [each for each in threading.enumerate() if each.name == "live-line"]
