"""The twin: the API for clients, the commands for steps, one state. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud.commands import decoded
from mock_nrfcloud.questions import answered, known_status
from mock_nrfcloud.sisters.aws_iot import commands, requests, texts
from mock_nrfcloud.sisters.aws_iot.api import CONTROL_HOSTS, DATA_HOSTS, Api
from mock_nrfcloud.sisters.aws_iot.errors import ApiError
from mock_nrfcloud.sisters.aws_iot.jobs import Job, Jobs, JobStatus, Left
from mock_nrfcloud.sisters.aws_iot.lifecycle import Cause, Status
from mock_nrfcloud.twins import Command, Reply, Surroundings

MAX_THINGS: Final = 10_000
"""More things than this are refused, to bound memory."""

SHOWN: Final = 100
"""How many things and jobs (the newest) an overview has."""


class AwsIot:
    """AWS IoT, as far as its jobs go."""

    hosts = CONTROL_HOSTS | DATA_HOSTS

    def __init__(self, surroundings: Surroundings) -> None:
        self._now = surroundings.now
        self._jobs = Jobs()
        self._api = Api(self._jobs, self._now)

    def answer(self, host: str, request: HttpRequest) -> HttpResponse | None:
        """What AWS IoT answers."""
        return self._api.answer(host, request)

    def command(self, command: Command) -> Reply:
        """Do or tell what a step asks (see `commands`)."""
        try:
            return self._obey(decoded(command, commands.KINDS))
        except ApiError as error:
            raise BddError(f"{error.message} ({error.name})") from None

    def _obey(self, command: commands.AnyCommand) -> Reply:
        match command:
            case commands.Show():
                return self._overview()
            case commands.Thing():
                self._know(command.name)
            case commands.Create():
                self._create(command)
            case commands.Report():
                self._report(command)
            case commands.Job():
                return self._tell_job(command)
            case commands.Execution():
                return self._tell_execution(command)
        return {}

    def received(self, topic: str, payload: bytes) -> None:
        """Nothing: its devices speak HTTP."""

    def resend(self) -> None:
        """Nothing, as it sends nothing."""

    def snapshot(self) -> object:
        """What it knows."""
        return self._jobs.left()

    def begin(self, inherited: Sequence[object]) -> None:
        """Know what others have left."""
        self._jobs.inherit(cast("Sequence[Left]", inherited))

    def close(self) -> None:
        """It has no timers."""

    def _overview(self) -> Reply:
        jobs = self._jobs.jobs.values()
        return {
            "things": sorted(self._jobs.things)[:SHOWN],
            "jobs": [texts.described(job, self._jobs.counts(job.id)) for job in jobs][-SHOWN:],
        }

    def _know(self, thing: str) -> None:
        requests.check_names(thing=thing)
        if len(self._jobs.things) >= MAX_THINGS:
            raise BddError(f"AWS IoT knows at most {MAX_THINGS:,} things here")
        self._jobs.things.add(thing)

    def _create(self, command: commands.Create) -> None:
        requests.check_names(job=command.job)
        things = tuple(dict.fromkeys(command.things))
        now = self._now()
        self._jobs.create(Job(command.job, things, command.document, "", "SNAPSHOT", now, now))

    def _report(self, command: commands.Report) -> None:
        status = Status(known_status(command.status, Status))
        requests.check_details(command.details)
        service = status in (Status.TIMED_OUT, Status.REMOVED)
        cause = Cause.SERVICE if service else Cause.REPORT
        execution = self._jobs.execution(command.job, command.thing)
        self._jobs.change(execution, status, cause, self._now(), details=command.details)

    def _tell_job(self, command: commands.Job) -> Reply:
        job = self._jobs.jobs.get(command.id)
        found = None if job is None else texts.described(job, self._jobs.counts(job.id))
        name = f"the AWS IoT job “{command.id}”"
        missing = f"there is no AWS IoT job “{command.id}”"
        return answered(command, "job", name, found, missing, JobStatus)

    def _tell_execution(self, command: commands.Execution) -> Reply:
        what = f"execution of the AWS IoT job “{command.job}” on the thing “{command.thing}”"
        try:
            found = texts.execution(self._jobs.execution(command.job, command.thing))
            missing = ""
        except ApiError as error:
            found, missing = None, f"there is no {what}: {error.message}"
        return answered(command, "execution", f"the {what}", found, missing, Status)
