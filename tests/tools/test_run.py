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
    assert done.out.endswith("2 scenarios passed, 0 failed. Report: reports/report.html\n")
    (tmp_path / "features/old.feature.md").unlink()
    done = project.run("harness.tools.cli", "run")
    assert done.out.endswith("1 scenario passed, 0 failed. Report: reports/report.html\n")
    written = {file.name for file in (tmp_path / "reports/junit").iterdir()}
    assert written == {"TESTS-kept.feature.xml", "other.xml"}


def test_github_is_told_of_failures_at_their_lines(tmp_path: Path) -> None:
    project = make_project(
        tmp_path, {"f.feature.md": "# F\n\n## S\n\nGiven I note `x`\n\nThen it fails\n"}
    )
    page = tmp_path / "step-summary.md"
    page.write_text("what came before\n")
    workflow = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(tmp_path.parent),
        "GITHUB_STEP_SUMMARY": str(page),
    }
    expected = (
        f"::error file={tmp_path.name}/features/f.feature.md,line=7,col=1,title=S::"
        "Then it fails%0Afeatures/f.feature.md:7:1: it was told to\n"
    )
    summary = tmp_path / "reports/summary.md"
    for jobs in ("1", "2"):
        done = project.run("harness.tools.cli", "run", "--jobs", jobs, env=workflow)
        assert done.out.endswith(f"Report: reports/report.html\n{expected}")
        assert done.out.count("::error") == 1
        assert page.read_text().endswith(f"\n{summary.read_text()}")
    assert page.read_text().startswith("what came before\n# Acceptance tests: failed\n")
    done = project.run("harness.tools.cli", "run", "--annotations", "off", env=workflow)
    assert "::error" not in done.out
    done = project.run("harness.tools.cli", "run", "--annotations", "github")
    assert done.out.endswith(expected.replace(f"file={tmp_path.name}/", "file="))
    assert "::error" not in project.run("harness.tools.cli", "run").out


def test_a_full_page_of_github_is_left_as_it_is(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"f.feature.md": "# F\n\n## S\n\nGiven I note `x`\n"})
    page = tmp_path / "page.md"
    page.write_text("x" * (1024 * 1024 - 100))
    done = project.run("harness.tools.cli", "run", env={"GITHUB_STEP_SUMMARY": str(page)})
    assert (done.status, page.stat().st_size) == (0, 1024 * 1024 - 100)
    done = project.run("harness.tools.cli", "run", env={"GITHUB_STEP_SUMMARY": "no/such/page"})
    assert done.status == 0
    assert done.err.startswith("no/such/page: the summary cannot be written there: ")
