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


def test_a_device_keeps_what_is_not_said_of_it(played: Played) -> None:
    played.do(
        "device",
        id="d1",
        name="Mine",
        subType="thingy",
        tags=["a"],
        modemFirmware="mfw_1",
        reported={"x": 1},
        desired={"y": 1},
    )
    before = played.do("state", device="d1")["state"]
    reply = played.do("device", id="d1", appVersion="2.0.0")
    assert reply["device"]["name"] == "Mine"
    assert reply["device"]["tags"] == ["a"]
    reported = {**before["reported"]}
    information = {"modemFirmware": "mfw_1", "appVersion": "2.0.0"}
    reported["device"] = {**reported["device"], "deviceInfo": information}
    state = played.do("state", device="d1")["state"]
    assert (state["reported"], state["desired"]) == (reported, {"y": 1})
    assert reported["device"]["serviceInfo"] == {"fota_v2": ["APP"]}
    assert state["version"] == before["version"] + 1
    played.do("device", id="d1", tags=[])
    assert played.do("state", device="d1")["state"]["version"] == state["version"]


def test_a_bundle_is_replaced_by_one_of_its_id(played: Played) -> None:
    for size in (10, 20):
        played.do("bundle", bundleId="APP*0123abcd*v1", version="1", size=size)
    page = played.call("GET", "/v1/firmwares")
    assert [each["size"] for each in page["items"]] == [20]


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ({"do": "device", "id": "d 1"}, "'d 1' is no device ID"),
        ({"do": "device", "id": ""}, "device: id: Expected `str` of length >= 1"),
        (
            {"do": "device", "id": "d1", "firmwareTypes": ["AP"]},
            "'AP' is no firmware type: did you mean \"APP\"?",
        ),
        ({"do": "device", "id": "d1", "reported": {"a": "x" * 40_000}}, "The reported state is"),
        (
            {"do": "bundle", "version": "1", "type": "X"},
            "'X' is no firmware type: there are: APP, MODEM",
        ),
        ({"do": "bundle", "version": "1", "bundleId": "b"}, "'b' is no bundle ID: write one like"),
        ({"do": "device", "id": "d1", "tags": ["a", "b c"]}, "'b c' is no group: use letters"),
        ({"do": "bundle", "version": "1", "size": 0}, "bundle: size: Expected `int` >= 1"),
        ({"do": "advance", "seconds": -1}, "advance: seconds: Expected `float` >= 0"),
        ({"do": "advance", "secs": 1}, 'unknown field `secs`: did you mean "seconds"?'),
        ({"do": "jobs"}, 'there is no command "do": \'jobs\': did you mean "job"?'),
    ],
)
def test_what_nrf_cloud_could_not_have(
    played: Played, command: dict[str, object], problem: str
) -> None:
    with pytest.raises(BddError) as caught:
        played.twin.command(command)
    assert problem in str(caught.value)
    assert played.call("GET", "/v1/devices")["total"] == 0
