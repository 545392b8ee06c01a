"""Answers to what steps ask of an account: whether it is so, and how it is if not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.fota import commands, views
from mock_nrfcloud.fota.entities import Execution, Job
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
    if found is None:
        known = {text for each in team.jobs for text in (each.id, each.name)}
        return answered(asked, "job", which, None, _unknown(which, wanted, known))
    view = views.job(found)
    reply = _with_detail(answered(asked, "job", which, view, ""), which, asked.detail, view)
    return _explained(reply, _progress(found))


def execution(team: Team, asked: commands.Execution) -> Reply:
    """How an execution is."""
    which = f"the execution for {asked.device}"
    jobs = team.jobs_of.get(asked.device, [])
    job_id = asked.job or (jobs[-1] if jobs else "")
    found, of_job = team.execution(job_id, asked.device), team.jobs.get(job_id)
    if found is None or of_job is None:
        if team.devices.get(asked.device) is None:
            known = [each.id for each in team.devices]
            missing = _unknown(f"the device {asked.device}", asked.device, known)
        else:
            missing = _unknown(which, job_id, jobs)
        return answered(asked, "execution", which, None, missing)
    view = views.execution(found, of_job.document, team)
    reply = answered(asked, "execution", which, view, "")
    return _explained(_with_detail(reply, which, asked.detail, view), _blocked(team, found))


def group(team: Team, asked: commands.Group) -> Reply:
    """Which devices are in a group."""
    devices = [each.id for each in team.devices if asked.name in each.tags]
    what: list[str] = []
    if asked.devices is not None and set(asked.devices) != set(devices):
        what = [f"the group {asked.name} does not have the expected devices"]
        what += [f"  missing: {each}" for each in asked.devices if each not in devices]
        what += [f"  not expected: {each}" for each in devices if each not in asked.devices]
        if not devices:
            groups = {tag for each in team.devices for tag in each.tags}
            what.append("  " + _unknown(f"the group {asked.name}", asked.name, groups))
    return {"devices": devices, "holds": not what, "what": what}


def state(team: Team, asked: commands.State) -> Reply:
    """What the shadow of a device is."""
    device = team.devices.get(asked.device)
    which = f"the state of {asked.device}"
    if device is None:
        known = [each.id for each in team.devices]
        missing = _unknown(f"the device {asked.device}", asked.device, known)
        return answered(asked, "state", which, None, missing)
    return answered(asked, "state", which, views.shadow(device, times=True), "")


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
    return f"nRF Cloud does not know {which}" + (f": {hint}" if hint else "")


def _with_detail(reply: Reply, which: str, detail: str | None, view: Mapping[str, Any]) -> Reply:
    has = view.get("statusDetail", "")
    if not reply["holds"] or detail in (None, has):
        return reply
    return {**reply, "holds": False, "what": [f'the detail of {which} is "{has}", not "{detail}"']}


def _explained(reply: Reply, more: list[str]) -> Reply:
    return reply if reply["holds"] else {**reply, "what": [*reply["what"], *more]}


def _progress(job: Job) -> list[str]:
    counts = [f"{count} {status}" for status, count in job.counts.items() if count]
    lines = [f"  its executions: {', '.join(counts)}"] if counts else []
    waiting = len(job.devices) - job.rolled_out
    return lines + ([f"  {waiting} devices wait for the next batches"] if waiting else [])


def _blocked(team: Team, execution: Execution) -> list[str]:
    first = team.first(execution.device_id)
    if first is None or first.job_id == execution.job_id:
        return []
    return [f"  before it comes that of the job {first.job_id}, which is {first.status}"]
