from __future__ import annotations

import re
from pathlib import Path

import pytest

from mock_nrfcloud.sisters.aws_iot.errors import ApiError
from mock_nrfcloud.sisters.aws_iot.lifecycle import (
    TERMINAL,
    TRANSITIONS,
    Cause,
    Execution,
    Status,
    changed,
)

EVERY = [(before, cause, to) for before in Status for cause in Cause for to in Status]


def execution(status: Status = Status.QUEUED, version: int = 1) -> Execution:
    return Execution("j", "t", 1.0, 1.0, status=status, version=version, details={"a": "b"})


def test_what_ends_an_execution() -> None:
    assert {
        Status.SUCCEEDED,
        Status.FAILED,
        Status.TIMED_OUT,
        Status.REJECTED,
        Status.REMOVED,
        Status.CANCELED,
    } == TERMINAL


@pytest.mark.parametrize(("before", "cause", "to"), EVERY)
def test_only_what_the_table_allows_happens(before: Status, cause: Cause, to: Status) -> None:
    if to in TRANSITIONS[cause].get(before, ()):
        after = changed(execution(before), to, cause, 2.0)
        assert (after.status, after.version, after.updated_at) == (to, 2, 2.0)
        assert after.details == {"a": "b"}
        assert after.force_canceled is (cause is Cause.FORCE)
    else:
        with pytest.raises(ApiError) as caught:
            changed(execution(before), to, cause, 2.0)
        assert caught.value.name == "InvalidStateTransitionException"
        assert caught.value.members["executionState"]["status"] == before


def test_what_cancels_needs_force_for_what_is_in_progress() -> None:
    with pytest.raises(ApiError, match="set force to true"):
        changed(execution(Status.IN_PROGRESS), Status.CANCELED, Cause.CANCEL, 2.0)
    with pytest.raises(ApiError) as caught:
        changed(execution(Status.FAILED), Status.CANCELED, Cause.CANCEL, 2.0)
    assert "force" not in caught.value.message


def test_another_version_is_refused_before_the_status_is_looked_at() -> None:
    with pytest.raises(ApiError, match="has the version 3, not 2") as caught:
        changed(execution(Status.FAILED, 3), Status.CANCELED, Cause.FORCE, 2.0, expected_version=2)
    assert caught.value.name == "VersionConflictException"
    assert caught.value.members == {
        "code": "VersionMismatch",
        "executionState": {
            "status": "FAILED",
            "statusDetails": {"a": "b"},
            "versionNumber": 3,
        },
    }
    after = changed(execution(version=3), Status.CANCELED, Cause.CANCEL, 2.0, expected_version=3)
    assert after.version == 4


def test_it_starts_once_and_its_details_are_replaced() -> None:
    first = changed(execution(), Status.IN_PROGRESS, Cause.REPORT, 2.0, details={"c": "d"})
    second = changed(first, Status.IN_PROGRESS, Cause.REPORT, 3.0, details={})
    assert (first.started_at, first.details) == (2.0, {"c": "d"})
    assert (second.started_at, second.updated_at, second.details) == (2.0, 3.0, {})


def test_the_page_draws_the_table() -> None:
    page = (Path(__file__).parents[4] / "docs" / "aws-iot-twin.md").read_text()
    (drawn,) = re.findall(r"^```mermaid\nstateDiagram-v2\n(.*?)^```", page, re.M | re.S)
    assert sorted(line.strip() for line in drawn.splitlines()) == sorted(diagram())


def diagram() -> list[str]:
    """The lines of a state diagram in Mermaid."""
    arrows: dict[tuple[Status, Status], list[str]] = {}
    for cause, by in TRANSITIONS.items():
        for before, afters in by.items():
            for after in afters:
                arrows.setdefault((before, after), []).append(cause)
    lines = [f"{one} --> {to}: {' / '.join(by)}" for (one, to), by in arrows.items()]
    return ["[*] --> QUEUED", *lines, *(f"{each} --> [*]" for each in TERMINAL)]
