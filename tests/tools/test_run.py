"""What `nrfcloud-bdd run` says of wrong options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import make_project


@pytest.mark.parametrize("option", ["--name", "--exclude", "--include"])
def test_what_is_no_regular_expression_is_refused(tmp_path: Path, option: str) -> None:
    project = make_project(tmp_path, {"f.feature.md": "# F\n\n## S\n\nGiven I note `x`\n"})
    done = project.run("harness.tools.cli", "run", option, "[")
    assert (done.status, done.noted) == (2, [])
    assert done.err.startswith("'[' is no regular expression")
    assert done.err.count("\n") == 1


def test_reports_are_those_of_this_run_only(tmp_path: Path) -> None:
    feature = "# F\n\n## S\n\nGiven I note `x`\n"
    project = make_project(tmp_path, {"old.feature.md": feature, "kept.feature.md": feature})
    project.write("reports/junit/other.xml", "<written-by-another-program/>")
    done = project.run("harness.tools.cli", "run")
    assert done.out.endswith("2 scenarios passed, 0 failed. Report: reports/summary.md\n")
    (tmp_path / "features/old.feature.md").unlink()
    done = project.run("harness.tools.cli", "run")
    assert done.out.endswith("1 scenario passed, 0 failed. Report: reports/summary.md\n")
    written = {file.name for file in (tmp_path / "reports/junit").iterdir()}
    assert written == {"TESTS-kept.feature.xml", "other.xml"}
