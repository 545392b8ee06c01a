"""The life of jobs and executions, as a client sees it."""

from __future__ import annotations

import pytest

from mock_nrfcloud.fota.assumptions import MAX_STATE_BYTES, ROLLOUT_SECONDS
from tests.mock_nrfcloud.fota.playing import Played


def test_a_job_is_rolled_out_and_completed(played: Played) -> None:
    played.device("d1", appVersion="1.0.0")
    job = played.job("d1")
    assert played.status(job) == ("IN_PROGRESS", "Job auto applied")
    for status in ("IN_PROGRESS", "DOWNLOADING", "IN_PROGRESS", "SUCCEEDED"):
        played.report("d1", job, status)
    assert played.status(job) == ("COMPLETED", "All executions in terminal status")
    state = played.do("state", device="d1")["state"]["reported"]
    assert state["device"]["deviceInfo"] == {"appVersion": "2.0.0"}


def test_a_rollout_goes_in_batches(played: Played) -> None:
    names = [f"d{number}" for number in range(60)]
    for name in names:
        played.device(name)
    job = played.job(*names)
    assert list(played.executions(job)) == names[24::-1]
    played.pass_time(ROLLOUT_SECONDS - 1)
    assert len(played.executions(job)) == 25
    played.pass_time(1)
    assert len(played.executions(job)) == 50
    played.do("advance", seconds=ROLLOUT_SECONDS)
    assert len(played.executions(job)) == 60
    assert [topic for topic, _ in played.sent] == [
        f"prod/{played.call('GET', '/v1/account')['team']['tenantId']}/{name}/jobs/rcv"
        for name in names
    ]


def test_a_job_that_is_cancelled_is_not_rolled_out_any_more(played: Played) -> None:
    names = [f"d{number}" for number in range(30)]
    for name in names:
        played.device(name)
    job = played.job(*names)
    played.call("PUT", f"/v1/fota-jobs/{job}/cancel")
    played.pass_time(ROLLOUT_SECONDS)
    assert set(played.executions(job).values()) == {"CANCELLED"}
    assert len(played.executions(job)) == 25
    assert played.timers == []


@pytest.mark.parametrize(
    ("kind", "member"), [("APP", "appVersion"), ("MODEM", "modemFirmware"), ("BOOT", None)]
)
def test_the_version_that_a_device_reports_is_updated(
    played: Played, kind: str, member: str | None
) -> None:
    played.device("d1", firmwareTypes=[kind])
    played.report("d1", played.job("d1", kind=kind, version="3.0.0"), "SUCCEEDED")
    reported = played.do("state", device="d1")["state"]["reported"]["device"]
    assert reported.get("deviceInfo") == (member and {member: "3.0.0"})


def test_a_shadow_that_is_full_keeps_its_version(played: Played) -> None:
    played.device("d1", reported={"a": "x" * (MAX_STATE_BYTES - 60)})
    job = played.job("d1")
    before = played.do("state", device="d1")
    played.report("d1", job, "SUCCEEDED")
    assert played.status(job)[0] == "COMPLETED"
    assert played.do("state", device="d1") == before


@pytest.mark.parametrize("status", ["FAILED", "SUCCEEDED", "REJECTED", "TIMED_OUT", "CANCELLED"])
def test_an_execution_that_has_ended_stays_as_it_is(played: Played, status: str) -> None:
    played.device("d1")
    job = played.job("d1")
    played.report("d1", job, status, "the end")
    before = played.call("GET", f"/v1/fota-job-executions/d1/{job}")
    for other in ("DOWNLOADING", "FAILED", "SUCCEEDED", "CANCELLED"):
        code, message = played.refused(
            "PATCH", f"/v1/fota-job-executions/d1/{job}", {"status": other}
        )
        assert (code, message) == (40900, f"The execution is {status} and cannot become {other}")
    assert played.call("GET", f"/v1/fota-job-executions/d1/{job}") == before


def test_failed_devices_get_a_retry_job(played: Played) -> None:
    for name in ("d1", "d2", "d3"):
        played.device(name)
    job = played.job("d1", "d2", "d3", name="update-my-devices")
    played.report("d1", job, "FAILED")
    played.report("d2", job, "REJECTED")
    played.report("d3", job, "SUCCEEDED")
    group = f"retry-update-my-devices-{job}"
    assert played.do("group", name=group, devices=["d1"])["holds"]
    retry = played.do("job", name="update-my-devices Retry", status="CREATED")
    assert retry["holds"], retry["what"]
    assert retry["job"]["target"] == {"deviceIds": [], "tags": [group]}
    names = ["update-my-devices Retry", "update-my-devices"]
    for number in (2, 3):
        again = retry["job"]["jobId"]
        played.call("POST", f"/v1/fota-jobs/{again}/apply")
        assert played.executions(again) == {"d1": "QUEUED"}
        played.report("d1", again, "FAILED")
        retry = played.do("job", name=f"update-my-devices Retry {number}", status="CREATED")
        names.insert(0, f"update-my-devices Retry {number}")
    assert [each["name"] for each in played.call("GET", "/v1/fota-jobs")["items"]] == names


def test_a_cancelled_job_ends_its_executions(played: Played) -> None:
    played.device("d1")
    played.device("d2")
    job = played.job("d1", "d2")
    played.report("d1", job, "SUCCEEDED")
    played.call("PUT", f"/v1/fota-jobs/{job}/cancel?reason=enough")
    assert played.status(job) == ("CANCELLED", "enough")
    assert played.executions(job) == {"d1": "SUCCEEDED", "d2": "CANCELLED"}
    assert played.refused("GET", "/v1/fota-job-executions/d2/current")[0] == 40499
    assert played.refused("PUT", f"/v1/fota-jobs/{job}/cancel")[0] == 40900


def test_an_older_execution_blocks_the_newer_ones(played: Played) -> None:
    played.device("d1")
    older, newer = played.job("d1"), played.job("d1")
    current = played.call("GET", "/v1/fota-job-executions/d1/current")
    assert current["jobId"] == older
    assert played.refused(
        "PATCH", f"/v1/fota-job-executions/d1/{newer}", {"status": "IN_PROGRESS"}
    ) == (40900, "An older execution of the device has not ended")
    assert [said[0] for _, said in played.sent] == [older]
    played.report("d1", older, "REJECTED")
    assert [said[0] for _, said in played.sent] == [older, newer]
    played.report("d1", newer, "IN_PROGRESS")


@pytest.mark.parametrize("status", ["IN_PROGRESS", "COMPLETED", "CANCELLED"])
def test_a_job_that_was_applied_cannot_be_again(played: Played, status: str) -> None:
    played.device("d1")
    job = played.job("d1")
    if status == "COMPLETED":
        played.report("d1", job, "SUCCEEDED")
    if status == "CANCELLED":
        played.call("PUT", f"/v1/fota-jobs/{job}/cancel")
    played.call("PATCH", "/v1/devices/d1/state", {"reported": {"device": None}})
    before = played.call("GET", f"/v1/fota-jobs/{job}")
    assert played.refused("POST", f"/v1/fota-jobs/{job}/apply") == (
        40900,
        f"Job {job} is {status}: apply is not possible",
    )
    assert played.call("GET", f"/v1/fota-jobs/{job}") == before
