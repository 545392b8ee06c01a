"""What the reports are told of a feature that has ended."""

from __future__ import annotations

import pytest
from behave.configuration import Configuration
from behave.model import Feature
from behave.model_type import Status
from behave.parser import parse_feature

from harness.bdd.reporter import ResultsReporter
from harness.reports.results import FeatureResult, ScenarioResult, StepResult

TEXT = """\
Feature: F
  Scenario: One
    Given a
    Then b
  Rule: R
    Scenario: Two
      Given c
"""


def feature() -> Feature:
    return parse_feature(TEXT, filename="f.feature")


def reported(*features: Feature) -> tuple[FeatureResult, ...]:
    reporter = ResultsReporter(Configuration([], load_config=False))
    for each in features:
        reporter.feature(each)
    return reporter.results.features


def finished(*statuses: Status) -> Feature:
    """The feature with its three steps ended like this."""
    ended = feature()
    steps = [step for scenario in ended.walk_scenarios() for step in scenario.all_steps]
    for step, status in zip(steps, statuses, strict=True):
        step.status = status
        step.duration = 0.5
    return ended


def test_every_scenario_is_told_with_its_place() -> None:
    (result,) = reported(finished(Status.passed, Status.passed, Status.passed))
    a = StepResult("Given", "a", 3, "passed", 0.5)
    b = StepResult("Then", "b", 4, "passed", 0.5)
    c = StepResult("Given", "c", 7, "passed", 0.5)
    assert result == FeatureResult(
        "F",
        "f.feature",
        "passed",
        (
            ScenarioResult("One", "f.feature", 2, "passed", 1.0, steps=(a, b)),
            ScenarioResult("Two", "f.feature", 6, "passed", 0.5, steps=(c,)),
        ),
    )


@pytest.mark.parametrize(
    "status",
    [Status.failed, Status.error, Status.hook_error, Status.undefined, Status.pending],
)
def test_a_failed_step_is_named_with_its_reason(status: Status) -> None:
    failed = finished(Status.passed, status, Status.passed)
    failed.scenarios[0].steps[1].error_message = "it is not so"
    (result,) = reported(failed)
    one, two = result.scenarios
    assert (result.status, one.status, two.status) == ("failed", "failed", "passed")
    assert one.failed_step is not None
    assert (one.failed_step.title, one.why) == ("b", "it is not so")


def test_a_scenario_that_failed_without_a_step_tells_its_own_reason() -> None:
    failed = finished(Status.passed, Status.passed, Status.passed)
    failed.scenarios[0].set_status(Status.hook_error)
    failed.scenarios[0].error_message = "before_scenario failed"
    one, _ = reported(failed)[0].scenarios
    assert (one.status, one.failed_step, one.why) == ("failed", None, "before_scenario failed")


def test_what_was_skipped_says_why_and_what_never_ran_is_untested() -> None:
    skipped = feature()
    skipped.skip("not today")
    untested = feature()
    first, second = reported(skipped, untested)
    assert first.status == "skipped"
    assert {(item.status, item.reason) for item in first.scenarios} == {("skipped", "not today")}
    assert (second.status, [item.status for item in second.scenarios]) == (
        "untested",
        ["untested", "untested"],
    )


def test_nothing_is_told_of_no_features() -> None:
    assert reported() == ()
