"""Ctrl-C and SIGTERM, at every stage of a run: it ends soon, says so, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.bad_input.live import COMMANDS, PATIENCE, Live, live, steps, troubled_project
from tests.project import Done

WAITING = steps("W", "Given I tell the test `waits`", "Given I wait for 60 seconds")
RETRYING = steps(
    "R",
    "When I `GET` `${APIURL}/again` retrying 10 times",
    'Then `status` of the last response should match\n\n```json\n"done"\n```',
)
ASKING = steps("A", "When I `GET` `${APIURL}/slow`")
FOR_A_MESSAGE = steps(
    "M",
    "Given I connect to the websocket at `${webSocketURI}/quiet`",
    "Soon I should receive a message on the websocket that matches\n\n```json\n{}\n```",
)
FOR_A_CALL = steps(
    "C",
    "Given I tell the test `waits`",
    "Then the nRF Cloud API should have been called with\n\n```\nGET /v1/devices\n```",
)
LONG = ("-D", "retry_scale=10")


def ended_cleanly(run: Live) -> Done:
    """The run ends as one that was stopped, without a traceback, and so do all its processes."""
    try:
        done = run.done(PATIENCE / 2)
    except subprocess.TimeoutExpired:
        # Python drops what a signal raises within a destructor; a person presses Ctrl-C again.
        run.interrupt()
        done = run.done()
    assert done.status == 1, done.text
    assert "ABORTED: By user." in done.out
    assert "Traceback" not in done.text, done.text
    assert "AttributeError" not in done.text
    assert run.family() == []
    return done


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_waiting_step(tmp_path: Path, command: str, number: signal.Signals) -> None:
    after = steps("X", "Given I note `after`")
    project = troubled_project(tmp_path, {"w.feature.md": WAITING, "x.feature.md": after})
    with live(project, *COMMANDS[command]) as run:
        run.wait_for("waits")
        assert run.family(), "there is a service to be left behind"
        run.interrupt(number)
        done = ended_cleanly(run)
    assert "features/w.feature.md:3" in done.out
    assert not (tmp_path / "noted.txt").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_start_of_the_service(tmp_path: Path, number: signal.Signals) -> None:
    project = troubled_project(tmp_path, {"w.feature.md": WAITING}, "never-listens")
    with live(project, *COMMANDS["run"]) as run:
        run.wait_for("started")
        run.interrupt(number)
        ended_cleanly(run)


@pytest.mark.parametrize(
    ("text", "news"),
    [(RETRYING, "asked"), (ASKING, "asked"), (FOR_A_MESSAGE, "opened"), (FOR_A_CALL, "waits")],
    ids=["retry", "answer", "message", "call"],
)
def test_what_waits_for_others(tmp_path: Path, text: str, news: str) -> None:
    project = troubled_project(tmp_path, {"f.feature.md": text})
    with live(project, *COMMANDS["run"], *LONG) as run:
        run.wait_for(news)
        run.interrupt()
        ended_cleanly(run)


def test_twice_ends_a_service_that_ignores_the_first(tmp_path: Path) -> None:
    project = troubled_project(tmp_path, {"w.feature.md": WAITING}, "stubborn")
    with live(project, *COMMANDS["run"]) as run:
        run.wait_for("waits")
        run.interrupt()
        run.wait_for("told to stop")
        run.interrupt()
        ended_cleanly(run)


def test_a_service_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    project = troubled_project(
        tmp_path, {"f.feature.md": steps("F", "Given I note `x`")}, "stubborn"
    )
    with live(project, *COMMANDS["run"]) as run:
        assert run.done().status == 0
        assert run.family() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_jobs(tmp_path: Path, number: signal.Signals) -> None:
    """Told once, the command passes it on: its jobs end in good order and their results count."""
    other = WAITING.replace("# W", "# V")
    project = troubled_project(tmp_path, {"v.feature.md": other, "w.feature.md": WAITING})
    with live(project, *COMMANDS["run"], "--jobs", "2", "--report", "out") as run:
        run.wait_for("waits")
        run.wait_for("waits")
        run.interrupt(number)
        done = ended_cleanly(run)
    assert done.out.count("ABORTED: By user.") == 2
    assert "2 failed" in done.out.splitlines()[-1]
    assert (tmp_path / "out/summary.md").exists()


def test_jobs_twice(tmp_path: Path) -> None:
    project = troubled_project(tmp_path, {"w.feature.md": WAITING}, "stubborn")
    with live(project, *COMMANDS["run"], "--jobs", "2") as run:
        run.wait_for("waits")
        run.interrupt()
        run.wait_for("told to stop")
        run.interrupt()
        ended_cleanly(run)


def test_before_anything_runs(tmp_path: Path) -> None:
    """While a step file is loaded there is nothing yet to stop, and still no traceback."""
    project = troubled_project(tmp_path, {"w.feature.md": WAITING})
    project.write(
        "steps/slow.py",
        """
        import os, socket, time
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"loading", ("127.0.0.1", int(os.environ["NEWS"])))
        time.sleep(60)
        """,
    )
    for command in COMMANDS.values():
        with live(project, *command) as run:
            run.wait_for("loading")
            run.interrupt()
            ended_cleanly(run)
