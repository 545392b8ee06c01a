"""`nrfcloud-bdd report`: a run's reports once more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import make_project

FEATURE = "# F\n\n## S\n\nGiven I note `x`\n\nThen it fails\n"


def test_the_reports_of_a_run_are_written_again(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"f.feature.md": FEATURE})
    assert project.run("harness.tools.cli", "run").status == 1
    done = project.run(
        "harness.tools.cli", "report", "reports/results.json", "--report", "deep/again"
    )
    assert (done.status, done.err) == (0, "")
    assert done.out == "0 scenarios passed, 1 failed. Report: deep/again/report.html\n"
    again = (tmp_path / "deep/again/summary.md").read_text(encoding="utf-8")
    first = tmp_path / "reports/summary.md"
    assert again == first.read_text(encoding="utf-8")
    first.unlink()
    assert project.run("harness.tools.cli", "report", "reports/results.json").status == 0
    assert first.read_text(encoding="utf-8") == again


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "it cannot be read: No such file or directory"),
        (b"", "these are no results of a run: Input data was truncated"),
        (b"PK\x03\x04", "these are no results of a run: JSON is malformed"),
        (b"{}", "these are no results of a run: Object missing required field `version`"),
        (b'{"version": 9}', "these are no results of a run: they are of version 9"),
        (b'{"version": 1, "x": ' + b"[" * 100_000, "these are no results of a run: maximum"),
    ],
)
def test_files_that_are_none_are_refused(tmp_path: Path, content: bytes | None, why: str) -> None:
    project = make_project(tmp_path, {})
    if content is not None:
        (tmp_path / "r.json").write_bytes(content)
    done = project.run("harness.tools.cli", "report", "r.json")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"r.json: {why}")
    assert done.err.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    project = make_project(tmp_path, {})
    (tmp_path / "r.json").write_text('{"version": 1, "features": []}')
    done = project.run("harness.tools.cli", "report", "r.json", "--report", "r.json")
    assert (done.status, done.out) == (2, "")
    assert done.err == "r.json: the reports cannot be written there: File exists\n"
