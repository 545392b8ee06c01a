"""Writes the reports of a run into a folder, and tells GitHub of it where that runs it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from harness.reports.annotations import error_annotations
from harness.reports.html import html_report
from harness.reports.results import Results, to_json
from harness.reports.summary import LEAST_ROOM, LIMIT, summary
from harness.tools.github import working_folder


def write_reports(results: Results, folder: Path) -> None:
    """Write the results and the reports. JUnit files are written by Behave."""
    folder.mkdir(parents=True, exist_ok=True)
    write_results(results, folder / "results.json")
    render(results, folder)


def write_results(results: Results, path: Path) -> None:
    """Write the results as JSON."""
    path.write_bytes(to_json(results))


def render(results: Results, folder: Path) -> None:
    """Write what is made from the results, and say where it is."""
    (folder / "summary.md").write_text(summary(results), encoding="utf-8")
    (folder / "report.html").write_text(html_report(results), encoding="utf-8")
    print(f"{results.counts()}. Report: {folder / 'report.html'}")


def tell_github(results: Results, how: str, env: Mapping[str, str]) -> None:
    """Print annotations and add to the job's summary, in a workflow of GitHub.

    `how`: `github` prints annotations anywhere, `off` nowhere, `auto` in a workflow only.
    """
    if how == "github" or (how == "auto" and env.get("GITHUB_ACTIONS") == "true"):
        print(error_annotations(results, working_folder(env)), end="")
    page = env.get("GITHUB_STEP_SUMMARY")
    if page:
        try:
            _append(results, Path(page))
        except OSError as error:
            print(f"{page}: the summary cannot be written there: {error}", file=sys.stderr)


def _append(results: Results, page: Path) -> None:
    """Add the summary to a page that other commands of the workflow's step write to as well."""
    with page.open("ab") as file:
        room = LIMIT - file.tell()
        if room >= LEAST_ROOM:
            file.write(summary(results, room).encode())
