"""Scenarios are run by the real runner, apart from those of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.recorder import proof
from harness.recorder.proof import prove
from tests.recorder.driving import project

HEALTH = """\
# Health

## It is asked for

When I `GET` `${APIURL}/health`

Then the status code of the last response should be `200`
"""


def test_scenarios_that_pass(tmp_path: Path) -> None:
    made = project(tmp_path)
    made.write("features/broken.feature.md", "# Health\n\n## No step\n\nGiven nothing\n")
    before = sorted(tmp_path.rglob("*"))
    assert prove(HEALTH, tmp_path, os.environ) == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_scenarios_that_do_not(tmp_path: Path) -> None:
    project(tmp_path)
    failure = prove(HEALTH.replace("200", "418"), tmp_path, os.environ)
    assert failure.startswith("    Then the status code of the last response should be `418`")
    assert "\nASSERT FAILED: recorded.feature.md:7:1: expected the status code 418, got 200\n" in (
        failure
    )
    assert "Report:" not in failure


def test_a_run_that_cannot_begin(tmp_path: Path) -> None:
    project(tmp_path, '[service]\ncommand = "no-such-program {port}"\n')
    failure = prove(HEALTH, tmp_path, os.environ)
    assert "there is no program 'no-such-program'" in failure


def test_a_run_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, '[service]\ncommand = "sleep 1000 {port}"\nready_timeout = 1000\n')
    monkeypatch.setattr(proof, "SECONDS", 0.5)
    assert prove(HEALTH, tmp_path, os.environ) == "The scenarios had not ended after 0.5 s."


def test_a_folder_in_which_nothing_can_be_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing can be run there: No such file"):
        prove(HEALTH, tmp_path / "no", os.environ)


def test_a_run_that_does_not_even_stop_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(tmp_path)
    made.write(
        "environment.py",
        """
        import signal

        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.pause()
        """,
    )
    monkeypatch.setattr(proof, "SECONDS", 3)
    monkeypatch.setattr(proof, "GRACE", 0.1)
    assert prove(HEALTH, tmp_path, os.environ) == "The scenarios had not ended after 3 s."
