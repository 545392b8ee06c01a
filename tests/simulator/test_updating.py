from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.simulator.updating import (
    REMEMBERED,
    Download,
    Job,
    Outcome,
    Report,
    Updating,
)
from mock_nrfcloud.fota.lifecycle import EXECUTION, PENDING, ExecutionStatus


def job(number: int = 1) -> Job:
    return Job(f"job-{number}", 1024, "firmware.nrfcloud.com", ("team/bundle/firmware.bin",))


def played(updating: Updating, told: Job) -> list[Report]:
    """All that it reports of a job whose download succeeds."""
    reports: list[Report] = []
    for action in updating.told(told):
        if isinstance(action, Download):
            reports.append(updating.progress(action.job, 100))
            reports += [each for each in updating.downloaded(told) if isinstance(each, Report)]
        else:
            reports.append(action)
    return reports


@pytest.mark.parametrize(
    ("outcome", "status", "detail"),
    [
        (Outcome.ACCEPT, "SUCCEEDED", "FOTA update completed successfully"),
        (Outcome.REJECT, "REJECTED", "Device rejected the update"),
        (Outcome.FAIL_DOWNLOAD, "FAILED", "Error occurred while downloading the file"),
        (Outcome.FAIL_INSTALLATION, "FAILED", "Update could not be validated"),
        (Outcome.TIME_OUT, "TIMED_OUT", "Download did not complete in the allotted time"),
    ],
)
def test_updates_end_as_told(outcome: Outcome, status: str, detail: str) -> None:
    *before, last = played(Updating(outcome), job())
    assert (last.status, last.detail) == (status, detail)
    assert {each.status for each in before} <= PENDING


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(Outcome))))
def test_what_comes_again_is_answered_with_where_it_stands(told: list[tuple[int, Outcome]]) -> None:
    updating = Updating(Outcome.ACCEPT)
    status: dict[str, ExecutionStatus] = {}
    for number, outcome in told:
        updating.outcome = outcome
        reports = played(updating, job(number))
        if (known := status.get(job(number).id)) is not None:
            assert [each.status for each in reports] == [known]
        else:
            before = ExecutionStatus.QUEUED
            for each in reports:  # each of them is one that nRF Cloud takes
                before = EXECUTION[before, each.status]
            status[job(number).id] = before
        assert (standing := updating.standing()) is not None
        assert standing.status is status[standing.job]


def test_it_forgets_old_jobs() -> None:
    updating = Updating(Outcome.REJECT)
    for number in range(REMEMBERED + 1):
        updating.told(job(number))
    assert len(updating._reports) == REMEMBERED


def test_a_download_that_fails_ends_the_update() -> None:
    updating = Updating(Outcome.ACCEPT)
    assert updating.standing() is None
    updating.told(job())
    (report,) = updating.download_failed(job())
    assert isinstance(report, Report)
    assert report.status is ExecutionStatus.FAILED
