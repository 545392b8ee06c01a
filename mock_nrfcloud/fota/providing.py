"""What a scenario says that nRF Cloud has: devices and bundles, and what devices report. Pure.

Raises BddError for what nRF Cloud could not have.
"""

from __future__ import annotations

from typing import Any

from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.fota import commands, views
from mock_nrfcloud.fota.account import Account
from mock_nrfcloud.fota.bundles import TYPES, is_bundle_id, new_id
from mock_nrfcloud.fota.devices import TAG
from mock_nrfcloud.fota.entities import Bundle
from mock_nrfcloud.fota.errors import check_room
from mock_nrfcloud.fota.shadow import patched
from mock_nrfcloud.fota.shelf import numbers
from mock_nrfcloud.twins import Reply


def provide_device(account: Account, asked: commands.Device) -> Reply:
    """Let a device be known, with what is said of it."""
    for each in asked.firmware_types or ():
        _check_type(each)
    for each in asked.tags or ():
        if not TAG.fullmatch(each):
            raise BddError(f"{each[:100]!r} is no group", hint="use letters, digits and _.@:#-")
    device = account.team.devices.get(asked.id)
    types = asked.firmware_types
    if device is None and types is None and asked.gateway is None:
        types = ["APP"]
    information = {"appVersion": asked.app_version, "modemFirmware": asked.modem_firmware}
    service = {"fota_v2": types, "fota_v2_ble": asked.ble_fota}
    known = {"deviceInfo": _given(information), "serviceInfo": _given(service)}
    own = {name: members for name, members in known.items() if members}
    device = device or account.devices.new(asked.id)
    now, shadow = account.agenda.now(), device.shadow
    if own:
        shadow = patched(shadow, now, reported={"device": own})
    if asked.reported or asked.desired:
        shadow = patched(shadow, now, reported=asked.reported, desired=asked.desired)
    tags = None if asked.tags is None else tuple(dict.fromkeys(asked.tags))
    values = {
        "name": asked.name,
        "sub_type": asked.sub_type,
        "tags": tags,
        "gateway": asked.gateway,
    }
    device = account.devices.change(device, shadow=shadow, **_given(values))
    view = views.device(device, account.team, state=True, times=False)
    return {"device": view, **_given({"gateway": device.gateway})}


def provide_bundle(account: Account, asked: commands.Bundle) -> Reply:
    """Let a firmware bundle be available."""
    _check_type(asked.type)
    name = asked.bundle_id or new_id(asked.type, asked.version)
    if not is_bundle_id(name):
        raise BddError(f"{name[:200]!r} is no bundle ID", hint="write one like APP*1e29dfa3*v1.0.0")
    if (known := account.team.bundles.get(name)) is None:
        check_room(account.team.bundles, "bundles")
    bundle = Bundle(
        id=name,
        number=known.number if known else next(numbers),
        type=asked.type,
        version=asked.version,
        size=asked.size,
        files={"firmware.bin": None},
        created_at=account.agenda.now(),
        name=asked.name,
    )
    account.team.bundles.put(bundle)
    return {"bundleId": name}


def report(account: Account, asked: commands.Report) -> Reply:
    """Let a device, or those of a group, tell the status of what is pending."""
    if asked.device is None and asked.group is None:
        raise BddError("it is not said whose", hint='give a "device" or a "group"')
    team, devices = account.team, [asked.device] if asked.device else []
    devices += [each.id for each in team.devices if asked.group in each.tags]
    pending = [
        each
        for device in devices
        if (each := team.execution(asked.job, device) if asked.job else team.first(device))
    ]
    if not pending:
        whom = asked.device or f"any device of the group {asked.group}"
        what = f"of the job {asked.job}" if asked.job else "that is pending"
        raise BddError(f"there is no execution for {whom} {what}", hint="create and apply a job")
    for each in pending:
        account.jobs.report(each.device_id, each.job_id, asked.status, asked.detail)
    return {"devices": [each.device_id for each in pending]}


def _check_type(text: str) -> None:
    if text not in TYPES:
        hint = did_you_mean(text, TYPES) or f"there are: {', '.join(TYPES)}"
        raise BddError(f"{text[:100]!r} is no firmware type", hint=hint)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
