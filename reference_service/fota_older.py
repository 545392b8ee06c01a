"""A firmware upgrade in the older generation of the API. Pure: no I/O, no clock.

One bundle, one nRF Cloud job, and the user sees what nRF Cloud says of it. The steps and events
are those of `fota`, so that one runner drives both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reference_service.fota import (
    FAILED_CLOUD_STATUSES,
    CloudJobCreated,
    CloudJobSeen,
    CreateCloudJob,
    Event,
    NextStep,
    PollCloudJob,
)

TERMINAL: Final = FAILED_CLOUD_STATUSES | {"COMPLETED"}


@dataclass(frozen=True, slots=True)
class Execution:
    """An upgrade with one bundle; the fields after `cloud_job` are nRF Cloud's."""

    id: str
    device_id: str
    target: str | None
    bundle: str
    cloud_job: str | None = None
    status: str | None = None
    status_detail: str | None = None
    last_updated_at: str | None = None
    version: str | None = None

    @property
    def running(self) -> bool:
        return self.status not in TERMINAL

    def view(self) -> dict[str, object] | None:
        """The job as users see it; None until nRF Cloud has given it an ID."""
        if self.cloud_job is None:
            return None
        fields = {
            "id": self.cloud_job,
            "deviceId": self.device_id,
            "status": self.status,
            "statusDetail": self.status_detail,
            "lastUpdatedAt": self.last_updated_at,
            "version": self.version,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def next_step(self) -> NextStep | None:
        """What there is to do; None once nRF Cloud has said that its job has ended."""
        if not self.running:
            return None
        if self.cloud_job is None:
            return CreateCloudJob(self.bundle)
        return PollCloudJob(self.cloud_job)

    def after(self, event: Event) -> tuple[Execution, None]:
        """What the event makes of it; there is never an nRF Cloud job to cancel."""
        match event:
            case CloudJobCreated() if self.cloud_job is None:
                created = replace(
                    self, cloud_job=event.cloud_job, status="CREATED", last_updated_at=event.at
                )
                return created, None
            case CloudJobSeen(cloud_job=seen) if self.running and seen.id == self.cloud_job:
                told = replace(
                    self,
                    status=seen.status,
                    status_detail=seen.status_detail,
                    last_updated_at=seen.last_updated_at,
                    version=seen.version,
                )
                return told, None
        return self, None
