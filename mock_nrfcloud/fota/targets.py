"""Which devices a job is for, and whether it can be rolled out to them. Pure.

Source: "Device eligibility" and "Job target validation errors" of Nordic's documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mock_nrfcloud.fota.assumptions import MAX_GATEWAYS
from mock_nrfcloud.fota.entities import Device, Job
from mock_nrfcloud.fota.team import Team

EMPTY: Final = "Empty job target"
MIXED: Final = "Job may not contain Bluetooth LE and IP devices"
TOO_MANY_GATEWAYS: Final = "Job specified more than the max number of gateways"
UNSUPPORTED: Final = "Not all gateways support Bluetooth LE updates"

BLE_TYPES: Final = ("APP", "MODEM", "SOFTDEVICE")
"""The firmware types that every Bluetooth LE device supports."""


def target(team: Team, job: Job) -> list[Device]:
    """The known devices of a job's target, as its groups are now."""
    named = (device for each in job.device_ids if (device := team.devices.get(each)))
    tags = set(job.tags)
    tagged = (device for device in team.devices if tags & set(device.tags)) if tags else ()
    return list({device.id: device for source in (named, tagged) for device in source}.values())


def supported(device: Device) -> tuple[str, ...]:
    """The firmware types that a device can be updated with."""
    if device.gateway is not None:
        return BLE_TYPES
    types = device.reports("device", "serviceInfo", "fota_v2")
    return tuple(str(each) for each in types) if isinstance(types, list) else ()


def eligible(devices: Iterable[Device], firmware_type: str) -> list[Device]:
    """Those devices that support a firmware type."""
    return [each for each in devices if firmware_type in supported(each)]


def problem(team: Team, devices: list[Device], found: list[Device]) -> str | None:
    """Why a job with these devices as its target, of which those were found to be eligible, cannot
    be rolled out, in nRF Cloud's words; None if it can."""
    if not found:
        return EMPTY
    gateways = {each.gateway for each in devices if each.gateway is not None}
    if gateways and any(each.gateway is None for each in devices):
        return MIXED
    if len(gateways) > MAX_GATEWAYS:
        return TOO_MANY_GATEWAYS
    if not all(_updates_others(team.devices.get(each)) for each in gateways):
        return UNSUPPORTED
    return None


def _updates_others(gateway: Device | None) -> bool:
    return bool(gateway and gateway.reports("device", "serviceInfo", "fota_v2_ble"))
