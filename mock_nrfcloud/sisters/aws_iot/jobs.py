"""The things, the jobs, and the execution of each job on each of its things. Pure.

What raises has changed nothing. Times are given, in seconds since 1970.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from mock_nrfcloud.sisters.aws_iot.errors import ApiError, invalid, not_found
from mock_nrfcloud.sisters.aws_iot.lifecycle import (
    TERMINAL,
    TRANSITIONS,
    Cause,
    Execution,
    Status,
    changed,
)

MAX_TARGETS: Final = 100
"""How many things a job can be for."""
MAX_JOBS: Final = 1000
"""More jobs than this are refused, to bound memory."""

Selection = Literal["SNAPSHOT", "CONTINUOUS"]
"""Whether a job is complete when all its executions are, or waits for more things."""


class JobStatus(StrEnum):
    """The status of a job."""

    IN_PROGRESS = "IN_PROGRESS"
    CANCELED = "CANCELED"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True)
class Job:
    """A job; `document` is text, JSON or the URL of some."""

    id: str
    things: tuple[str, ...]
    document: str
    description: str
    selection: Selection
    created_at: float
    updated_at: float
    source: str | None = None
    completed_at: float | None = None
    status: JobStatus = JobStatus.IN_PROGRESS
    force_canceled: bool = False
    reason: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What a feature leaves."""

    things: frozenset[str]
    jobs: Mapping[str, Job]
    executions: Mapping[str, Mapping[str, Execution]]


class Jobs:
    """All that AWS IoT knows; executions by the ID of their job and the name of their thing."""

    def __init__(self) -> None:
        self.things: set[str] = set()
        self.jobs: dict[str, Job] = {}
        self._executions: dict[str, dict[str, Execution]] = {}

    def job(self, job: str) -> Job:
        """The job of that ID. Raises ApiError."""
        if job not in self.jobs:
            raise not_found(f"The job {job}")
        return self.jobs[job]

    def execution(self, job: str, thing: str) -> Execution:
        """The execution of a job on a thing. Raises ApiError."""
        if thing not in self.things:
            raise not_found(f"The thing {thing}")
        self.job(job)
        if thing not in self._executions[job]:
            raise not_found(f"An execution of the job {job} on the thing {thing}")
        return self._executions[job][thing]

    def executions_of(self, job: str) -> list[Execution]:
        """The executions of a job. Raises ApiError."""
        self.job(job)
        return list(self._executions[job].values())

    def executions_on(self, thing: str) -> list[Execution]:
        """The executions on a thing, the oldest first. Raises ApiError."""
        if thing not in self.things:
            raise not_found(f"The thing {thing}")
        return [of[thing] for of in self._executions.values() if thing in of]

    def create(self, job: Job) -> None:
        """Add a job, which queues an execution on each of its things. Raises ApiError."""
        if job.id in self.jobs:
            raise ApiError("ResourceAlreadyExistsException", f"The job {job.id} already exists")
        if len(self.jobs) >= MAX_JOBS:
            raise ApiError("LimitExceededException", f"There are at most {MAX_JOBS} jobs here")
        for thing in job.things:
            if thing not in self.things:
                raise not_found(f"The thing {thing}")
        now = job.created_at
        self.jobs[job.id] = job
        self._executions[job.id] = {
            thing: Execution(job.id, thing, now, now) for thing in job.things
        }

    def change(
        self,
        execution: Execution,
        to: Status,
        cause: Cause,
        now: float,
        *,
        details: Mapping[str, str] | None = None,
        expected_version: int | None = None,
    ) -> Execution:
        """Change an execution (see `lifecycle.changed`), and its job if that was the last."""
        after = changed(
            execution, to, cause, now, details=details, expected_version=expected_version
        )
        self._executions[after.job][after.thing] = after
        self._complete(self.jobs[after.job], now)
        return after

    def start_next(
        self, thing: str, details: Mapping[str, str] | None, now: float
    ) -> Execution | None:
        """The execution that is in progress on a thing, or the oldest that is queued, which then
        is. None if there is neither. Raises ApiError."""
        pending = [each for each in self.executions_on(thing) if each.status not in TERMINAL]
        for each in pending:
            if each.status is Status.IN_PROGRESS:
                return each
        if not pending:
            return None
        return self.change(pending[0], Status.IN_PROGRESS, Cause.REPORT, now, details=details)

    def cancel(
        self, job: Job, now: float, *, force: bool, reason: str | None, comment: str | None
    ) -> Job:
        """Cancel a job and those of its executions that may be. Raises ApiError."""
        if job.status is not JobStatus.IN_PROGRESS:
            raise invalid(f"The job {job.id} is {job.status}: it cannot be canceled")
        self.jobs[job.id] = after = replace(
            job,
            status=JobStatus.CANCELED,
            updated_at=now,
            completed_at=now,
            force_canceled=force,
            reason=reason,
            comment=comment,
        )
        cause = Cause.FORCE if force else Cause.CANCEL
        for each in self.executions_of(job.id):
            if each.status in TRANSITIONS[cause]:
                self.change(each, Status.CANCELED, cause, now)
        return after

    def counts(self, job: str) -> Counter[Status]:
        """How many executions of a job have each status."""
        return Counter(each.status for each in self._executions[job].values())

    def _complete(self, job: Job, now: float) -> None:
        ends = job.status is JobStatus.IN_PROGRESS and job.selection == "SNAPSHOT"
        if ends and self.counts(job.id).keys() <= TERMINAL:
            self.jobs[job.id] = replace(
                job, status=JobStatus.COMPLETED, updated_at=now, completed_at=now
            )

    def left(self) -> Left:
        """A copy of all of it."""
        executions = {job: dict(of) for job, of in self._executions.items()}
        return Left(frozenset(self.things), dict(self.jobs), executions)

    def inherit(self, left: Sequence[Left]) -> None:
        """Know what others have left; of a job that two have left, as it is where more was done
        with it, so that what has ended stays so."""
        for each in left:
            self.things |= each.things
            for name, job in each.jobs.items():
                of, known = each.executions[name], self.jobs.get(name)
                if known is None or _done(job, of) >= _done(known, self._executions[name]):
                    self.jobs[name], self._executions[name] = job, dict(of)


def _done(job: Job, executions: Mapping[str, Execution]) -> tuple[int, float]:
    """How much was done with a job: the larger the more."""
    return sum(each.version for each in executions.values()), job.updated_at
