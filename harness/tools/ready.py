"""What a run has found out about scenarios that are being written, as Markdown to be pasted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harness.approving.files import changed_step
from harness.core.events import Exchange
from harness.errors import ScenarioFileError
from harness.reports.proposals import StepProposal, proposals
from harness.reports.results import Results, ScenarioResult
from harness.scenario_files import read_bytes


def show_ready(results: Results) -> None:
    """Print the steps that answer what no stub did, and those that failed as they would hold."""
    parts = [*_answers(results), *_changes(results)]
    if parts:
        print("\n" + "\n\n".join(parts))
    else:
        print("There is nothing to complete.")


def _answers(results: Results) -> Iterator[str]:
    """For each scenario its steps; those that are alike once."""
    for scenario in results:
        steps = Counter(_answering(scenario))
        if not steps:
            continue
        requests = "a request" if len(steps) == 1 else f"{len(steps)} different requests"
        yield (
            f"{scenario.file}:{scenario.line}: no stub answered {requests} in “{scenario.name}”."
            " Steps that do:"
        )
        for step, times in steps.items():
            asked = f"<!-- It was asked for {times} times. -->\n\n" if times > 1 else ""
            yield asked + step


def _answering(scenario: ScenarioResult) -> Iterator[str]:
    for step in scenario.steps:
        for event in step.events:
            if isinstance(event, Exchange) and event.answering:
                yield event.answering


def _changes(results: Results) -> Iterator[str]:
    """The steps that failed, as they would hold."""
    found = False
    for each in proposals(results):
        for step in each.steps:
            if not step.proposal.fixes:
                continue
            found = True
            yield f"{step.place}: this step would hold:"
            yield _changed(step)
    if found:
        yield "`nrfcloud-bdd approve` changes the files so."


def _changed(step: StepProposal) -> str:
    try:
        data = read_bytes(step.place.file)
        return changed_step(data, step.place, step.proposal.fixes)
    except ScenarioFileError as error:
        return str(error)
