"""Where the reports of a run are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.reports.html import html_report
from harness.reports.results import FeatureResult, Results, ScenarioResult, from_json
from harness.reports.summary import summary
from harness.tools.output import write_reports


def results(name: str) -> Results:
    scenario = ScenarioResult(name, "a.feature.md", 3, "failed", 1, "naïve ✗")
    return Results((FeatureResult(name, "a.feature.md", "failed", (scenario,)),))


def test_the_reports_are_written_and_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "deep" / "reports"
    run = results("Grün 🟢")
    write_reports(run, folder)
    assert from_json((folder / "results.json").read_bytes()) == run
    assert (folder / "summary.md").read_text(encoding="utf-8") == summary(run)
    assert (folder / "report.html").read_text(encoding="utf-8") == html_report(run)
    assert capsys.readouterr().out == (
        f"0 scenarios passed, 1 failed. Report: {folder / 'report.html'}\n"
    )


def test_former_reports_are_replaced(tmp_path: Path) -> None:
    write_reports(results("x" * 1000), tmp_path)
    write_reports(results("short"), tmp_path)
    assert from_json((tmp_path / "results.json").read_bytes()) == results("short")
    assert "xxx" not in (tmp_path / "summary.md").read_text(encoding="utf-8")
