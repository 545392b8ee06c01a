"""Which devices a job is for, and when it is for none."""

from __future__ import annotations

import pytest

from mock_nrfcloud.fota.assumptions import MAX_GATEWAYS
from tests.mock_nrfcloud.fota.playing import Played


def gateway(played: Played, name: str, *, updates: bool = True) -> None:
    played.device(name, firmwareTypes=[], bleFota=updates)


@pytest.mark.parametrize(
    ("devices", "detail"),
    [
        ([], "Empty job target"),
        (["nobody", "modem"], "Empty job target"),
        (["ip", "ble0"], "Job may not contain Bluetooth LE and IP devices"),
        (
            [f"ble{number}" for number in range(MAX_GATEWAYS + 1)],
            "Job specified more than the max number of gateways",
        ),
        (["ble0", "old-ble"], "Not all gateways support Bluetooth LE updates"),
        (["lost-ble"], "Not all gateways support Bluetooth LE updates"),
    ],
)
def test_a_target_that_is_not_valid_cancels_the_job(
    played: Played, devices: list[str], detail: str
) -> None:
    played.device("ip")
    played.device("modem", firmwareTypes=["MODEM"])
    for number in range(MAX_GATEWAYS + 1):
        gateway(played, f"gw{number}")
        played.device(f"ble{number}", gateway=f"gw{number}")
    gateway(played, "old", updates=False)
    played.device("old-ble", gateway="old")
    played.device("lost-ble", gateway="nowhere")
    job = played.job(*devices)
    assert played.status(job) == ("CANCELLED", detail)
    assert played.executions(job) == {}
    assert played.sent == []


def test_groups_are_looked_at_when_the_job_is_applied(played: Played) -> None:
    played.device("d1", tags=["field"])
    job = played.job(tags=["field"], autoApply="false")
    assert played.status(job) == ("CREATED", None)
    played.call("PUT", "/v1/devices/d1/tags", ["other"])
    played.device("d2", tags=["field"])
    played.device("d3", tags=["field"], firmwareTypes=["MODEM"])
    played.call("POST", f"/v1/fota-jobs/{job}/apply")
    assert played.executions(job) == {"d2": "QUEUED"}


def test_a_device_that_is_named_and_in_a_group_is_one(played: Played) -> None:
    played.device("d1", tags=["a", "b"])
    played.device("d2", tags=["b"])
    job = played.job("d1", "d1", tags=["a", "b"])
    assert sorted(played.executions(job)) == ["d1", "d2"]


@pytest.mark.parametrize("kind", ["APP", "MODEM", "SOFTDEVICE", "BOOT", "BOOTLOADER", "MDM_FULL"])
def test_bluetooth_devices_support_three_types(played: Played, kind: str) -> None:
    gateway(played, "gw")
    played.device("ble", gateway="gw", reported={"device": {"serviceInfo": {"fota_v2": [kind]}}})
    found = played.executions(played.job("ble", kind=kind))
    assert found == ({"ble": "QUEUED"} if kind in ("APP", "MODEM", "SOFTDEVICE") else {})


@pytest.mark.parametrize("types", [None, "APP", {"APP": True}, [], [["APP"]]])
def test_a_device_that_reports_no_list_of_types_is_not_eligible(
    played: Played, types: object
) -> None:
    service = {"device": {"serviceInfo": {"fota_v2": types}}}
    played.device("d1", firmwareTypes=["MODEM"])
    played.call("PATCH", "/v1/devices/d1/state", {"reported": service})
    assert played.status(played.job("d1")) == ("CANCELLED", "Empty job target")
