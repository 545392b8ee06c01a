"""Jobs and executions over REST. Pure."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from harness.core.http_text import HttpResponse
from mock_nrfcloud.fota import views
from mock_nrfcloud.fota.assumptions import MAX_DETAIL, NOTHING_PENDING
from mock_nrfcloud.fota.bundles import TYPES
from mock_nrfcloud.fota.entities import Execution, Job
from mock_nrfcloud.fota.errors import ApiError, invalid, unknown
from mock_nrfcloud.fota.lifecycle import ExecutionStatus, JobStatus
from mock_nrfcloud.fota.rest.call import Call, accepted, ok, paged
from mock_nrfcloud.fota.rest.routing import Operations
from mock_nrfcloud.fota.shelf import page

OPERATIONS: Final = Operations()

Text = Annotated[str, Meta(max_length=MAX_DETAIL)]


class NewJob(Struct, rename="camel"):
    """What a client says of a new job."""

    bundle_id: Text
    auto_apply: bool | Literal["true", "false"] = True
    name: Text = ""
    description: Text = ""
    device_ids: list[Text] = []
    device_identifiers: list[Text] = []
    tags: list[Text] = []
    firmware_type: Text | None = None
    firmware_versions: list[Text] | Text | None = None
    schedule: dict[str, Any] | None = None


class Cancelling(Struct):
    """What a client may say when it cancels a job."""

    reason: Text = ""


class Report(Struct):
    """What a device says of its execution."""

    status: ExecutionStatus
    details: Text = ""


@OPERATIONS.operation("POST", "/v1/fota-jobs")
def create_job(call: Call) -> HttpResponse:
    """A new job, which may be applied at once."""
    new = call.body(NewJob)
    if (bundle := call.account.team.bundles.get(new.bundle_id)) is None:
        raise unknown("Bundle", new.bundle_id)
    if new.firmware_type not in (None, bundle.type):
        raise invalid(f"firmwareType is not that of the bundle, {bundle.type}")
    job = call.account.jobs.create(
        bundle,
        name=new.name,
        description=new.description,
        device_ids=tuple(dict.fromkeys(new.device_ids + new.device_identifiers)),
        tags=tuple(dict.fromkeys(new.tags)),
        auto_apply=new.auto_apply in (True, "true"),
    )
    return ok({"jobId": job.id}, 201)


@OPERATIONS.operation("GET", "/v1/fota-jobs")
def list_jobs(call: Call) -> HttpResponse:
    """The jobs that are not deleted."""
    jobs = call.account.team.jobs
    found, after = jobs.page(call.page(), _listed)
    return paged([views.job(each) for each in found], after)


@OPERATIONS.operation("GET", "/v1/fota-jobs/{job}")
def get_job(call: Call) -> HttpResponse:
    """A job."""
    return ok(views.job(call.account.jobs.get(call.parts["job"])))


@OPERATIONS.operation("POST", "/v1/fota-jobs/{job}/apply")
def apply_job(call: Call) -> HttpResponse:
    """Roll a job out."""
    call.account.jobs.apply(call.parts["job"])
    return accepted()


@OPERATIONS.operation("PUT", "/v1/fota-jobs/{job}/cancel")
def cancel_job(call: Call) -> HttpResponse:
    """Cancel a job."""
    said = call.body(Cancelling) if call.request.body else Cancelling()
    call.account.jobs.cancel(call.parts["job"], call.value("reason") or said.reason)
    return accepted()


@OPERATIONS.operation("DELETE", "/v1/fota-jobs/{job}")
def delete_job(call: Call) -> HttpResponse:
    """Delete a job."""
    call.account.jobs.delete(call.parts["job"])
    return accepted()


@OPERATIONS.operation("GET", "/v1/fota-job-execution-statuses/{job}")
def list_statuses(call: Call) -> HttpResponse:
    """How the devices of a job fare."""
    job = call.account.jobs.get(call.parts["job"])
    status = call.value("status")
    if status is not None and status not in ExecutionStatus.__members__:
        raise invalid(f"status is none of {', '.join(ExecutionStatus)}")
    asked, shelf = call.page(), call.account.team.executions.get(job.id)
    if shelf is None:
        return paged([], None)
    found, after = shelf.page(asked, lambda each: status in (None, each.status))
    return paged([views.execution_status(each) for each in found], after)


@OPERATIONS.operation("GET", "/v1/fota-job-executions/{device}")
def list_executions(call: Call) -> HttpResponse:
    """The executions of a device."""
    device, team, asked = call.parts["device"], call.account.team, call.page()
    call.account.devices.get(device)
    ids = page(team.jobs_of.get(device, ()), lambda job: _execution(call, job).number, asked)
    found = [_execution(call, job) for job in islice(ids, asked.limit)]
    more = found[-1].number if len(found) == asked.limit and next(ids, None) else None
    return paged([_view(call, each) for each in found], more)


@OPERATIONS.operation("GET", "/v1/fota-job-executions/{device}/current")
def get_current(call: Call) -> HttpResponse:
    """The oldest pending execution of a device."""
    device, wanted = call.parts["device"], call.value("firmwareType")
    if wanted is not None and wanted not in TYPES:
        raise invalid(f"firmwareType is none of {', '.join(TYPES)}")
    call.account.devices.get(device)
    first = call.account.team.first(device)
    if first is None or wanted not in (None, _job(call, first).document.type):
        raise ApiError(NOTHING_PENDING, f"Device {device} has no pending execution")
    return ok(_view(call, first))


@OPERATIONS.operation("GET", "/v1/fota-job-executions/{device}/{job}")
def get_execution(call: Call) -> HttpResponse:
    """The execution of a job on a device."""
    return ok(_view(call, _execution(call, call.parts["job"])))


@OPERATIONS.operation("PATCH", "/v1/fota-job-executions/{device}/{job}")
def report(call: Call) -> HttpResponse:
    """The device, or who ends the execution for it, says its status."""
    said = call.body(Report)
    device, job = call.parts["device"], call.parts["job"]
    call.account.jobs.report(device, job, said.status, said.details)
    return accepted()


def _listed(job: Job) -> bool:
    return job.status is not JobStatus.DELETION_IN_PROGRESS


def _execution(call: Call, job: str) -> Execution:
    device = call.parts["device"]
    if (execution := call.account.team.execution(job, device)) is None:
        raise unknown("Execution", f"{device}/{job}")
    return execution


def _job(call: Call, execution: Execution) -> Job:
    return call.account.jobs.get(execution.job_id)


def _view(call: Call, execution: Execution) -> dict[str, Any]:
    return views.execution(execution, _job(call, execution).document, call.account.team)
