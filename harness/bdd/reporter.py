"""Behave's reporter that collects the results of a run for the project's own reports."""

from __future__ import annotations

from behave.configuration import Configuration
from behave.model import Feature, Scenario
from behave.model_type import Status as BehaveStatus
from behave.reporter.base import Reporter

from harness.reports.results import FeatureResult, Results, ScenarioResult, Status


class ResultsReporter(Reporter):  # type: ignore[misc]  # Behave ships no types
    """Keeps how each feature ended."""

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self._features: list[FeatureResult] = []

    @property
    def results(self) -> Results:
        """What has been collected so far."""
        return Results(tuple(self._features))

    def feature(self, feature: Feature) -> None:
        """A feature has ended, or was not run."""
        scenarios = tuple(_scenario(item) for item in feature.walk_scenarios())
        self._features.append(
            FeatureResult(feature.name, feature.filename, _status(feature.status), scenarios)
        )


def _scenario(scenario: Scenario) -> ScenarioResult:
    step = next((item for item in scenario.all_steps if item.status.has_failed()), None)
    reason = (step.error_message if step else scenario.error_message) or scenario.skip_reason or ""
    return ScenarioResult(
        scenario.name,
        scenario.filename,
        scenario.line,
        _status(scenario.status),
        scenario.duration,
        f"{step.keyword} {step.name}" if step else "",
        reason,
    )


def _status(status: BehaveStatus) -> Status:
    if status.has_failed():
        return "failed"
    if status == BehaveStatus.passed:
        return "passed"
    return "skipped" if status == BehaveStatus.skipped else "untested"
