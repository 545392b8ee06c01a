"""Jobs and executions over REST: shapes, and every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from mock_nrfcloud.fota.assumptions import DELETION_SECONDS
from tests.mock_nrfcloud.fota.playing import Played

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOW = "2023-11-14T22:13:20.000Z"


def test_what_a_job_and_an_execution_look_like(played: Played) -> None:
    bundle = "APP*0123abcd*v2.0.0"
    played.do("bundle", bundleId=bundle, version="2.0.0", size=2048)
    played.device("d1")
    body = {
        "bundleId": bundle,
        "deviceIdentifiers": ["d1"],
        "tags": ["field"],
        "name": "mine",
        "description": "What it is for",
        "schedule": {"at": "any time"},
        "unknown": 1,
    }
    job = played.call("POST", "/v1/fota-jobs", body)["jobId"]
    team = played.call("GET", "/v1/account")["team"]["tenantId"]
    path = f"{team}/{bundle}/firmware.bin"
    assert played.call("GET", f"/v1/fota-jobs/{job}") == {
        "jobId": job,
        "name": "mine",
        "description": "What it is for",
        "status": "IN_PROGRESS",
        "statusDetail": "Job auto applied",
        "firmware": {
            "bundleId": bundle,
            "host": "firmware.nrfcloud.com",
            "fileSize": 2048,
            "firmwareType": "APP",
            "version": "2.0.0",
            "uris": [path],
        },
        "target": {"deviceIds": ["d1"], "tags": ["field"]},
        "createdAt": NOW,
        "lastUpdatedAt": NOW,
        "executionStats": {
            "executions": 1,
            "devices": 1,
            "completedExecutions": 0,
            "queued": 1,
            "inProgress": 0,
            "downloading": 0,
            "succeeded": 0,
            "failed": 0,
            "rejected": 0,
            "timedOut": 0,
            "cancelled": 0,
            "removed": 0,
        },
    }
    execution = played.call("GET", f"/v1/fota-job-executions/d1/{job}")
    assert execution.pop("executionId")
    assert execution == {
        "jobId": job,
        "deviceId": "d1",
        "tenantId": team,
        "status": "QUEUED",
        "jobDocument": {
            "bundleId": bundle,
            "firmwareType": "APP",
            "fileSize": 2048,
            "host": "firmware.nrfcloud.com",
            "path": path,
            "version": "2.0.0",
        },
        "createdAt": NOW,
        "lastUpdatedAt": NOW,
    }
    played.time += 60
    played.report("d1", job, "SUCCEEDED", "FOTA update completed successfully")
    statuses = played.call("GET", f"/v1/fota-job-execution-statuses/{job}?status=SUCCEEDED")
    assert statuses == {
        "items": [
            {
                "deviceId": "d1",
                "status": "SUCCEEDED",
                "statusDetail": "FOTA update completed successfully",
                "lastUpdatedAt": "2023-11-14T22:14:20.000Z",
            }
        ]
    }
    done = played.call("GET", f"/v1/fota-jobs/{job}")
    assert done["completedAt"] == done["lastUpdatedAt"] == "2023-11-14T22:14:20.000Z"
    assert done["createdAt"] == NOW


def test_a_job_is_named_by_its_id_if_it_has_no_name(played: Played) -> None:
    job = played.job()
    assert played.call("GET", f"/v1/fota-jobs/{job}")["name"] == job


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({}, 42200, "Object missing required field `bundleId`"),
        ([], 42200, "Expected `object`, got `array`"),
        ({"bundleId": None}, 42200, "Expected `str`, got `null` - at `$.bundleId`"),
        ({"bundleId": "APP*0123abcd*none"}, 40410, "Bundle APP*0123abcd*none not found"),
        ({"bundleId": "b", "autoApply": "no"}, 42200, "$.autoApply"),
        ({"bundleId": "b", "deviceIds": "d1"}, 42200, "$.deviceIds"),
        ({"bundleId": "b", "name": "x" * 1025}, 42200, "length <= 1024"),
    ],
)
def test_a_job_that_cannot_be(played: Played, body: object, code: int, message: str) -> None:
    found, told = played.refused("POST", "/v1/fota-jobs", body)
    assert (found, message in told) == (code, True), told
    assert played.call("GET", "/v1/fota-jobs")["items"] == []


def test_the_firmware_type_of_a_job_is_that_of_its_bundle(played: Played) -> None:
    bundle = played.do("bundle", type="MODEM", version="1")["bundleId"]
    body = {"bundleId": bundle, "firmwareType": "APP"}
    assert played.refused("POST", "/v1/fota-jobs", body) == (
        42200,
        "firmwareType is not that of the bundle, MODEM",
    )
    assert played.call("POST", "/v1/fota-jobs", {**body, "firmwareType": "MODEM"})["jobId"]


@pytest.mark.parametrize("body", [b"", b"{", b'{"status": NaN}', b"\xff"])
def test_bodies_that_are_no_json(played: Played, body: bytes) -> None:
    played.device("d1")
    path = f"/v1/fota-job-executions/d1/{played.job('d1')}"
    answer = played.request("PATCH", path, body)
    assert answer is not None
    assert answer.status == 400
    assert answer.json() == {"code": 40000, "message": answer.json()["message"]}  # type: ignore[index]
    assert played.call("GET", path)["status"] == "QUEUED"


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/v1/fota-jobs/none"),
        ("POST", "/v1/fota-jobs/none/apply"),
        ("PUT", "/v1/fota-jobs/none/cancel"),
        ("DELETE", "/v1/fota-jobs/none"),
        ("GET", "/v1/fota-job-execution-statuses/none"),
        ("GET", "/v1/fota-job-executions/none"),
        ("GET", "/v1/fota-job-executions/none/current"),
        ("GET", "/v1/fota-job-executions/none/none"),
        ("GET", "/v1/fota-job-executions/d1/none"),
    ],
)
def test_what_is_not_there(played: Played, method: str, target: str) -> None:
    played.device("d1")
    code, message = played.refused(method, target)
    assert code == 40410
    assert message.endswith("not found")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/v1/fota-jobs?pageLimit=0", 42200),
        ("/v1/fota-jobs?pageLimit=101", 42200),
        ("/v1/fota-jobs?pageLimit=x", 42200),
        ("/v1/fota-jobs?pageLimit=%C2%B2", 42200),
        ("/v1/fota-jobs?pageSort=up", 42200),
        ("/v1/fota-jobs?pageNextToken=x", 41600),
        ("/v1/fota-job-execution-statuses/{job}?status=DONE", 42200),
        ("/v1/fota-job-execution-statuses/{job}?pageLimit=0", 42200),
        ("/v1/fota-job-executions/d1/current?firmwareType=X", 42200),
        ("/v1/fota-job-executions/d1/current?firmwareType=MODEM", 40499),
    ],
)
def test_queries_that_are_wrong_or_find_nothing(played: Played, target: str, code: int) -> None:
    played.device("d1")
    for job in (played.job("d1"), played.job()):
        assert played.refused("GET", target.replace("{job}", job))[0] == code


def test_the_jobs_of_a_device_in_pages(played: Played) -> None:
    played.device("d1")
    jobs = [played.job("d1") for _ in range(5)]
    seen, token = [], ""
    for size in (2, 2, 1):
        page = played.call("GET", f"/v1/fota-job-executions/d1?pageLimit=2{token}")
        assert len(page["items"]) == size
        seen += [each["jobId"] for each in page["items"]]
        token = f"&pageNextToken={page.get('pageNextToken', '')}"
    assert token == "&pageNextToken="
    assert seen == jobs[::-1]
    page = played.call("GET", "/v1/fota-job-executions/d1?pageSort=asc&pageLimit=5")
    assert [each["jobId"] for each in page["items"]] == jobs
    assert "pageNextToken" not in page


def test_ten_thousand_jobs_in_pages(played: Played) -> None:
    bundle = played.do("bundle", version="1")["bundleId"]
    body = {"bundleId": bundle, "autoApply": False}
    jobs = [played.call("POST", "/v1/fota-jobs", body)["jobId"] for _ in range(10_000)]
    seen, token = [], ""
    while token is not None:
        page = played.call("GET", f"/v1/fota-jobs?pageLimit=100{token}")
        seen += [each["jobId"] for each in page["items"]]
        after = page.get("pageNextToken")
        token = after and f"&pageNextToken={after}"
    assert seen == jobs[::-1]


def test_a_deleted_job_is_in_no_list_and_later_unknown(played: Played) -> None:
    played.device("d1")
    job = played.job("d1")
    assert played.refused("DELETE", f"/v1/fota-jobs/{job}")[0] == 40900
    played.call("PUT", f"/v1/fota-jobs/{job}/cancel", {"reason": "not needed"})
    assert played.status(job) == ("CANCELLED", "not needed")
    played.call("DELETE", f"/v1/fota-jobs/{job}")
    assert played.status(job)[0] == "DELETION_IN_PROGRESS"
    assert played.call("GET", "/v1/fota-jobs")["items"] == []
    assert played.call("GET", "/v1/fota-job-executions/d1")["items"] == []
    assert played.executions(job) == {}
    for method, rest in (("POST", "/apply"), ("PUT", "/cancel"), ("DELETE", "")):
        assert played.refused(method, f"/v1/fota-jobs/{job}{rest}")[0] == 40900
    played.pass_time(DELETION_SECONDS)
    assert played.refused("GET", f"/v1/fota-jobs/{job}")[0] == 40410


def test_answers_without_a_body(played: Played) -> None:
    answer: Any = played.request("PUT", f"/v1/fota-jobs/{played.job(autoApply=False)}/cancel")
    assert (answer.status, answer.body, answer.headers) == (202, b"", ())
