"""Failures where GitHub shows them: at the lines of the scenario files."""

from __future__ import annotations

from hypothesis import given

from harness.reports.annotations import MOST, error_annotations
from harness.reports.results import (
    Failure,
    FeatureResult,
    Results,
    ScenarioResult,
    StepResult,
)
from tests.reports.test_results import results


def run(*scenarios: ScenarioResult) -> Results:
    return Results((FeatureResult("F", "f.feature.md", "failed", scenarios),))


def failed(step: StepResult | None, reason: str = "") -> ScenarioResult:
    steps = (step,) if step else ()
    return ScenarioResult("50 %, a: b", "f.feature.md", 3, "failed", reason=reason, steps=steps)


def test_a_failure_stands_where_its_fault_is() -> None:
    step = StepResult(
        "Then", "it holds", 5, "failed", failure=Failure(9, 4, "no"), reason="f:9:4: no\n  why"
    )
    assert error_annotations(run(failed(step))) == (
        "::error file=f.feature.md,line=9,col=4,title=50 %25%2C a%3A b::"
        "Then it holds%0Af:9:4: no%0A  why\n"
    )


def test_other_failures_stand_at_their_step_or_scenario() -> None:
    error = StepResult("Then", "it holds", 5, "failed", reason="Traceback")
    text = error_annotations(run(failed(error), failed(None, "a hook failed")), "sub/folder")
    first, second = text.splitlines()
    assert first.startswith("::error file=sub/folder/f.feature.md,line=5,title=")
    assert first.endswith("::Then it holds%0ATraceback")
    assert second.startswith("::error file=sub/folder/f.feature.md,line=3,title=")
    assert second.endswith("::a hook failed")


def test_only_what_failed_is_told_and_not_without_end() -> None:
    assert error_annotations(run(ScenarioResult("S", "f", 1, "passed"))) == ""
    assert error_annotations(run(*[failed(None, "x" * 10_000)] * 200)).count("\n") == MOST


@given(results)
def test_each_failure_is_one_line(some: Results) -> None:
    lines = error_annotations(some).splitlines()
    assert len(lines) == min(len(some.scenarios("failed")), MOST)
    assert all(line.startswith("::error file=") for line in lines)
