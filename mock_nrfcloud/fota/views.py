"""How things look in the answers of the REST API. What has no value is left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from mock_nrfcloud.fota.entities import (
    FIRMWARE_HOST,
    BulkOperation,
    Bundle,
    Device,
    Document,
    Execution,
    Job,
)
from mock_nrfcloud.fota.lifecycle import ExecutionStatus
from mock_nrfcloud.fota.shadow import delta
from mock_nrfcloud.fota.targets import supported
from mock_nrfcloud.fota.team import Team

View = dict[str, Any]

_STATS: Final[Mapping[str, ExecutionStatus]] = {
    "queued": ExecutionStatus.QUEUED,
    "inProgress": ExecutionStatus.IN_PROGRESS,
    "downloading": ExecutionStatus.DOWNLOADING,
    "succeeded": ExecutionStatus.SUCCEEDED,
    "failed": ExecutionStatus.FAILED,
    "rejected": ExecutionStatus.REJECTED,
    "timedOut": ExecutionStatus.TIMED_OUT,
    "cancelled": ExecutionStatus.CANCELLED,
}


def moment(seconds: float) -> str:
    """A time in ISO 8601, to the millisecond."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def job(each: Job) -> View:
    """A FOTA job."""
    document = each.document
    firmware = {
        "bundleId": document.bundle_id,
        "host": FIRMWARE_HOST,
        "fileSize": document.size,
        "firmwareType": document.type,
        "version": document.version,
        "uris": list(document.uris),
    }
    stats: View = {
        "executions": each.executions,
        "devices": len(each.devices),
        "completedExecutions": each.executions - each.pending,
    }
    stats |= {name: each.counts[status] for name, status in _STATS.items()}
    return _without_none(
        jobId=each.id,
        name=each.name,
        description=each.description or None,
        status=each.status.value,
        statusDetail=each.detail or None,
        firmware=firmware,
        target={"deviceIds": list(each.device_ids), "tags": list(each.tags)},
        createdAt=moment(each.created_at),
        lastUpdatedAt=moment(each.updated_at),
        completedAt=None if each.completed_at is None else moment(each.completed_at),
        executionStats={**stats, "removed": each.removed},
    )


def execution(each: Execution, document: Document, team: Team) -> View:
    """An execution, with its job document."""
    return _without_none(
        executionId=each.uuid,
        jobId=each.job_id,
        deviceId=each.device_id,
        tenantId=team.id,
        status=each.status.value,
        statusDetail=each.detail or None,
        jobDocument={
            "bundleId": document.bundle_id,
            "firmwareType": document.type,
            "fileSize": document.size,
            "host": FIRMWARE_HOST,
            "path": " ".join(document.uris),
            "version": document.version,
        },
        createdAt=moment(each.created_at),
        lastUpdatedAt=moment(each.updated_at),
    )


def execution_status(each: Execution) -> View:
    """An execution in the list of those of its job."""
    return _without_none(
        deviceId=each.device_id,
        status=each.status.value,
        statusDetail=each.detail or None,
        lastUpdatedAt=moment(each.updated_at),
    )


def device(each: Device, team: Team, *, state: bool, times: bool) -> View:
    """A device; with its shadow, and the times of what is in that."""
    info = each.reports("device", "deviceInfo")
    info = info if isinstance(info, dict) else {}
    firmware = _without_none(
        app=_without_none(name=info.get("appName"), version=info.get("appVersion")) or None,
        modem=info.get("modemFirmware"),
        boot=info.get("bootVersion"),
        supports=list(supported(each)),
    )
    view: View = {
        "id": each.id,
        "name": each.name,
        "tags": list(each.tags),
        "tenantId": team.id,
        "subType": each.sub_type or None,
        "type": kind(each),
        "$meta": {"createdAt": moment(each.created_at), "updatedAt": moment(each.updated_at)},
        "firmware": firmware,
        "state": shadow(each, times=times) if state else None,
    }
    return _without_none(**view)


def kind(each: Device) -> str:
    """`Device`, `Gateway`, or `Generic` for a Bluetooth LE device behind one."""
    if each.gateway is not None:
        return "Generic"
    return "Gateway" if each.reports("device", "serviceInfo", "fota_v2_ble") else "Device"


def shadow(each: Device, *, times: bool) -> View:
    """The state of a device."""
    held = each.shadow
    view: View = {"reported": held.reported, "desired": held.desired}
    if wanted := delta(held.desired, held.reported):
        view["delta"] = wanted
    if times:
        view["metadata"] = {"reported": held.reported_times, "desired": held.desired_times}
    return {**view, "version": held.version}


def bundle(each: Bundle) -> View:
    """A firmware bundle."""
    return _without_none(
        bundleId=each.id,
        version=each.version,
        type=each.type,
        filenames=list(each.files),
        size=each.size,
        name=each.name or None,
        description=each.description or None,
        lastModified=moment(each.created_at),
    )


def bulk_operation(each: BulkOperation, team: Team) -> View:
    """An operation on many devices."""
    base = f"https://bulk-ops-requests.nrfcloud.com/{team.id}/provision_devices/{each.id}"
    ended = "FAILED" if each.failed else "SUCCEEDED"
    return _without_none(
        bulkOpsRequestId=each.id,
        endpoint="PROVISION_DEVICES",
        status="PENDING" if each.completed_at is None else ended,
        requestedAt=moment(each.created_at),
        completedAt=None if each.completed_at is None else moment(each.completed_at),
        uploadedDataUrl=f"{base}.csv",
        errorSummaryUrl=f"{base}.json" if each.failed else None,
    )


def _without_none(**members: Any) -> View:
    return {name: value for name, value in members.items() if value is not None}
