"""The FOTA job as a state machine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from reference_service.fota import (
    Abort,
    CloudJob,
    CloudJobCreated,
    CloudJobSeen,
    CreateCloudJob,
    Event,
    Finish,
    Job,
    NothingLeft,
    PollCloudJob,
    Status,
    cloud_job,
)

PATH = {"1.0.0": "A", ">=1.0.0": "B", "<1.0.0": "C"}
AT = "2026-01-01T00:00:00.000Z"


def new(version: str = "1.0.0", **path: str) -> Job:
    return Job("01J861VKYH5QVD6QQ5YXXF20EF", "oob-1", "app", path or PATH, AT, version)


def started(job: Job | None = None, cloud: str = "cloud-1", bundle: str = "A") -> Job:
    after, surplus = (job or new()).after(CloudJobCreated(bundle, cloud, AT))
    assert surplus is None
    return after


def seen(status: str, version: str | None = None, succeeded: int | None = None) -> CloudJobSeen:
    return CloudJobSeen(CloudJob("cloud-1", status, succeeded=succeeded), version)


def test_the_first_range_that_holds_names_the_bundle() -> None:
    assert new("1.0.0").next_step() == CreateCloudJob("A")
    assert new("1.0.1").next_step() == CreateCloudJob("B")
    assert new("0.1.0").next_step() == CreateCloudJob("C")


def test_a_bundle_is_applied_at_most_once() -> None:
    path = {">=1.0.0": "A", ">=2.0.0": "A", ">=3.0.0": "B"}
    job = started(new("1.0.0", **path))
    again, _ = job.after(seen("COMPLETED", "2.0.0"))
    assert again.next_step() == Finish()
    further, _ = job.after(seen("COMPLETED", "3.0.0"))
    assert further.next_step() == CreateCloudJob("B")


def test_a_running_nrf_cloud_job_is_polled() -> None:
    job = started()
    assert job.status is Status.IN_PROGRESS
    assert job.status_detail == "Started job for version 1.0.0 with bundle A."
    assert job.next_step() == PollCloudJob("cloud-1")


@pytest.mark.parametrize(
    "event",
    [
        seen("COMPLETED"),
        seen("COMPLETED", "1.0.0", 1),
        seen("IN_PROGRESS", "2.0.0"),
        seen("CREATED", "2.0.0"),
        seen("IN_PROGRESS", "2.0.0", 0),
        seen("SOMETHING NEW", "2.0.0"),
        CloudJobSeen(CloudJob("another", "FAILED"), None),
        CloudJobCreated("A", "cloud-1", AT),
    ],
)
def test_what_changes_nothing(event: Event) -> None:
    assert started().after(event) == (started(), None)


def test_completed_with_another_version_goes_on_from_there() -> None:
    job, _ = started().after(seen("COMPLETED", "1.0.1", 1))
    assert (job.status, job.reported_version) == (Status.IN_PROGRESS, "1.0.1")
    assert job.next_step() == CreateCloudJob("B")


@pytest.mark.parametrize(
    "event",
    [seen("FAILED"), seen("CANCELLED"), seen("TIMED_OUT"), seen("REJECTED", "9.9.9"),
     seen("COMPLETED", "9.9.9", succeeded=0)],
)  # fmt: skip
def test_what_fails_a_job(event: Event) -> None:
    job, surplus = started().after(event)
    assert (job.status, job.status_detail) == (Status.FAILED, "Job execution failed.")
    assert surplus is None
    assert job.next_step() is None


def test_nothing_left_is_a_success() -> None:
    job, _ = new("9.9.9", **{"1.0.0": "A"}).after(NothingLeft())
    assert job.status is Status.SUCCEEDED
    assert job.status_detail == "No more bundles to apply for 9.9.9. Job completed."


def test_an_abort_cancels_the_nrf_cloud_job_at_work() -> None:
    assert new().after(Abort())[1] is None
    job, surplus = started().after(Abort())
    assert (job.status, job.status_detail) == (Status.FAILED, "The job was cancelled.")
    assert surplus == "cloud-1"


def test_a_second_nrf_cloud_job_is_surplus() -> None:
    assert started().after(CloudJobCreated("B", "cloud-2", AT)) == (started(), "cloud-2")


def test_the_view() -> None:
    assert new().view() == {
        "@context": "https://github.com/hello-nrfcloud/proto/fota/job",
        "id": "01J861VKYH5QVD6QQ5YXXF20EF",
        "deviceId": "oob-1",
        "upgradePath": PATH,
        "timestamp": AT,
        "status": "NEW",
        "statusDetail": "The job has been created",
        "reportedVersion": "1.0.0",
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": "CREATED"}, CloudJob("j", "CREATED")),
        (
            {
                "status": "COMPLETED",
                "statusDetail": "d",
                "lastUpdatedAt": AT,
                "firmware": {"version": "v2"},
                "executionStats": {"succeeded": 1},
            },
            CloudJob("j", "COMPLETED", "d", AT, "v2", 1),
        ),
        (
            {"status": "FAILED", "statusDetail": 3, "firmware": [], "executionStats": None},
            CloudJob("j", "FAILED"),
        ),
        ({"status": None}, None),
        ([], None),
        (None, None),
    ],
)
def test_what_nrf_cloud_says(answer: object, expected: CloudJob | None) -> None:
    assert cloud_job("j", answer) == expected


class JobMachine(RuleBasedStateMachine):
    """Any order of events, as a runner and impatient users could cause them.

    Creations at nRF Cloud take time: between the request and its answer anything may happen.
    """

    creations: Bundle[CreateCloudJob] = Bundle("creations")
    versions = st.sampled_from(["0.1.0", "1.0.0", "1.0.1", "2.0.0", "not a version"])

    def __init__(self) -> None:
        super().__init__()
        self.alive: set[str] = set()
        self.to_cancel: set[str] = set()
        self.ended: Job | None = None
        self.created = 0

    @initialize(version=versions)
    def begin(self, version: str) -> None:
        self.job = new(version)

    def happens(self, event: Event) -> None:
        before = self.job
        self.job, surplus = before.after(event)
        if surplus is not None:
            self.to_cancel.add(surplus)
        if not before.running:
            assert self.job == before
        assert set(before.applied) <= set(self.job.applied)

    @rule(target=creations)
    def ask_for_creation(self) -> Any:
        step = self.job.next_step()
        return step if isinstance(step, CreateCloudJob) else None

    @rule(step=consumes(creations))
    def creation_is_answered(self, step: CreateCloudJob | None) -> None:
        if step is not None:
            self.created += 1
            self.alive.add(f"cloud-{self.created}")
            self.happens(CloudJobCreated(step.bundle, f"cloud-{self.created}", AT))

    @precondition(lambda self: self.alive)
    @rule(
        data=st.data(),
        status=st.sampled_from(["CREATED", "IN_PROGRESS", "COMPLETED", "FAILED", "CANCELLED"]),
        version=st.none() | versions,
        succeeded=st.sampled_from([None, 0, 1]),
    )
    def nrf_cloud_tells(
        self, data: Any, status: str, version: str | None, succeeded: int | None
    ) -> None:
        which = data.draw(st.sampled_from(sorted(self.alive)))
        if status not in ("CREATED", "IN_PROGRESS"):
            self.alive.discard(which)
        self.happens(CloudJobSeen(CloudJob(which, status, succeeded=succeeded), version))
        if self.job.cloud_job == which and status == "COMPLETED":
            self.alive.add(which)  # its device still has to report: it will be asked for again

    @rule()
    def abort(self) -> None:
        self.happens(Abort())
        assert not self.job.running

    @precondition(lambda self: self.job.next_step() == Finish())
    @rule()
    def finish(self) -> None:
        self.happens(NothingLeft())
        assert self.job.status is Status.SUCCEEDED

    @invariant()
    def nothing_goes_on_unwatched(self) -> None:
        """A job at work in nRF Cloud is the current one, or has been named as one to cancel."""
        assert self.alive <= self.to_cancel | {self.job.cloud_job}

    @invariant()
    def a_step_fits_the_status(self) -> None:
        step = self.job.next_step()
        assert (step is None) == (not self.job.running)
        if isinstance(step, CreateCloudJob):
            assert step.bundle not in self.job.applied
        assert len(set(self.job.applied)) == len(self.job.applied)


TestJobMachine = JobMachine.TestCase
