"""The states of jobs and of executions, and which follows which: tables, from which the diagrams
in docs/fota-twin.md are drawn. Pure.

Source: "Overview of firmware update over-the-air" of Nordic's nRF Cloud documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class JobStatus(StrEnum):
    """Where a job stands."""

    CREATED = "CREATED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    DELETION_IN_PROGRESS = "DELETION_IN_PROGRESS"


class JobEvent(StrEnum):
    """What happens to a job."""

    APPLY = "apply"
    INVALID = "invalid target"
    CANCEL = "cancel"
    FINISH = "all executions ended"
    DELETE = "delete"


class ExecutionStatus(StrEnum):
    """Where a device stands with a job."""

    QUEUED = "QUEUED"
    DOWNLOADING = "DOWNLOADING"
    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    REJECTED = "REJECTED"
    TIMED_OUT = "TIMED_OUT"
    CANCELLED = "CANCELLED"


_PENDING: Final = (
    ExecutionStatus.QUEUED,
    ExecutionStatus.DOWNLOADING,
    ExecutionStatus.IN_PROGRESS,
)
PENDING: Final = frozenset(_PENDING)
"""The statuses of an execution that has not ended."""

CODES: Final[Mapping[ExecutionStatus, int]] = {
    ExecutionStatus.QUEUED: 0,
    ExecutionStatus.IN_PROGRESS: 1,
    ExecutionStatus.FAILED: 2,
    ExecutionStatus.SUCCEEDED: 3,
    ExecutionStatus.TIMED_OUT: 4,
    ExecutionStatus.CANCELLED: 5,
    ExecutionStatus.REJECTED: 6,
    ExecutionStatus.DOWNLOADING: 7,
}
"""The numbers that stand for the statuses in MQTT messages."""

JOB: Final[Mapping[tuple[JobStatus, JobEvent], JobStatus]] = {
    (JobStatus.CREATED, JobEvent.APPLY): JobStatus.IN_PROGRESS,
    (JobStatus.CREATED, JobEvent.INVALID): JobStatus.CANCELLED,
    (JobStatus.CREATED, JobEvent.CANCEL): JobStatus.CANCELLED,
    (JobStatus.CREATED, JobEvent.DELETE): JobStatus.DELETION_IN_PROGRESS,
    (JobStatus.IN_PROGRESS, JobEvent.FINISH): JobStatus.COMPLETED,
    (JobStatus.IN_PROGRESS, JobEvent.CANCEL): JobStatus.CANCELLED,
    (JobStatus.COMPLETED, JobEvent.DELETE): JobStatus.DELETION_IN_PROGRESS,
    (JobStatus.CANCELLED, JobEvent.DELETE): JobStatus.DELETION_IN_PROGRESS,
}
"""What a job becomes by an event. What is not here is refused."""

EXECUTION: Final[Mapping[tuple[ExecutionStatus, ExecutionStatus], ExecutionStatus]] = {
    (status, reported): reported
    for status in _PENDING
    for reported in ExecutionStatus
    if reported is not ExecutionStatus.QUEUED
}
"""What an execution becomes by a status that is reported for it. What is not here is refused."""
