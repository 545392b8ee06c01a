"""The MQTT messages of a device about its updates, and the REST bodies: values and bytes. Pure.

Source: "MQTT job execution notifications" of Nordic's documentation; mock_nrfcloud.fota.messages is
the other side.
"""

from __future__ import annotations

import json
from typing import Any

from harness.simulator.updating import Job, Report
from mock_nrfcloud.fota.lifecycle import CODES


def ask(behind: str = "") -> bytes:
    """Tell me of the job that is first; or, for a gateway, tell of that of the device `behind` it,
    which the other messages then name first, too."""
    return json.dumps([behind]).encode()


def read_job(payload: bytes, *, gateway: bool = False) -> tuple[str, Job | None]:
    """The job in a notification (None if it makes no sense) for the device of that name behind a
    gateway, or for the one itself that hears it: then the name is ""."""
    try:
        said: Any = json.loads(payload)
    except (ValueError, RecursionError):
        return "", None
    if not gateway and isinstance(said, list):
        said = ["", *said]
    match said:
        case [str(behind), str(id_), int(), int(size), str(host), str(paths)]:
            return behind, Job(id_, size, host, tuple(paths.split()))
    return "", None


def update(report: Report, behind: str = "") -> bytes:
    """What a device publishes about a job."""
    detail: object = report.detail if report.percent is None else report.percent
    said = [report.job, CODES[report.status], detail]
    return json.dumps([behind, *said] if behind else said).encode()


def read_execution(body: Any) -> Job | None:
    """The job in an execution of the REST API; None if it makes no sense."""
    match body:
        case {
            "jobId": str(id_),
            "jobDocument": {"fileSize": int(size), "host": str(host), "path": str(path)},
        }:
            return Job(id_, size, host, tuple(path.split()))
    return None


def status(report: Report) -> dict[str, str]:
    """What a device sends to the REST API about a job."""
    detail = report.detail if report.percent is None else f"{report.percent}%"
    return {"status": report.status.value, "details": detail}
