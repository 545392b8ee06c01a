"""The two REST APIs: a request, its operation, and the answer. Pure, but for the IDs of requests.

The control plane and the data plane of devices share paths: what a request is for is told by its
host, or else by the service that its signature (Signature Version 4) is for. Signatures are not
verified, and need not be there: then it is for the control plane.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import uuid4

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.sisters.aws_iot import requests, texts
from mock_nrfcloud.sisters.aws_iot.errors import STATUS, ApiError, invalid, not_found
from mock_nrfcloud.sisters.aws_iot.jobs import Job, Jobs
from mock_nrfcloud.sisters.aws_iot.lifecycle import Cause, Execution, Status

REGIONS: Final = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2"),
    *("eu-west-3", "il-central-1", "me-central-1", "me-south-1", "ap-east-1", "ap-south-1"),
    *("ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-5"),
)
"""The regions that have AWS IoT; all are one here."""
CONTROL_HOSTS: Final = frozenset({"aws-iot", *(f"iot.{each}.amazonaws.com" for each in REGIONS)})
DATA_HOSTS: Final = frozenset(
    {"aws-iot-data", *(f"data.jobs.iot.{each}.amazonaws.com" for each in REGIONS)}
)
_DATA_SCOPE: Final = re.compile(
    r"AWS4-HMAC-SHA256 .*Credential=[^/,\s]+/[0-9]+/[^/,\s]+/iot-jobs-data/aws4_request"
)


class Api:
    """The operations on what AWS IoT knows. `now` gives seconds since 1970."""

    def __init__(self, jobs: Jobs, now: Callable[[], float]) -> None:
        self._jobs = jobs
        self._now = now

    def answer(self, host: str, request: HttpRequest) -> HttpResponse | None:
        """Answer a request; None for a path that is none of those known here."""
        signed = request.header("Authorization") or ""
        try:
            if host in DATA_HOSTS or _DATA_SCOPE.match(signed):
                return self._data(request)
            return self._control(request)
        except ApiError as error:
            body = {"message": error.message, **error.members}
            return _response(STATUS[error.name], body, ("x-amzn-ErrorType", error.name))

    def _control(self, request: HttpRequest) -> HttpResponse | None:
        match request.method, *request.path.split("/")[1:]:
            case "PUT", "jobs", job:
                return self._create_job(request, job)
            case "GET", "jobs", job:
                return self._describe_job(job)
            case "PUT", "jobs", job, "cancel":
                return self._cancel_job(request, job)
            case "GET", "jobs", job, "things":
                return self._list_for_job(request, job)
            case "GET", "things", thing, "jobs":
                return self._list_for_thing(request, thing)
            case "GET", "things", thing, "jobs", job:
                return self._describe_execution(request, thing, job)
            case "PUT", "things", thing, "jobs", job, "cancel":
                return self._cancel_execution(request, thing, job)
        return None

    def _data(self, request: HttpRequest) -> HttpResponse | None:
        match request.method, *request.path.split("/")[1:]:
            case "PUT", "things", thing, "jobs", "$next":
                return self._start_next(request, thing)
            case "POST", "things", thing, "jobs", job:
                return self._update_execution(request, thing, job)
        return None

    def _create_job(self, request: HttpRequest, job: str) -> HttpResponse:
        requests.check_names(job=job)
        body = requests.body(request, requests.CreateJob)
        if (body.document is None) == (body.document_source is None):
            raise invalid("A job has either a document or a documentSource")
        things = tuple(dict.fromkeys(map(requests.target_thing, body.targets)))
        now = self._now()
        added = Job(
            job,
            things,
            body.document or "",
            body.description,
            body.target_selection,
            created_at=now,
            updated_at=now,
            source=body.document_source,
        )
        self._jobs.create(added)
        return _response(200, texts.created(added))

    def _describe_job(self, job: str) -> HttpResponse:
        requests.check_names(job=job)
        found = self._jobs.job(job)
        source = {"documentSource": found.source} if found.source else {}
        return _response(200, {**source, "job": texts.described(found, self._jobs.counts(job))})

    def _cancel_job(self, request: HttpRequest, job: str) -> HttpResponse:
        requests.check_names(job=job)
        force = requests.flag(request, "force")
        body = requests.body(request, requests.CancelJob)
        found = self._jobs.job(job)
        reason, comment = body.reason_code, body.comment
        self._jobs.cancel(found, self._now(), force=force, reason=reason, comment=comment)
        return _response(200, texts.created(found))

    def _cancel_execution(self, request: HttpRequest, thing: str, job: str) -> HttpResponse:
        requests.check_names(job=job, thing=thing)
        force = requests.flag(request, "force")
        body = requests.body(request, requests.CancelExecution)
        self._jobs.change(
            self._jobs.execution(job, thing),
            Status.CANCELED,
            Cause.FORCE if force else Cause.CANCEL,
            self._now(),
            details=body.status_details,
            expected_version=body.expected_version,
        )
        return _response(200, None)

    def _describe_execution(self, request: HttpRequest, thing: str, job: str) -> HttpResponse:
        requests.check_names(job=job, thing=thing)
        found = self._jobs.execution(job, thing)
        _check_number(requests.number(request, "executionNumber"))
        return _response(200, {"execution": texts.execution(found)})

    def _list_for_job(self, request: HttpRequest, job: str) -> HttpResponse:
        requests.check_names(job=job)
        return _listed(
            request,
            self._jobs.executions_of(job),
            lambda each: {"thingArn": texts.thing_arn(each.thing)},
        )

    def _list_for_thing(self, request: HttpRequest, thing: str) -> HttpResponse:
        requests.check_names(thing=thing, job=requests.parameter(request, "jobId"))
        job = requests.parameter(request, "jobId")
        found = [each for each in self._jobs.executions_on(thing) if job in (None, each.job)]
        return _listed(request, found, lambda each: {"jobId": each.job})

    def _start_next(self, request: HttpRequest, thing: str) -> HttpResponse:
        requests.check_names(thing=thing)
        body = requests.body(request, requests.StartNext)
        started = self._jobs.start_next(thing, body.status_details, self._now())
        if started is None:
            return _response(200, {})
        job = self._jobs.job(started.job)
        return _response(200, {"execution": texts.for_device(started, job)})

    def _update_execution(self, request: HttpRequest, thing: str, job: str) -> HttpResponse:
        requests.check_names(job=job, thing=thing)
        body = requests.body(request, requests.UpdateExecution)
        found = self._jobs.execution(job, thing)
        _check_number(body.execution_number)
        after = self._jobs.change(
            found,
            body.status,
            Cause.REPORT,
            self._now(),
            details=body.status_details,
            expected_version=body.expected_version,
        )
        answer: dict[str, Any] = {}
        if body.include_job_execution_state:
            answer["executionState"] = after.state()
        if body.include_job_document:
            answer["jobDocument"] = self._jobs.job(job).document
        return _response(200, answer)


def _listed(
    request: HttpRequest, every: Iterable[Execution], about: Callable[[Execution], dict[str, str]]
) -> HttpResponse:
    wanted = requests.status(request)
    chosen = [each for each in every if wanted in (None, each.status)]
    part, token = requests.page(request, chosen)
    summaries = [{**about(each), "jobExecutionSummary": texts.summary(each)} for each in part]
    answer: dict[str, Any] = {"executionSummaries": summaries}
    if token:
        answer["nextToken"] = token
    return _response(200, answer)


def _check_number(number: int | None) -> None:
    if number not in (None, texts.NUMBER):
        raise not_found(f"The execution number {number}")


def _response(status: int, body: dict[str, Any] | None, *headers: tuple[str, str]) -> HttpResponse:
    """An answer with a JSON body, or, if that is None, an empty one."""
    every = (("Content-Type", "application/json"), ("x-amzn-RequestId", str(uuid4())), *headers)
    return HttpResponse(status, "", every, b"" if body is None else json.dumps(body).encode())
