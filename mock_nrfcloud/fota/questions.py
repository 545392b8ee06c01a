"""Answers to what steps ask of an account: whether it is so, and how it is if not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.fota import commands, views
from mock_nrfcloud.fota.entities import Execution, Job
from mock_nrfcloud.fota.lifecycle import ExecutionStatus, JobStatus
from mock_nrfcloud.fota.team import Team
from mock_nrfcloud.questions import answered
from mock_nrfcloud.twins import Reply

_SHOWN: Final = 100
"""How many jobs and bundles an overview has, the newest."""


def job(team: Team, asked: commands.Job) -> Reply:
    """How a job is. Raises BddError if neither its ID nor its name is given."""
    if (wanted := asked.id or asked.name) is None:
        raise BddError("job: it is not said which", hint='give its "id" or its "name"')
    if asked.id:
        found = team.jobs.get(asked.id)
    else:
        found = next((each for each in team.jobs.newest_first() if each.name == wanted), None)
    which = f"the job {wanted}"
    known = (text for each in team.jobs for text in (each.id, each.name))
    view = views.job(found) if found else None
    missing = "" if view else _unknown(which, wanted, known)
    reply = answered(asked, "job", which, view, missing, JobStatus)
    return _detailed(reply, which, asked.detail, view, _progress(found))


def execution(team: Team, asked: commands.Execution) -> Reply:
    """How an execution is."""
    which = f"the execution for {asked.device}"
    jobs = team.jobs_of.get(asked.device, [])
    job_id = asked.job or (jobs[-1] if jobs else "")
    found, of_job = team.execution(job_id, asked.device), team.jobs.get(job_id)
    view, missing = None, ""
    if found and of_job:
        view = views.execution(found, of_job.document, team)
    elif team.devices.get(asked.device):
        missing = _unknown(which, job_id, jobs)
    else:
        missing = _unknown_device(team, asked.device)
    reply = answered(asked, "execution", which, view, missing, ExecutionStatus)
    return _detailed(reply, which, asked.detail, view, _blocked(team, found))


def group(team: Team, asked: commands.Group) -> Reply:
    """Which devices are in a group, and the gateways of those that have one."""
    found = [each for each in team.devices if asked.name in each.tags]
    devices = [each.id for each in found]
    gateways = {each.id: each.gateway for each in found if each.gateway}
    what: list[str] = []
    if asked.devices is not None and set(asked.devices) != set(devices):
        what = [f"the group {asked.name} does not have the expected devices"]
        what += [f"  missing: {each}" for each in asked.devices if each not in devices]
        what += [f"  not expected: {each}" for each in devices if each not in asked.devices]
        if not devices:
            groups = {tag for each in team.devices for tag in each.tags}
            why = _unknown(f"the group {asked.name}", asked.name, groups)
            what += [f"  {line}" for line in why.split("\n")]
    return {"devices": devices, "gateways": gateways, "holds": not what, "what": what}


def state(team: Team, asked: commands.State) -> Reply:
    """What the shadow of a device is."""
    device = team.devices.get(asked.device)
    view = views.shadow(device, times=True) if device else None
    missing = "" if device else _unknown_device(team, asked.device)
    return answered(asked, "state", f"the state of {asked.device}", view, missing, ())


def overview(team: Team) -> Mapping[str, Any]:
    """What an account has, for a person."""
    return {
        "tenantId": team.id,
        "devices": len(team.devices),
        "bundles": [each.id for each in islice(team.bundles.newest_first(), _SHOWN)],
        "jobs": [
            {"jobId": each.id, "name": each.name, "status": each.status.value}
            for each in islice(team.jobs.newest_first(), _SHOWN)
        ],
    }


def _unknown(which: str, wanted: str, known: Iterable[str]) -> str:
    hint = did_you_mean(wanted, known)
    return f"nRF Cloud does not know {which}" + (f"\n  {hint}" if hint else "")


def _unknown_device(team: Team, device: str) -> str:
    return _unknown(f"the device {device}", device, (each.id for each in team.devices))


def _detailed(
    reply: Reply, which: str, detail: str | None, view: Mapping[str, Any] | None, more: list[str]
) -> Reply:
    """A reply that does not hold either if the detail is another; then with more that helps."""
    has = (view or {}).get("statusDetail", "")
    if reply["holds"] and detail not in (None, has):
        what = [f'the detail of {which} is "{has}", not "{detail}"']
        reply = {**reply, "holds": False, "what": what}
    return reply if reply["holds"] else {**reply, "what": [*reply["what"], *more]}


def _progress(job: Job | None) -> list[str]:
    if job is None:
        return []
    counts = [f"{count} {status}" for status, count in job.counts.items() if count]
    lines = [f"  its executions: {', '.join(counts)}"] if counts else []
    waiting = len(job.devices) - job.rolled_out
    return lines + ([f"  {waiting} devices wait for the next batches"] if waiting else [])


def _blocked(team: Team, execution: Execution | None) -> list[str]:
    first = team.first(execution.device_id) if execution else None
    if execution is None or first is None or first.job_id == execution.job_id:
        return []
    return [f"  before it comes that of the job {first.job_id}, which is {first.status}"]
