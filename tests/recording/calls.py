"""A flow as it is recorded, call by call: the upgrade of a device, and its abort."""

from __future__ import annotations

import json
from collections.abc import Mapping

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.recording.model import KnownDevice, Observed, Recording
from mock_nrfcloud.values import ROOT_HOST

BEGIN = 1795276800.5  # 2026-11-21T16:00:00.500Z
IMEI = "350006661234563"
DEVICE = KnownDevice("fingerprint", "PCA20065", "default", f"oob-{IMEI}", "29a.k7m3xq")
API_KEY = "d2f1c9e0aa5544338899"
CLOUD_JOB = "5e1a8f3c-6d86-4f1c-9d0e-0f4b6c1f2b11"
JOB = "01JZ6V9N3W8Q4T2Y5R7K1M0XCD"
BUNDLE = "APP*1e29dfa3*v2.0.1"
CONTEXT = "https://github.com/hello-nrfcloud/proto"
JSON: Pairs = (("Content-Type", "application/json"),)
VALUES = {"APIURL": "http://127.0.0.1:3000", "mockURL": "http://127.0.0.1:8080"}

_CARRIED: Pairs = (("Date", "Sat, 21 Nov 2026 16:00:00 GMT"), ("Server", "nginx"))


def cloud(
    at: float,
    request: str,
    answer: object = None,
    *,
    query: Pairs = (),
    body: object = None,
    status: int = 200,
    host: str = ROOT_HOST,
) -> Observed:
    """A call of the service, `at` seconds after the recording began."""
    method, path = request.split(" ")
    headers = (("Authorization", f"Bearer {API_KEY}"), *(JSON if body is not None else ()))
    return Observed(
        BEGIN + at,
        0.02,
        "cloud",
        host,
        HttpRequest(method, path, query, headers, _bytes(body)),
        HttpResponse(status, "", _headers(answer), _bytes(answer) or b""),
    )


def user(
    at: float,
    request: str,
    answer: object = None,
    *,
    query: Pairs = (("fingerprint", DEVICE.fingerprint),),
    body: object = None,
    status: int = 200,
) -> Observed:
    """A call of the user."""
    method, path = request.split(" ")
    headers = (("User-Agent", "curl/8.5"), *(JSON if body is not None else ()))
    return Observed(
        BEGIN + at,
        0.05,
        "service",
        "",
        HttpRequest(method, path, query, headers, _bytes(body)),
        HttpResponse(status, "", _headers(answer), _bytes(answer) or b""),
    )


def shadow(at: float, version: str, number: int) -> Observed:
    """The service asks for the shadow of the device, which reports a version."""
    page = {
        "items": [
            {
                "id": DEVICE.id,
                "state": {
                    "reported": {
                        "device": {
                            "deviceInfo": {"appVersion": version, "imei": IMEI},
                            "simInfo": {"iccid": "89450421180216254864"},
                            "serviceInfo": {"fota_v2": ["BOOT", "MODEM", "APP"]},
                        }
                    },
                    "version": number,
                },
            }
        ],
        "total": 1,
    }
    query = (
        ("deviceIds", DEVICE.id),
        ("includeState", "true"),
        ("includeStateMeta", "true"),
        ("pageLimit", "100"),
    )
    return cloud(at, "GET /v1/devices", page, query=query)


def cloud_job(at: float, status: str, updated: str) -> Observed:
    """The service asks for the job in nRF Cloud."""
    job = {
        "createdAt": "2026-11-21T16:00:03.123Z",
        "jobId": CLOUD_JOB,
        "lastUpdatedAt": updated,
        "name": CLOUD_JOB,
        "status": status,
        "target": {"deviceIds": [DEVICE.id], "tags": []},
    }
    return cloud(at, f"GET /v1/fota-jobs/{CLOUD_JOB}", job)


def jobs(at: float, status: str, detail: str) -> Observed:
    """The user asks for the jobs of the device."""
    answer = {
        "@context": f"{CONTEXT}/fota/jobs",
        "deviceId": DEVICE.id,
        "jobs": [{"id": JOB, "status": status, "statusDetail": detail}],
    }
    return user(at, f"GET /device/{DEVICE.id}/fota/jobs", answer)


def scheduling() -> tuple[Observed, ...]:
    """A job is scheduled, and the service polls."""
    path = {">=0.0.0": BUNDLE}
    scheduled = {
        "@context": f"{CONTEXT}/fota/job",
        "id": JOB,
        "deviceId": DEVICE.id,
        "timestamp": "2026-11-21T16:00:02.510Z",
        "status": "NEW",
        "statusDetail": "The job has been created",
        "upgradePath": path,
        "reportedVersion": None,
    }
    asked = {"bundleId": BUNDLE, "autoApply": True, "deviceIdentifiers": [DEVICE.id]}
    return (
        user(
            2,
            f"POST /device/{DEVICE.id}/fota/app",
            scheduled,
            body={"upgradePath": path},
            status=201,
        ),
        shadow(2.05, "2.0.0", 1),
        cloud(2.2, "POST /v1/fota-jobs", {"jobId": CLOUD_JOB}, body=asked, status=201),
        *(shadow(2.25 + each / 5, "2.0.0", 1) for each in range(5)),
        *(
            cloud_job(2.3 + each / 5, "IN_PROGRESS", "2026-11-21T16:00:03.123Z")
            for each in range(5)
        ),
        jobs(10, "IN_PROGRESS", "Started job for version 2.0.0."),
    )


def aborting() -> tuple[Observed, ...]:
    """The job is aborted, and the user waits until it is."""
    return (
        user(15, f"DELETE /device/{DEVICE.id}/fota/job/{JOB}", status=202),
        cloud(15.02, f"PUT /v1/fota-jobs/{CLOUD_JOB}/cancel", status=202),
        cloud_job(15.4, "CANCELLED", "2026-11-21T16:00:15.123Z"),
        jobs(16, "IN_PROGRESS", "Started job for version 2.0.0."),
        jobs(17, "FAILED", "The job was cancelled."),
    )


def upgrading() -> tuple[Observed, ...]:
    """The device upgrades itself, and the team's chat is told."""
    card = {"summary": "Upgraded", "at": "2026-11-21T16:00:15.500Z"}
    return (
        cloud_job(15, "COMPLETED", "2026-11-21T16:00:15.123Z"),
        shadow(15.2, "2.0.1", 2),
        cloud(15.5, "POST /feedback", body=card, host="hooks.example.com"),
        jobs(16, "SUCCEEDED", "No more bundles to apply for 2.0.1. Job completed."),
    )


def recording(*observed: Observed, values: Mapping[str, str] = VALUES) -> Recording:
    """A recording of calls about the device."""
    return Recording(observed, (), (DEVICE,), values)


def _headers(answer: object) -> Pairs:
    if answer is None:
        return (*_CARRIED, ("Content-Length", "0"))
    return (*_CARRIED, ("Content-Type", "application/json"))


def _bytes(value: object) -> bytes | None:
    return None if value is None else json.dumps(value).encode()
