"""The life of a job execution: its statuses, and who may change which into which. Pure.

docs/aws-iot-twin.md draws TRANSITIONS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from mock_nrfcloud.sisters.aws_iot.errors import ApiError


class Status(StrEnum):
    """The status of a job execution. CANCELED has one L here."""

    QUEUED = "QUEUED"
    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    REJECTED = "REJECTED"
    REMOVED = "REMOVED"
    CANCELED = "CANCELED"


class Cause(StrEnum):
    """Who changes a status, and how."""

    REPORT = "device reports"
    SERVICE = "AWS IoT"
    CANCEL = "cancel"
    FORCE = "cancel, force"


_REPORTED: Final = frozenset({Status.IN_PROGRESS, Status.SUCCEEDED, Status.FAILED, Status.REJECTED})

TRANSITIONS: Final[Mapping[Cause, Mapping[Status, frozenset[Status]]]] = {
    Cause.REPORT: {Status.QUEUED: _REPORTED, Status.IN_PROGRESS: _REPORTED},
    Cause.SERVICE: {
        Status.QUEUED: frozenset({Status.REMOVED}),
        Status.IN_PROGRESS: frozenset({Status.TIMED_OUT, Status.REMOVED}),
    },
    Cause.CANCEL: {Status.QUEUED: frozenset({Status.CANCELED})},
    Cause.FORCE: {
        Status.QUEUED: frozenset({Status.CANCELED}),
        Status.IN_PROGRESS: frozenset({Status.CANCELED}),
    },
}
"""What each cause may make of each status; what is not here is refused."""

TERMINAL: Final = frozenset(Status) - {each for by in TRANSITIONS.values() for each in by}
"""The statuses that nothing changes."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A job on one thing. Times are in seconds since 1970; the version rises with each update."""

    job: str
    thing: str
    queued_at: float
    updated_at: float
    started_at: float | None = None
    status: Status = Status.QUEUED
    version: int = 1
    details: Mapping[str, str] = field(default_factory=dict)
    force_canceled: bool = False

    def state(self) -> dict[str, Any]:
        """What an answer to a device says of it."""
        return {
            "status": self.status,
            "statusDetails": dict(self.details),
            "versionNumber": self.version,
        }


def changed(
    execution: Execution,
    to: Status,
    cause: Cause,
    now: float,
    *,
    details: Mapping[str, str] | None = None,
    expected_version: int | None = None,
) -> Execution:
    """The execution with another status; details that are None stay as they are.

    Raises ApiError, of which the execution's state is told, if it has another version than the
    expected one, or if the cause may not change it so. The version is looked at first: who has an
    old one knows nothing of the status.
    """
    if expected_version not in (None, execution.version):
        message = f"The execution has the version {execution.version}, not {expected_version}"
        raise _refused("VersionConflictException", "VersionMismatch", message, execution)
    if to not in TRANSITIONS[cause].get(execution.status, ()):
        message = f"An execution that is {execution.status} cannot become {to}"
        if cause is Cause.CANCEL and execution.status in TRANSITIONS[Cause.FORCE]:
            message += ": set force to true"
        raise _refused(
            "InvalidStateTransitionException", "InvalidStateTransition", message, execution
        )
    started = execution.started_at
    if started is None and to is Status.IN_PROGRESS:
        started = now
    return replace(
        execution,
        status=to,
        version=execution.version + 1,
        updated_at=now,
        started_at=started,
        details=execution.details if details is None else dict(details),
        force_canceled=execution.force_canceled or cause is Cause.FORCE,
    )


def _refused(name: str, code: str, message: str, execution: Execution) -> ApiError:
    return ApiError(name, message, {"code": code, "executionState": execution.state()})
