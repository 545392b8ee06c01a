"""What happens to jobs and to their executions: the rules of nRF Cloud's FOTA service.

Works on the state of one account; the agenda has its clock. Pure but for that. Each method does
all of what it says or, if that raises ApiError, nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from mock_nrfcloud.fota import targets
from mock_nrfcloud.fota.agenda import Agenda
from mock_nrfcloud.fota.assumptions import (
    DELETION_SECONDS,
    RETRIED,
    ROLLOUT_SECONDS,
    VERSION_MEMBERS,
)
from mock_nrfcloud.fota.entities import Bundle, Document, Execution, Job
from mock_nrfcloud.fota.errors import ApiError, check_room, conflict, unknown
from mock_nrfcloud.fota.lifecycle import (
    EXECUTION,
    JOB,
    PENDING,
    ExecutionStatus,
    JobEvent,
    JobStatus,
)
from mock_nrfcloud.fota.messages import notification
from mock_nrfcloud.fota.shadow import patched
from mock_nrfcloud.fota.shelf import numbers
from mock_nrfcloud.fota.team import Team

BATCH: Final = 25
"""How many executions are created at once."""
AUTO_APPLIED: Final = "Job auto applied"
ALL_ENDED: Final = "All executions in terminal status"


class Jobs:
    """The jobs of an account."""

    def __init__(self, team: Team, agenda: Agenda, publish: Callable[[str, bytes], None]) -> None:
        self._team = team
        self._agenda = agenda
        self._publish = publish

    def get(self, job_id: str) -> Job:
        """The job of that ID. Raises ApiError if there is none."""
        if (job := self._team.jobs.get(job_id)) is None:
            raise unknown("Job", job_id)
        return job

    def create(
        self,
        bundle: Bundle,
        *,
        name: str = "",
        description: str = "",
        device_ids: tuple[str, ...] = (),
        tags: tuple[str, ...] = (),
        auto_apply: bool = True,
    ) -> Job:
        """A new job; it is applied at once if it is to be."""
        check_room(self._team.jobs, "jobs")
        job_id, now = str(uuid4()), self._agenda.now()
        uris = tuple(f"{self._team.id}/{bundle.id}/{file}" for file in bundle.files)
        job = Job(
            id=job_id,
            number=next(numbers),
            created_at=now,
            updated_at=now,
            name=name or job_id,
            root=name or job_id,
            description=description,
            document=Document(bundle.id, bundle.type, bundle.version, bundle.size, uris),
            device_ids=device_ids,
            tags=tags,
        )
        self._team.jobs.put(job)
        if auto_apply:
            self.apply(job_id, AUTO_APPLIED)
        return self.get(job_id)

    def apply(self, job_id: str, detail: str = "") -> None:
        """Roll a job out, if its target allows that; it is looked at now. Else it is cancelled."""
        job = self.get(job_id)
        devices = targets.target(self._team, job)
        found = targets.eligible(devices, job.document.type)
        problem = targets.problem(self._team, devices, found)
        if problem is not None and job.status is JobStatus.CREATED:
            self._step(job, JobEvent.INVALID, detail=problem)
            return
        self._step(job, JobEvent.APPLY, detail=detail, devices=tuple(each.id for each in found))
        self.roll_out(job_id)

    def cancel(self, job_id: str, reason: str = "") -> None:
        """Cancel a job with all of its executions that have not ended."""
        job = self.get(job_id)
        pending = [each for each in self._team.executions.get(job_id, ()) if each.status in PENDING]
        counts = {**job.counts, **dict.fromkeys(PENDING, 0)}
        counts[ExecutionStatus.CANCELLED] += len(pending)
        self._step(job, JobEvent.CANCEL, detail=reason, counts=counts)
        for each in pending:
            self._put(each, ExecutionStatus.CANCELLED, each.detail)
            self.notify(each.device_id)

    def delete(self, job_id: str) -> None:
        """Delete a job: it is in no list any more, and after a while unknown."""
        self._step(self.get(job_id), JobEvent.DELETE)
        self._team.forget_job(job_id)
        self._agenda.add(DELETION_SECONDS, self._team.name, "purge", job_id)

    def purge(self, job_id: str) -> None:
        """The time has come to forget a deleted job. One that another feature has gone on with, so
        that it is not deleted, stays."""
        job = self._team.jobs.get(job_id)
        if job is not None and job.status is JobStatus.DELETION_IN_PROGRESS:
            self._team.jobs.remove(job_id)

    def roll_out(self, job_id: str) -> None:
        """Create the next batch of executions; the next but one follows later."""
        job = self._team.jobs.get(job_id)
        if job is None or job.status is not JobStatus.IN_PROGRESS:
            return
        batch = job.devices[job.rolled_out : job.rolled_out + BATCH]
        known = [each for each in batch if self._team.devices.get(each)]
        now = self._agenda.now()
        for device_id in known:
            execution = Execution(str(uuid4()), next(numbers), job_id, device_id, now, now)
            self._team.put(execution)
            if self._team.first(device_id) is execution:
                self.notify(device_id)
        queued = job.counts[ExecutionStatus.QUEUED] + len(known)
        job = replace(
            job,
            updated_at=now,
            rolled_out=job.rolled_out + len(batch),
            counts={**job.counts, ExecutionStatus.QUEUED: queued},
            removed=job.removed + len(batch) - len(known),
        )
        self._team.jobs.put(job)
        if job.rolled_out < len(job.devices):
            self._agenda.add(ROLLOUT_SECONDS, self._team.name, "roll out", job_id)
        self._finish(job)

    def report(
        self, device_id: str, job_id: str, status: ExecutionStatus, detail: str = ""
    ) -> None:
        """A device, or who ends its execution for it, tells its status."""
        if (execution := self._team.execution(job_id, device_id)) is None:
            raise unknown("Execution", f"{device_id}/{job_id}")
        if (execution.status, status) not in EXECUTION:
            raise conflict(f"The execution is {execution.status} and cannot become {status}")
        first = self._team.first(device_id)
        if status is not ExecutionStatus.CANCELLED and first is not execution:
            raise conflict("An older execution of the device has not ended")
        self._put(execution, status, detail)
        job = self.get(job_id)
        counts = dict(job.counts)
        counts[execution.status] -= 1
        counts[status] += 1
        job = replace(job, counts=counts, updated_at=self._agenda.now())
        self._team.jobs.put(job)
        if status is ExecutionStatus.SUCCEEDED:
            self._update_version(device_id, job.document)
        if status not in PENDING:
            if first is execution:
                self.notify(device_id)
            self._finish(job)

    def notify(self, device_id: str, job_id: str = "") -> None:
        """Tell a device of the execution that is first (if that is of this job), unless it has
        begun with it."""
        execution, device = self._team.first(device_id), self._team.devices.get(device_id)
        if not (execution and device) or execution.status is not ExecutionStatus.QUEUED:
            return
        if job_id in ("", execution.job_id):
            document = self.get(execution.job_id).document
            named = (device_id, device.gateway, execution.job_id)
            self._publish(*notification(self._team.id, *named, document))

    def notify_all(self) -> None:
        """Tell all devices again what `notify` tells one."""
        for device_id in self._team.devices_with_pending():
            self.notify(device_id)

    def forget_device(self, device_id: str) -> None:
        """A device is deleted: its jobs do not wait for it."""
        if self._team.devices.get(device_id) is None:
            raise unknown("Device", device_id)
        for execution in self._team.forget_device(device_id):
            job = self.get(execution.job_id)
            counts = {**job.counts, execution.status: job.counts[execution.status] - 1}
            job = replace(
                job, counts=counts, removed=job.removed + 1, updated_at=self._agenda.now()
            )
            self._team.jobs.put(job)
            self._finish(job)

    def _step(self, job: Job, event: JobEvent, **changes: Any) -> None:
        after = JOB.get((job.status, event))
        if after is None:
            raise conflict(f"Job {job.id} is {job.status}: {event} is not possible")
        self._team.jobs.put(replace(job, status=after, updated_at=self._agenda.now(), **changes))

    def _put(self, execution: Execution, status: ExecutionStatus, detail: str) -> None:
        now = self._agenda.now()
        self._team.put(replace(execution, status=status, detail=detail, updated_at=now))

    def _update_version(self, device_id: str, document: Document) -> None:
        device, member = self._team.devices.get(device_id), VERSION_MEMBERS.get(document.type)
        if device is None or member is None:
            return
        now = self._agenda.now()
        reported = {"device": {"deviceInfo": {member: document.version}}}
        with suppress(ApiError):  # "an attempt will be made": the shadow may be full
            shadow = patched(device.shadow, now, reported=reported)
            self._team.devices.put(replace(device, shadow=shadow, updated_at=now))

    def _finish(self, job: Job) -> None:
        """A job whose executions have all ended is completed; what failed can be tried again."""
        rolled_out = job.rolled_out == len(job.devices)
        if job.status is not JobStatus.IN_PROGRESS or not rolled_out or job.pending:
            return
        now = self._agenda.now()
        self._step(job, JobEvent.FINISH, detail=ALL_ENDED, completed_at=now)
        if not any(job.counts[each] for each in RETRIED):
            return
        for execution in self._team.executions[job.id]:
            device = self._team.devices.get(execution.device_id)
            if device and execution.status in RETRIED:
                tags = (*device.tags, job.group)
                self._team.devices.put(replace(device, tags=tags, updated_at=now))
        retry = Job(
            id=str(uuid4()),
            number=next(numbers),
            created_at=now,
            updated_at=now,
            name=f"{job.root} Retry" + (f" {job.retry + 1}" if job.retry else ""),
            root=job.root,
            retry=job.retry + 1,
            description=job.description,
            document=job.document,
            tags=(job.group,),
        )
        self._team.jobs.put(retry)
