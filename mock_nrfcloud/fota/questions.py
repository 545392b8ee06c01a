"""Answers to what steps ask of an account: whether it is so, and how it is if not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.core.matching import mismatches
from harness.core.nearest import did_you_mean
from mock_nrfcloud.fota import commands, views
from mock_nrfcloud.fota.entities import Execution, Job
from mock_nrfcloud.fota.team import Team
from mock_nrfcloud.twins import Reply


def job(team: Team, asked: commands.Job) -> Reply:
    """How a job is."""
    found = team.jobs.get(asked.id) if asked.id else None
    if asked.id is None:
        found = next((each for each in team.jobs.newest_first() if each.name == asked.name), None)
    name = asked.id or asked.name or ""
    if found is None:
        known = [each for job in team.jobs for each in (job.name, job.id)]
        return _not_there("job", f'the job "{name}"', name, known)
    view = views.job(found)
    what = _differences(f'the job "{name}"', asked.status, asked.detail, asked.match, view)
    return _reply("job", view, what and [*what, *_progress(found)])


def execution(team: Team, asked: commands.Execution) -> Reply:
    """How an execution is."""
    jobs = team.jobs_of.get(asked.device, [])
    job_id = asked.job or (jobs[-1] if jobs else "")
    found = team.execution(job_id, asked.device)
    if found is None:
        which = f"the execution for {asked.device}"
        if team.devices.get(asked.device) is None:
            known = [each.id for each in team.devices]
            return _not_there("execution", f"the device {asked.device}", asked.device, known)
        return _not_there("execution", which, asked.job or "", jobs)
    document = team.jobs.get(job_id)
    assert document is not None
    view = views.execution(found, document.document, team)
    which = f"the execution for {asked.device}"
    what = _differences(which, asked.status, asked.detail, asked.match, view)
    return _reply("execution", view, what and [*what, *_blocked(team, found)])


def group(team: Team, asked: commands.Group) -> Reply:
    """Which devices are in a group."""
    devices = [each.id for each in team.devices if asked.name in each.tags]
    what: list[str] = []
    if asked.devices is not None and set(asked.devices) != set(devices):
        what = [f'the group "{asked.name}" has other devices']
        what += [f"missing: {each}" for each in asked.devices if each not in devices]
        what += [f"not expected: {each}" for each in devices if each not in asked.devices]
        if not devices:
            groups = {tag for each in team.devices for tag in each.tags}
            what += [each for each in [did_you_mean(asked.name, groups)] if each]
    return _reply("devices", devices, what)


def state(team: Team, asked: commands.State) -> Reply:
    """What the shadow of a device is."""
    device = team.devices.get(asked.device)
    if device is None:
        known = [each.id for each in team.devices]
        return _not_there("state", f"the device {asked.device}", asked.device, known)
    view = views.shadow(device, times=True)
    what = _differences(f"the state of {asked.device}", None, None, asked.match, view)
    return _reply("state", view, what)


def overview(team: Team) -> Mapping[str, Any]:
    """What an account has, for a person."""
    return {
        "tenantId": team.id,
        "devices": len(team.devices),
        "bundles": [each.id for each in team.bundles.newest_first()][:_SHOWN],
        "jobs": [
            {"jobId": each.id, "name": each.name, "status": each.status.value}
            for each, _ in zip(team.jobs.newest_first(), range(_SHOWN), strict=False)
        ],
    }


_SHOWN = 100


def _differences(
    which: str, status: str | None, detail: str | None, match: object, view: Mapping[str, Any]
) -> list[str]:
    found = []
    if status is not None and view["status"] != status:
        found.append(f"{which} is {view['status']}, not {status}")
    if detail is not None and view.get("statusDetail", "") != detail:
        has = view.get("statusDetail")
        found.append(
            f"{which} has the detail {has!r}, not {detail!r}"
            if has
            else f"{which} has no detail, not {detail!r}"
        )
    if match is not None and (differing := mismatches(match, view)):
        found += [f"{which} does not match", *map(str, differing)]
    return found


def _progress(job: Job) -> list[str]:
    counts = [f"{count} {status}" for status, count in job.counts.items() if count]
    lines = [f"its detail: {job.detail}"] if job.detail else []
    lines += [f"its executions: {', '.join(counts)}"] if counts else []
    waiting = len(job.devices) - job.rolled_out
    return lines + ([f"{waiting} devices wait for the next batch"] if waiting else [])


def _blocked(team: Team, execution: Execution) -> list[str]:
    first = team.first(execution.device_id)
    if first is None or first.job_id == execution.job_id:
        return []
    return [f"the older execution of the job {first.job_id} is {first.status}"]


def _reply(name: str, view: object, what: Sequence[str]) -> Reply:
    return {name: view, "holds": not what, "what": list(what)}


def _not_there(name: str, which: str, wanted: str, known: Sequence[str]) -> Reply:
    hint = did_you_mean(wanted, known)
    return {
        name: None,
        "holds": False,
        "what": [f"nRF Cloud does not know {which}", *([hint] if hint else [])],
    }
