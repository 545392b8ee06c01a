"""Behave's reporter that collects the results of a run for the project's own reports."""

from __future__ import annotations

import time
from hashlib import sha256
from importlib.metadata import version

import msgspec
from behave.configuration import Configuration
from behave.model import Feature, Scenario, Step
from behave.model_type import Status as BehaveStatus
from behave.reporter.base import Reporter

from harness.bdd.calls import place_of
from harness.bdd.model import MarkdownFeature, MarkdownScenario, MarkdownStep
from harness.core.markdown import decode, parse
from harness.core.showing import printable
from harness.errors import ScenarioFileError
from harness.reports.results import (
    Failure,
    FeatureResult,
    Results,
    ScenarioResult,
    Status,
    StepResult,
)
from harness.scenario_files import read_bytes


class ResultsReporter(Reporter):  # type: ignore[misc]  # Behave ships no types
    """Keeps how each feature ended, with what its steps sent and received."""

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        config.traced = True
        self._started = time.time()
        self._features: list[FeatureResult] = []

    @property
    def results(self) -> Results:
        """What has been collected so far."""
        return Results(
            tuple(self._features),
            started=self._started,
            seconds=time.time() - self._started,
            harness=version("nrfcloud-bdd"),
        )

    def feature(self, feature: Feature) -> None:
        """A feature has ended, or was not run."""
        markdown = isinstance(feature, MarkdownFeature)
        scenarios = tuple(_scenario(item) for item in feature.walk_scenarios())
        proposals = any(step.proposal for each in scenarios for step in each.steps)
        self._features.append(
            FeatureResult(
                printable(feature.name),
                printable(feature.filename),
                _status(feature.status),
                scenarios,
                line=feature.line,
                description=feature.document.description if markdown else (),
                tags=tuple(map(str, feature.tags)),
                digest=_digest(feature) if proposals else "",
            )
        )


def _digest(feature: MarkdownFeature) -> str:
    """The SHA-256 of the feature's file as it was read; "" if it says something else by now."""
    try:
        data = read_bytes(feature.file)
        unchanged = parse(decode(data, feature.file), feature.file) == feature.document
    except ScenarioFileError:
        return ""
    return sha256(data).hexdigest() if unchanged else ""


def _scenario(scenario: Scenario) -> ScenarioResult:
    steps = tuple(map(_step, scenario.all_steps))
    reason = "" if any(step.status == "failed" for step in steps) else scenario.error_message
    return ScenarioResult(
        printable(scenario.name),
        printable(scenario.filename),
        scenario.line,
        _status(scenario.status),
        seconds=scenario.duration,
        reason=printable(reason or scenario.skip_reason or ""),
        variant=scenario.story.name if isinstance(scenario, MarkdownScenario) else "",
        tags=tuple(map(str, scenario.tags)),
        steps=steps,
    )


def _step(step: Step) -> StepResult:
    result = StepResult(
        step.keyword,
        printable(step.name),
        step.line,
        _status(step.status),
        seconds=step.duration,
        text=printable(step.text) if step.text is not None else None,
        language=step.text.content_type if step.text is not None else "",
        table=_table(step),
        reason=printable((step.error_message or "").removeprefix("ASSERT FAILED: ")),
        output=printable(step.captured.output) if step.status.has_failed() else "",
    )
    if not isinstance(step, MarkdownStep) or step.trace is None:
        return result
    trace = step.trace
    return msgspec.structs.replace(
        result,
        soon=step.source.keyword == "Soon",
        started=trace.started,
        failure=_failure(step),
        tries=trace.tries,
        attempts=tuple(trace.attempts),
        events=tuple(trace.events),
        dropped=trace.dropped,
        proposal=trace.proposal,
    )


def _table(step: Step) -> tuple[tuple[str, ...], ...]:
    if step.table is None:
        return ()
    rows = (step.table.headings, *(row.cells for row in step.table.rows))
    return tuple(tuple(map(printable, row)) for row in rows)


def _failure(step: MarkdownStep) -> Failure | None:
    failure = step.trace.failure if step.trace else None
    if failure is None:
        return None
    place = place_of(step, failure)
    details = tuple(map(printable, failure.details))
    return Failure(place.line, place.column, printable(failure.summary), details)


def _status(status: BehaveStatus) -> Status:
    if status.has_failed():
        return "failed"
    if status == BehaveStatus.passed:
        return "passed"
    return "skipped" if status == BehaveStatus.skipped else "untested"
