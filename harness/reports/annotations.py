"""What failed, as annotations that GitHub shows at the lines of the scenario files. Pure."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from harness.core.github import command
from harness.core.showing import clipped
from harness.reports.results import Failure, Results, ScenarioResult

MOST: Final = 50
"""GitHub shows ten errors of a step and fifty of a job; the summary has all."""
TEXT: Final = 4096
TITLE: Final = 200
"""Characters of the text and the title of one."""


def error_annotations(results: Results, folder: str = "") -> str:
    """A line for each failed scenario. `folder` is where the run was started, from the top of the
    repository: GitHub takes paths from there."""
    failed = results.scenarios("failed")[:MOST]
    return "".join(f"{_annotation(scenario, folder)}\n" for scenario in failed)


def _annotation(scenario: ScenarioResult, folder: str) -> str:
    step = scenario.failed_step
    place = (step and step.failure) or step or scenario
    fields: dict[str, object] = {
        "file": PurePath(folder, scenario.file).as_posix(),
        "line": place.line,
    }
    if isinstance(place, Failure):
        fields["col"] = place.column
    fields["title"] = clipped(scenario.name, TITLE)
    text = f"{step.keyword} {step.title}\n{scenario.why}" if step else scenario.why
    return command("error", fields, clipped(text, TEXT))
