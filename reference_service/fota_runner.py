"""Drives the FOTA jobs: does what a job has to do next, and tells it what came of it.

Each running job has one task. What a job becomes is decided in `fota` and `fota_older`; here it
is read, changed and written with no `await` in between, so the transitions of a job are never
interleaved, whoever causes them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from reference_service import shadow
from reference_service.firmware import Target
from reference_service.fota import (
    Abort,
    CloudJobCreated,
    CloudJobSeen,
    CreateCloudJob,
    Event,
    Finish,
    Job,
    NextStep,
    NothingLeft,
    PollCloudJob,
    cloud_job,
)
from reference_service.hub import Hub
from reference_service.nrfcloud import NrfCloud, Refusal
from reference_service.store import AnyJob, Store
from reference_service.tasks import Tasks, pause
from reference_service.times import iso, now
from reference_service.watch import Watch

_log = logging.getLogger(__name__)

MAX_UNKNOWN: Final = 50
"""After so many answers in a row that nRF Cloud does not know its job, it is not asked again."""


class FotaRunner:
    """The jobs at work."""

    def __init__(
        self,
        store: Store,
        cloud: NrfCloud,
        hub: Hub,
        watch: Watch,
        tasks: Tasks,
        interval: float,
    ) -> None:
        self._store = store
        self._cloud = cloud
        self._hub = hub
        self._watch = watch
        self._tasks = tasks
        self._interval = interval
        self._wakes: dict[str, asyncio.Event] = {}
        watch.on_change = self._wake_jobs

    def resume(self) -> None:
        """Go on with the jobs that were running when the service was last stopped."""
        for job in self._store.running_jobs():
            self._start(job)

    def schedule(self, job: AnyJob) -> None:
        """Remember a new job and begin with it."""
        self._store.add_job(job)
        _log.info("FOTA job %s of %s: created", job.id, job.device_id)
        self._start(job)

    def abort(self, job: Job) -> None:
        """Cancel the job, at once."""
        self._apply(job, Abort())
        if job.id in self._wakes:
            self._wakes[job.id].set()

    def _start(self, job: AnyJob) -> None:
        self._tasks.start(self._drive(job), f"FOTA job {job.id}")

    def _wake_jobs(self, device_id: str) -> None:
        for job in self._store.running_jobs(device_id):
            if job.id in self._wakes:
                self._wakes[job.id].set()

    async def _drive(self, job: AnyJob) -> None:
        """Work on a job until it has ended, or nRF Cloud has too often not known its job."""
        wake = self._wakes[job.id] = asyncio.Event()
        unknown = 0
        try:
            with self._watch.interest(job.device_id):
                while unknown < MAX_UNKNOWN and (step := self._current(job).next_step()):
                    wake.clear()
                    event = await self._take(step, job)
                    if isinstance(event, Refusal):
                        polled = isinstance(step, PollCloudJob)
                        unknown = unknown + 1 if polled and event.status == 404 else 0
                    else:
                        unknown = 0
                        self._apply(job, event)
                    if self._current(job).next_step() == step:
                        await pause(wake, self._interval)
        finally:
            del self._wakes[job.id]
        if unknown == MAX_UNKNOWN:
            _log.warning("FOTA job %s: nRF Cloud does not know its job: no longer polled", job.id)

    async def _take(self, step: NextStep, job: AnyJob) -> Event | Refusal:
        """Do what is to do next; what came of it, or a Refusal that changes nothing."""
        device = self._store.device(job.device_id)
        if device is None:
            return Refusal(None, "the device is not registered")
        match step:
            case CreateCloudJob(bundle):
                created = await self._cloud.create_fota_job(device.account, device.id, bundle)
                if isinstance(created, Refusal):
                    return created
                return CloudJobCreated(bundle, created, iso(now()))
            case PollCloudJob(cloud_job_id):
                answer = await self._cloud.fota_job(device.account, cloud_job_id)
                if isinstance(answer, Refusal):
                    return answer
                seen = cloud_job(cloud_job_id, answer)
                if seen is None:
                    return Refusal(None, "the answer has no status")
                return CloudJobSeen(seen, self._reported_version(job))
            case Finish():
                return NothingLeft()

    def _reported_version(self, job: AnyJob) -> str | None:
        if not isinstance(job, Job):
            return None  # the older generation does not ask for it
        state = self._store.shadow(job.device_id)
        version = shadow.firmware_version(state, Target(job.target))
        return version.text if version else None

    def _current(self, job: AnyJob) -> AnyJob:
        return self._store.job(job.id) or job

    def _apply(self, job: AnyJob, event: Event) -> None:
        """Let the event happen to the job as it is now, and tell whom it concerns."""
        before = self._current(job)
        after, surplus = before.after(event)
        if after != before:
            self._store.save_job(after)
            _log.info(
                "FOTA job %s of %s: %s %s",
                after.id,
                after.device_id,
                after.status,
                after.status_detail,
            )
            if isinstance(after, Job):
                self._hub.send(after.device_id, after.view())
        if surplus is not None:
            self._tasks.start(self._cancel(after.device_id, surplus), f"cancelling {surplus}")

    async def _cancel(self, device_id: str, cloud_job_id: str) -> None:
        """Cancel a job of nRF Cloud. If it refuses, its own log line says so: that is all."""
        device = self._store.device(device_id)
        if device is not None:
            await self._cloud.cancel_fota_job(device.account, cloud_job_id)
