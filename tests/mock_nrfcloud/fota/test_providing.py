"""What scenarios say of devices and bundles, and what devices report."""

from __future__ import annotations

import pytest

from harness.errors import BddError
from tests.mock_nrfcloud.fota.playing import Played


def test_a_device_reports_the_oldest_that_is_pending_or_that_of_a_job(played: Played) -> None:
    played.device("d1")
    first, second = played.job("d1"), played.job("d1")
    assert played.do("report", device="d1", status="DOWNLOADING", detail="5") == {"devices": ["d1"]}
    execution = played.do("execution", device="d1", job=first)["execution"]
    assert (execution["status"], execution["statusDetail"]) == ("DOWNLOADING", "5")
    with pytest.raises(BddError, match="An older execution of the device has not ended"):
        played.do("report", device="d1", job=second, status="SUCCEEDED")
    played.do("report", device="d1", status="SUCCEEDED")
    played.do("report", device="d1", status="REJECTED")
    assert played.executions(first) == {"d1": "SUCCEEDED"}
    assert played.executions(second) == {"d1": "REJECTED"}


def test_the_devices_of_a_group_report_what_is_pending(played: Played) -> None:
    for device in ("d1", "d2", "d3"):
        played.device(device, tags=["fleet"])
    played.device("other")
    job = played.job("d1", "d2", "other")
    played.do("report", device="d1", status="FAILED")
    assert played.do("report", group="fleet", status="SUCCEEDED") == {"devices": ["d2"]}
    assert played.executions(job) == {"d1": "FAILED", "d2": "SUCCEEDED", "other": "QUEUED"}


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"device": "d1"}, "there is no execution for d1 that is pending"),
        ({"device": "d1", "job": "j"}, "there is no execution for d1 of the job j"),
        ({"group": "g"}, "there is no execution for any device of the group g that is pending"),
        ({}, 'it is not said whose: give a "device" or a "group"'),
    ],
)
def test_where_nothing_is_pending_nothing_can_be_reported(
    played: Played, asked: dict[str, str], problem: str
) -> None:
    played.device("d1")
    with pytest.raises(BddError, match=problem):
        played.do("report", status="SUCCEEDED", **asked)


@pytest.mark.parametrize(
    ("what", "members", "problem"),
    [
        ("device", {"id": "d1", "tags": ["a", "b c"]}, "'b c' is no group: use letters"),
        ("device", {"id": "d1", "firmwareTypes": ["AP"]}, 'did you mean "APP"'),
        ("bundle", {"version": "1", "bundleId": "v1"}, "'v1' is no bundle ID: write one like APP"),
    ],
)
def test_what_nrf_cloud_could_not_have_is_refused(
    played: Played, what: str, members: dict[str, object], problem: str
) -> None:
    with pytest.raises(BddError, match=problem):
        played.do(what, **members)
    assert played.call("GET", "/v1/devices")["items"] == []
