"""Jobs and executions as the JSON of the API. Pure.

Times are in seconds since 1970, to the millisecond.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from mock_nrfcloud.sisters.aws_iot.jobs import Job
from mock_nrfcloud.sisters.aws_iot.lifecycle import Execution, Status

ARN: Final = "arn:aws:iot:us-east-1:123456789012"
"""How all ARNs begin: the twin knows one region and one account."""
NUMBER: Final = 1
"""The number of every execution: a job is executed once on a thing."""

_COUNTED: Final = {
    Status.CANCELED: "numberOfCanceledThings",
    Status.SUCCEEDED: "numberOfSucceededThings",
    Status.FAILED: "numberOfFailedThings",
    Status.REJECTED: "numberOfRejectedThings",
    Status.QUEUED: "numberOfQueuedThings",
    Status.IN_PROGRESS: "numberOfInProgressThings",
    Status.REMOVED: "numberOfRemovedThings",
    Status.TIMED_OUT: "numberOfTimedOutThings",
}


def thing_arn(thing: str) -> str:
    """The ARN of a thing."""
    return f"{ARN}:thing/{thing}"


def created(job: Job) -> dict[str, Any]:
    """What CreateJob and CancelJob answer."""
    return _given(jobArn=_job_arn(job), jobId=job.id, description=job.description or None)


def described(job: Job, counts: Counter[Status]) -> dict[str, Any]:
    """The `job` of DescribeJob."""
    return _given(
        jobArn=_job_arn(job),
        jobId=job.id,
        targetSelection=job.selection,
        status=job.status,
        forceCanceled=job.force_canceled,
        reasonCode=job.reason,
        comment=job.comment,
        targets=[thing_arn(thing) for thing in job.things],
        description=job.description or None,
        createdAt=_time(job.created_at),
        lastUpdatedAt=_time(job.updated_at),
        completedAt=_time(job.completed_at),
        jobProcessDetails={name: counts[status] for status, name in _COUNTED.items()},
    )


def execution(each: Execution) -> dict[str, Any]:
    """The `execution` of DescribeJobExecution."""
    return _given(
        jobId=each.job,
        status=each.status,
        forceCanceled=each.force_canceled,
        statusDetails={"detailsMap": dict(each.details)},
        thingArn=thing_arn(each.thing),
        versionNumber=each.version,
        **_times(each),
    )


def summary(each: Execution) -> dict[str, Any]:
    """The `jobExecutionSummary` of the lists."""
    return _given(status=each.status, **_times(each))


def for_device(each: Execution, job: Job) -> dict[str, Any]:
    """The `execution` of the data plane."""
    return _given(
        jobId=each.job,
        thingName=each.thing,
        jobDocument=job.document,
        **each.state(),
        **_times(each),
    )


def _job_arn(job: Job) -> str:
    return f"{ARN}:job/{job.id}"


def _times(each: Execution) -> dict[str, Any]:
    return {
        "queuedAt": _time(each.queued_at),
        "startedAt": _time(each.started_at),
        "lastUpdatedAt": _time(each.updated_at),
        "executionNumber": NUMBER,
    }


def _time(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _given(**members: Any) -> dict[str, Any]:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value is not None}
