"""A firmware upgrade along a path of versions, as a state machine. Pure: no I/O, no clock.

A job takes its device from version to version: it picks the bundle for the version that the
device reports, has nRF Cloud apply it, waits until the device reports another version, and picks
again, until no bundle of the path is left. `Job.next_step` tells what there is to do,
`Job.after` what an event makes of the job:

    NEW ──────────── CloudJobCreated ──> IN_PROGRESS
    NEW, IN_PROGRESS ─── NothingLeft ──> SUCCEEDED
    NEW, IN_PROGRESS ───────── Abort ──> FAILED
    IN_PROGRESS ────── CloudJobSeen ───> IN_PROGRESS or FAILED

SUCCEEDED and FAILED never change. An nRF Cloud job whose ID becomes known too late (the job was
aborted while it was being created) comes back from `Job.after` as one to cancel.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from reference_service import contexts
from reference_service.strict_json import dig
from reference_service.versions import parse_range, parse_version, satisfies


class Status(StrEnum):
    """Where a job stands."""

    NEW = "NEW"
    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


FAILED_CLOUD_STATUSES: Final = frozenset({"FAILED", "CANCELLED", "TIMED_OUT", "REJECTED"})


@dataclass(frozen=True, slots=True)
class CloudJob:
    """What nRF Cloud says of a FOTA job; what it leaves out is None."""

    id: str
    status: str
    status_detail: str | None = None
    last_updated_at: str | None = None
    version: str | None = None
    succeeded: int | None = None


def cloud_job(job_id: str, answer: object) -> CloudJob | None:
    """The answer to `GET /v1/fota-jobs/{jobId}`, or None if it does not say a status."""

    def text(*path: str) -> str | None:
        value = dig(answer, *path)
        return value if isinstance(value, str) else None

    status = text("status")
    if status is None:
        return None
    succeeded = dig(answer, "executionStats", "succeeded")
    return CloudJob(
        id=job_id,
        status=status,
        status_detail=text("statusDetail"),
        last_updated_at=text("lastUpdatedAt"),
        version=text("firmware", "version"),
        succeeded=succeeded if isinstance(succeeded, int) else None,
    )


@dataclass(frozen=True, slots=True)
class CreateCloudJob:
    """To do: have nRF Cloud apply this bundle."""

    bundle: str


@dataclass(frozen=True, slots=True)
class PollCloudJob:
    """To do: ask nRF Cloud how this job of it fares."""

    cloud_job: str


@dataclass(frozen=True, slots=True)
class Finish:
    """To do: nothing but to say so."""


NextStep = CreateCloudJob | PollCloudJob | Finish


@dataclass(frozen=True, slots=True)
class CloudJobCreated:
    """nRF Cloud has created a job for a bundle; `at` is when (ISO 8601)."""

    bundle: str
    cloud_job: str
    at: str


@dataclass(frozen=True, slots=True)
class CloudJobSeen:
    """nRF Cloud has told of its job; `version` is what the device reports now, if known."""

    cloud_job: CloudJob
    version: str | None


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """No bundle of the path is for the reported version."""


@dataclass(frozen=True, slots=True)
class Abort:
    """The user does not want the upgrade any more."""


Event = CloudJobCreated | CloudJobSeen | NothingLeft | Abort


@dataclass(frozen=True, slots=True)
class Job:
    """An upgrade. `cloud_job` is the nRF Cloud job at work now, `applied` the bundles so far."""

    id: str
    device_id: str
    target: str
    upgrade_path: dict[str, str]
    timestamp: str
    reported_version: str
    status: Status = Status.NEW
    status_detail: str = "The job has been created"
    applied: tuple[str, ...] = field(default=())
    cloud_job: str | None = None

    @property
    def running(self) -> bool:
        return self.status in (Status.NEW, Status.IN_PROGRESS)

    def view(self) -> dict[str, object]:
        """The job as users see it."""
        return {
            "@context": contexts.FOTA_JOB,
            "id": self.id,
            "deviceId": self.device_id,
            "upgradePath": self.upgrade_path,
            "timestamp": self.timestamp,
            "status": self.status.value,
            "statusDetail": self.status_detail,
            "reportedVersion": self.reported_version,
        }

    def next_step(self) -> NextStep | None:
        """What there is to do; None once the job has ended."""
        if not self.running:
            return None
        if self.cloud_job is not None:
            return PollCloudJob(self.cloud_job)
        bundle = self._next_bundle()
        return Finish() if bundle is None else CreateCloudJob(bundle)

    def _next_bundle(self) -> str | None:
        """That of the first range which the reported version satisfies, if not yet applied."""
        version = parse_version(self.reported_version)
        for written, bundle in self.upgrade_path.items():
            accepted = parse_range(written)
            if version and accepted and bundle not in self.applied and satisfies(version, accepted):
                return bundle
        return None

    def after(self, event: Event) -> tuple[Job, str | None]:
        """The job after the event, and the ID of an nRF Cloud job to cancel, if there is one."""
        match event:
            case CloudJobCreated():
                return self._created(event)
            case CloudJobSeen(cloud_job=seen) if self.running and seen.id == self.cloud_job:
                return self._seen(event), None
            case NothingLeft() if self.running:
                detail = f"No more bundles to apply for {self.reported_version}. Job completed."
                return self._ended(Status.SUCCEEDED, detail), None
            case Abort() if self.running:
                return self._ended(Status.FAILED, "The job was cancelled."), self.cloud_job
        return self, None

    def _created(self, event: CloudJobCreated) -> tuple[Job, str | None]:
        if not self.running or self.cloud_job is not None:
            return self, None if event.cloud_job == self.cloud_job else event.cloud_job
        version = self.reported_version
        started = replace(
            self,
            status=Status.IN_PROGRESS,
            status_detail=f"Started job for version {version} with bundle {event.bundle}.",
            applied=(*self.applied, event.bundle),
            cloud_job=event.cloud_job,
        )
        return started, None

    def _seen(self, event: CloudJobSeen) -> Job:
        completed = event.cloud_job.status == "COMPLETED"
        if event.cloud_job.status in FAILED_CLOUD_STATUSES or (
            completed and event.cloud_job.succeeded == 0
        ):
            return self._ended(Status.FAILED, "Job execution failed.")
        if completed and event.version is not None and event.version != self.reported_version:
            return replace(self, reported_version=event.version, cloud_job=None)
        return self

    def _ended(self, status: Status, detail: str) -> Job:
        return replace(self, status=status, status_detail=detail, cloud_job=None)
