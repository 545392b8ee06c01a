"""Writes the reports of a run into a folder."""

from __future__ import annotations

from pathlib import Path

from harness.reports.results import Results, to_json
from harness.reports.summary import summary


def write_reports(results: Results, folder: Path) -> None:
    """Write the reports and say where they are. JUnit files are written by Behave."""
    folder.mkdir(parents=True, exist_ok=True)
    write_results(results, folder / "results.json")
    (folder / "summary.md").write_text(summary(results), encoding="utf-8")
    print(f"{results.counts()}. Report: {folder / 'summary.md'}")


def write_results(results: Results, path: Path) -> None:
    """Write the results as JSON."""
    path.write_bytes(to_json(results))
