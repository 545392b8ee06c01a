"""Results made up for tests of reports."""

from __future__ import annotations

from harness.core.events import Exchange, Frame
from harness.core.trace import Attempt
from harness.reports.results import (
    Failure,
    FeatureResult,
    Results,
    ScenarioResult,
    Status,
    StepResult,
)

BEGAN = 1_700_000_000.0
HOSTILE = (
    "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> \u2028 ]]> ${x} $data"
)
DEEP = "[" * 8000 + "]" * 8000
"""Laid out in full it would have 128 million characters."""


def exchange(at: float, path: str, status: int = 200, **more: str) -> Exchange:
    """The service asks nRF Cloud."""
    return Exchange(
        at=BEGAN + at,
        source="service",
        target="api.nrfcloud.com",
        took=0.012,
        method="GET",
        url=f"https://api.nrfcloud.com{path}",
        headers=(("Accept", "application/json"),),
        status=status,
        reason="OK" if status == 200 else "",
        **more,
    )


def failing() -> ScenarioResult:
    """It fails in its second step, after three tries, with messages of all kinds."""
    return ScenarioResult(
        "The job is created",
        "features/fota.feature.md",
        20,
        "failed",
        3.5,
        tags=("slow",),
        steps=(
            StepResult(
                "Given",
                "I have `1` device",
                21,
                "passed",
                0.0004,
                BEGAN + 1,
                table=(("name", "model"), ("a", HOSTILE)),
            ),
            StepResult(
                "Soon",
                "`status` of the last response should equal",
                23,
                "failed",
                3.4,
                BEGAN + 1.1,
                soon=True,
                text='"DONE"',
                language="json",
                failure=Failure(26, 1, "`status` is not what it should be"),
                reason="ASSERT FAILED: features/fota.feature.md:26:1: no\n"
                '  26 | "DONE"\n'
                "     | ^^^^^^ here\n"
                '  status: expected "DONE", got "NEW"\n'
                "The response:\n  {}",
                tries=3,
                attempts=(Attempt(BEGAN + 1.2, 'expected "DONE", got "NEW"', 3),),
                events=(
                    exchange(1.2, "/v1/jobs?limit=1", answer_body='{"id":12345678901234567890}'),
                    exchange(1.3, "/v1/jobs?limit=1"),
                    exchange(1.4, "/v1/none", 0, note="it did not answer in 1 s"),
                    exchange(1.5, "/v1/nothing", 404, note="no stub answered it"),
                    Frame(at=BEGAN + 1.6, source="service", target="test", text='{"a":["b",{}]}'),
                    Frame(at=BEGAN + 1.7, source="service", target="test", text=DEEP),
                ),
                dropped=7,
                output="printed by the step",
            ),
            StepResult("And", "this is not run", 29, "skipped"),
        ),
    )


def passing(name: str, line: int, started: float, status: Status = "passed") -> ScenarioResult:
    """A scenario of one step."""
    step = StepResult("When", "I wait", line + 1, status, 0.5, BEGAN + started)
    return ScenarioResult(name, "features/other.feature.md", line, status, 0.5, steps=(step,))


def late() -> ScenarioResult:
    """It passes, but not at once."""
    step = StepResult(
        "Soon",
        "it is there",
        41,
        "passed",
        1.5,
        BEGAN + 2,
        soon=True,
        tries=2,
        attempts=(Attempt(BEGAN + 2, "it is not there"), Attempt(BEGAN + 2.5, "nearly")),
    )
    return ScenarioResult(
        "It comes late", "features/other.feature.md", 40, "passed", 1.5, steps=(step,)
    )


def mixed() -> Results:
    """A run with a scenario of each kind, and hostile texts."""
    skipped = ScenarioResult(
        "After it",
        "features/fota.feature.md",
        30,
        "skipped",
        reason="the scenario “The job is created” failed before it",
    )
    return Results(
        (
            FeatureResult(
                f"Upgrades {HOSTILE}", "features/fota.feature.md", "failed", (failing(), skipped)
            ),
            FeatureResult(
                "Others",
                "features/other.feature.md",
                "passed",
                (
                    passing("One", 10, 0),
                    passing("Its twin", 10, 0.2),
                    passing(HOSTILE, 20, 1),
                    late(),
                ),
            ),
        ),
        started=BEGAN,
        seconds=5,
        harness="1.2.3",
        notes=(f"a note {HOSTILE}",),
    )
