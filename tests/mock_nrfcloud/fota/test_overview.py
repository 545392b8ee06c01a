"""What the overview of firmware updates says of nRF Cloud, and no scenario shows."""

from __future__ import annotations

import json

import pytest

from tests.mock_nrfcloud.fota.playing import Played


def tenant(played: Played) -> str:
    found: str = played.call("GET", "/v1/account")["team"]["tenantId"]
    return found


def supports(played: Played, device: str, *types: str, of: str = "fota_v2") -> None:
    """A device reports over REST what it supports."""
    state = {"reported": {"device": {"serviceInfo": {of: list(types)}}}}
    played.call("PATCH", f"/v1/devices/{device}/state", state)


@pytest.mark.parametrize("kind", ["APP", "MODEM", "MDM_FULL", "BOOT"])
def test_a_device_gets_the_types_that_its_shadow_lists(played: Played, kind: str) -> None:
    played.device("d1", firmwareTypes=[])
    assert played.status(played.job("d1", kind=kind))[0] == "CANCELLED"
    supports(played, "d1", kind)
    job = played.job("d1", kind=kind)
    assert played.executions(job) == {"d1": "QUEUED"}
    supports(played, "d1", "SMP")
    assert played.status(played.job("d1", kind=kind))[0] == "CANCELLED"
    assert played.executions(job) == {"d1": "QUEUED"}


def test_a_gateway_says_whether_its_devices_can_be_updated(played: Played) -> None:
    played.device("gw", firmwareTypes=[])
    played.device("b1", gateway="gw")
    refused = ("CANCELLED", "Not all gateways support Bluetooth LE updates")
    assert played.status(played.job("b1")) == refused
    supports(played, "gw", "APP", of="fota_v2_ble")
    job = played.job("b1")
    assert played.executions(job) == {"b1": "QUEUED"}
    (topic, said) = played.sent[-1]
    assert topic == f"prod/{tenant(played)}/gw/jobs/ble/rcv"
    assert said[:2] == ["b1", job]


def test_target_and_document_of_a_job_stay(played: Played) -> None:
    played.device("d1")
    job = played.job("d1", autoApply=False)
    before = played.call("GET", f"/v1/fota-jobs/{job}")
    for method in ("PATCH", "PUT", "POST"):
        changed = {"deviceIds": [], "bundleId": "APP*00000000*v1"}
        answer = played.request(method, f"/v1/fota-jobs/{job}", json.dumps(changed).encode())
        assert answer is None or answer.status >= 400
    played.call("DELETE", f"/v1/firmwares/{before['firmware']['bundleId']}")
    assert played.call("GET", f"/v1/fota-jobs/{job}") == before


def test_a_cancelled_execution_is_no_news_for_its_device(played: Played) -> None:
    played.device("d1")
    job = played.job("d1")
    sent = list(played.sent)
    played.report("d1", job, "CANCELLED")
    assert played.status(job)[0] == "COMPLETED"
    assert played.sent == sent


def test_nothing_times_out_by_itself(played: Played) -> None:
    played.device("d1")
    job = played.job("d1")
    played.report("d1", job, "DOWNLOADING")
    played.do("advance", seconds=300 * 24 * 3600)
    assert played.executions(job) == {"d1": "DOWNLOADING"}


def test_a_retry_job_can_be_deleted_like_any_other(played: Played) -> None:
    played.device("d1")
    job = played.job("d1", name="update")
    played.report("d1", job, "FAILED")
    retry = played.do("job", name="update Retry")["job"]["jobId"]
    played.call("DELETE", f"/v1/fota-jobs/{retry}")
    listed = [each["name"] for each in played.call("GET", "/v1/fota-jobs")["items"]]
    assert listed == ["update"]


@pytest.mark.parametrize("which", ["", "its own"])
def test_a_device_asks_for_its_notification_again(played: Played, which: str) -> None:
    played.device("d1")
    job = played.job("d1", name="update")
    (notified,) = played.sent
    topic = f"prod/{tenant(played)}/d1/jobs/req"
    played.twin.received(topic, json.dumps([job if which else ""]).encode())
    assert played.sent == [notified, notified]
    played.report("d1", job, "SUCCEEDED")
    played.twin.received(topic, b'[""]')
    assert played.sent == [notified, notified]
