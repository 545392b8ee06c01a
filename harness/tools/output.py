"""Writes the reports of a run into a folder."""

from __future__ import annotations

from pathlib import Path

from harness.reports.results import Results, to_json
from harness.reports.summary import summary


def write_reports(results: Results, folder: Path) -> None:
    """Write the reports and say where they are. JUnit files are written by Behave."""
    folder.mkdir(parents=True, exist_ok=True)
    write(to_json(results), folder / "results.json")
    write(summary(results), folder / "summary.md")
    print(f"{results.counts()}. Report: {folder / 'summary.md'}")


def write(text: str, path: Path) -> None:
    """Write a report in UTF-8. What is none, as a file's name may be, is escaped as in JSON."""
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
