"""What an account of nRF Cloud has: devices, bundles, jobs, executions. Frozen values; pure.

Times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mock_nrfcloud.fota.lifecycle import PENDING, ExecutionStatus, JobStatus

FIRMWARE_HOST: Final = "firmware.nrfcloud.com"
"""The host from which devices download."""

Object = Mapping[str, Any]
"""A JSON object, which is never changed in place."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a device reports, what it is wanted to have, and when each value of that was set (a
    tree like that of the values, with `{"timestamp": seconds}` as leaves)."""

    version: int = 1
    reported: Object = field(default_factory=dict)
    desired: Object = field(default_factory=dict)
    reported_times: Object = field(default_factory=dict)
    desired_times: Object = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Device:
    """A device. One with a `gateway` is a Bluetooth LE device that is connected to it."""

    id: str
    number: int
    created_at: float
    updated_at: float
    name: str
    tags: tuple[str, ...] = ()
    sub_type: str = ""
    gateway: str | None = None
    shadow: Shadow = field(default_factory=Shadow)

    def reports(self, *path: str) -> Any:
        """A value of its reported state; None if it is not there."""
        value: Any = self.shadow.reported
        for each in path:
            value = value.get(each) if isinstance(value, dict) else None
        return value


@dataclass(frozen=True, slots=True)
class Bundle:
    """Firmware. `files` have their content, or None where it is made up from `size`."""

    id: str
    number: int
    type: str
    version: str
    size: int
    files: Mapping[str, bytes | None]
    created_at: float
    name: str = ""
    description: str = ""

    @property
    def updated_at(self) -> float:
        """It never changes."""
        return self.created_at

    @property
    def is_uploaded(self) -> bool:
        """Whether it has files of a client."""
        return None not in self.files.values()


@dataclass(frozen=True, slots=True)
class Document:
    """The job document: the firmware of a job, which stays as it was when the job was created."""

    bundle_id: str
    type: str
    version: str
    size: int
    uris: tuple[str, ...]


NO_EXECUTIONS: Final = dict.fromkeys(ExecutionStatus, 0)


@dataclass(frozen=True, slots=True)
class Job:
    """A FOTA job. `devices` are those to which it is rolled out, known once it was applied;
    `rolled_out` of them have been looked at. `counts` are executions by status, without the
    `removed` ones, whose devices were deleted. `root` and `retry` make the names of retries."""

    id: str
    number: int
    created_at: float
    updated_at: float
    name: str
    root: str
    document: Document
    device_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    description: str = ""
    retry: int = 0
    status: JobStatus = JobStatus.CREATED
    detail: str = ""
    completed_at: float | None = None
    devices: tuple[str, ...] = ()
    rolled_out: int = 0
    counts: Mapping[ExecutionStatus, int] = field(default_factory=lambda: NO_EXECUTIONS)
    removed: int = 0

    @property
    def pending(self) -> int:
        """How many of its executions have not ended."""
        return sum(self.counts[each] for each in PENDING)

    @property
    def executions(self) -> int:
        """How many executions it has had."""
        return sum(self.counts.values()) + self.removed

    @property
    def group(self) -> str:
        """The device group of the retry job that follows if some of its executions fail."""
        return f"retry-{self.name}-{self.id}"


@dataclass(frozen=True, slots=True)
class Execution:
    """A job as it relates to one device."""

    uuid: str
    number: int
    job_id: str
    device_id: str
    created_at: float
    updated_at: float
    status: ExecutionStatus = ExecutionStatus.QUEUED
    detail: str = ""

    @property
    def id(self) -> str:
        """What it is known by within its job."""
        return self.device_id


@dataclass(frozen=True, slots=True)
class Row:
    """A device that a bulk operation adds."""

    device_id: str
    sub_type: str = ""
    tags: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """Devices that are to be added; `failed` if not all of them could be."""

    id: str
    number: int
    created_at: float
    updated_at: float
    rows: tuple[Row, ...] = ()
    completed_at: float | None = None
    failed: bool = False
