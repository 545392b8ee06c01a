"""The tables of states."""

from __future__ import annotations

from itertools import product

import pytest

from mock_nrfcloud.fota.lifecycle import (
    CODES,
    EXECUTION,
    JOB,
    PENDING,
    ExecutionStatus,
    JobEvent,
    JobStatus,
)

JOBS = {
    ("CREATED", "apply"): "IN_PROGRESS",
    ("CREATED", "invalid target"): "CANCELLED",
    ("CREATED", "cancel"): "CANCELLED",
    ("CREATED", "delete"): "DELETION_IN_PROGRESS",
    ("IN_PROGRESS", "all executions ended"): "COMPLETED",
    ("IN_PROGRESS", "cancel"): "CANCELLED",
    ("COMPLETED", "delete"): "DELETION_IN_PROGRESS",
    ("CANCELLED", "delete"): "DELETION_IN_PROGRESS",
}


@pytest.mark.parametrize(("status", "event"), list(product(JobStatus, JobEvent)))
def test_a_job_goes_on_as_documented_and_in_no_other_way(
    status: JobStatus, event: JobEvent
) -> None:
    assert JOB.get((status, event)) == JOBS.get((status.value, event.value))


@pytest.mark.parametrize(("status", "reported"), list(product(ExecutionStatus, ExecutionStatus)))
def test_pending_executions_become_what_is_reported_and_others_stay(
    status: ExecutionStatus, reported: ExecutionStatus
) -> None:
    may = status in ("QUEUED", "DOWNLOADING", "IN_PROGRESS") and reported != "QUEUED"
    assert EXECUTION.get((status, reported)) == (reported if may else None)


def test_statuses_have_the_documented_numbers() -> None:
    names = [
        "QUEUED",
        "IN_PROGRESS",
        "FAILED",
        "SUCCEEDED",
        "TIMED_OUT",
        "CANCELLED",
        "REJECTED",
        "DOWNLOADING",
    ]
    assert {code: status.value for status, code in CODES.items()} == dict(enumerate(names))
    assert {status for status, _ in EXECUTION} == PENDING
