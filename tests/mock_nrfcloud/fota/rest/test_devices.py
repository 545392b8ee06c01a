"""Devices over REST."""

from __future__ import annotations

import re

import pytest

from mock_nrfcloud.fota import errors
from mock_nrfcloud.fota.assumptions import BULK_SECONDS
from mock_nrfcloud.mqtt.topics import MAX_MESSAGE
from tests.mock_nrfcloud.fota.playing import KEY, Played

PEM = '"-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n"'


def ids(played: Played, query: str) -> list[str]:
    return [each["id"] for each in played.call("GET", f"/v1/devices?{query}")["items"]]


def test_what_a_device_looks_like(played: Played) -> None:
    played.device("d1", appVersion="1.0.0", subType="thingy", tags=["field"], name="My device")
    team = played.call("GET", "/v1/account")["team"]["tenantId"]
    when = "2023-11-14T22:13:20.000Z"
    device = {
        "id": "d1",
        "name": "My device",
        "tags": ["field"],
        "tenantId": team,
        "subType": "thingy",
        "type": "Device",
        "$meta": {"createdAt": when, "updatedAt": when},
        "firmware": {"app": {"version": "1.0.0"}, "supports": ["APP"]},
    }
    reported = {
        "device": {"deviceInfo": {"appVersion": "1.0.0"}, "serviceInfo": {"fota_v2": ["APP"]}}
    }
    state = {"reported": reported, "desired": {}, "version": 2}
    assert played.call("GET", "/v1/devices") == {"items": [device], "total": 1}
    with_state = played.call("GET", "/v1/devices?includeState=true")["items"]
    assert with_state == [{**device, "state": state}]
    stamp = {"timestamp": 1_700_000_000}
    times = {"device": {"deviceInfo": {"appVersion": stamp}, "serviceInfo": {"fota_v2": [stamp]}}}
    metadata = {"reported": times, "desired": {}}
    assert played.call("GET", "/v1/devices/d1") == {
        **device,
        "state": {**state, "metadata": metadata},
    }


def test_devices_are_filtered_by_all_that_is_given(played: Played) -> None:
    played.device("d1", subType="a", tags=["x"], name="Kitchen")
    played.device("d2", subType="b", tags=["x", "y"], firmwareTypes=["MODEM"], name="Hall")
    played.device("d3", subType="b", firmwareTypes=["APP", "BOOT"], name="The kitchen")
    assert ids(played, "") == ["d3", "d2", "d1"]
    assert ids(played, "pageSort=asc") == ["d1", "d2", "d3"]
    assert ids(played, "deviceIds=d1,d3,none") == ["d3", "d1"]
    assert ids(played, "deviceIds=d1&deviceIds=d3") == ["d3", "d1"]
    assert ids(played, "tags=x") == ["d2", "d1"]
    assert ids(played, "tags=y,z") == ["d2"]
    assert ids(played, "subTypes=b") == ["d3", "d2"]
    assert ids(played, "firmwareSupport=APP") == ["d3", "d1"]
    assert ids(played, "deviceNameFuzzy=KITCHEN") == ["d3", "d1"]
    assert ids(played, "tags=x&subTypes=b&firmwareSupport=MODEM&deviceNameFuzzy=a") == ["d2"]
    assert ids(played, "deviceIds=d1,d2&subTypes=b") == ["d2"]
    assert played.call("GET", "/v1/devices?subTypes=b&pageLimit=1")["total"] == 2
    page = played.call("GET", "/v1/devices?pageLimit=2")
    assert page["total"] == 3
    assert ids(played, f"pageLimit=2&pageNextToken={page['pageNextToken']}") == ["d1"]
    assert played.refused("GET", "/v1/devices?includeState=yes")[0] == 42200


def test_a_state_is_changed(played: Played) -> None:
    played.device("d1", reported={"a": {"x": 1, "y": 2}})
    path = "/v1/devices/d1/state"
    played.call("PATCH", path, {"desired": {"a": {"x": 5}}, "reported": {"a": {"y": None}}})
    state = played.call("GET", "/v1/devices/d1")["state"]
    assert state["reported"]["a"] == {"x": 1}
    assert state["delta"] == {"a": {"x": 5}}
    version = state["version"]
    played.call("PATCH", path, {"desired": {"a": None}}, ("If-Match", str(version)), KEY)
    assert "delta" not in played.call("GET", "/v1/devices/d1")["state"]
    for header, code in ((str(version), 412), ("x", 422), ("-1", 422)):
        answer = played.request("PATCH", path, b"{}", ("If-Match", header), KEY)
        assert answer is not None
        assert answer.status == code
    assert played.refused("PATCH", path, {"desired": []})[0] == 42200
    assert played.refused("PATCH", path, {"desired": {"a": "x" * 40_000}})[0] == 41300
    assert played.call("GET", "/v1/devices/d1")["state"]["version"] == version + 1


def test_name_tags_and_messages(played: Played) -> None:
    played.device("d1")
    played.call("PUT", "/v1/devices/d1/name", "Other")
    played.call("PUT", "/v1/devices/d1/tags", ["a", "b", "a"])
    assert played.call("GET", "/v1/devices/d1")["name"] == "Other"
    plain = ("Content-Type", "text/plain; charset=utf-8")
    answer = played.request("PUT", "/v1/devices/d1/name", b"Third", plain, KEY)
    assert answer is not None
    assert answer.status == 202
    device = played.call("GET", "/v1/devices/d1")
    assert (device["name"], device["tags"]) == ("Third", ["a", "b"])
    played.call("POST", "/v1/devices/d1/messages", {"message": {"appId": "LED"}})
    played.call("POST", "/v1/devices/d1/messages", {"topic": "a/b", "message": "text"})
    assert played.sent == [
        (f"prod/{device['tenantId']}/m/d/d1/c2d", {"appId": "LED"}),
        ("a/b", "text"),
    ]
    for path, body in (("name", ""), ("tags", ["a b"]), ("tags", "a")):
        assert played.refused("PUT", f"/v1/devices/d1/{path}", body)[0] == 42200
    assert played.refused("POST", "/v1/devices/d1/messages", {})[0] == 42200
    sent = list(played.sent)
    for topic in ("a/#", "a\0", "x" * 65_536):
        said = {"topic": topic, "message": 1}
        assert played.refused("POST", "/v1/devices/d1/messages", said)[0] == 42200
    large = {"message": "x" * MAX_MESSAGE}
    assert played.refused("POST", "/v1/devices/d1/messages", large)[0] == 42200
    answer = played.request("PUT", "/v1/devices/d1/name", b"\xff", plain, KEY)
    assert answer is not None
    assert answer.status == 400
    assert played.sent == sent


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("PATCH", "/state"),
        ("PUT", "/name"),
        ("PUT", "/tags"),
        ("POST", "/messages"),
    ],
)
def test_a_device_that_is_not_there(played: Played, method: str, path: str) -> None:
    code, message = played.refused(method, f"/v1/devices/none{path}")
    assert (code, message) == (40410, "Device none not found")


def test_a_device_that_is_deleted_is_taken_out_of_its_jobs(played: Played) -> None:
    played.device("d1")
    played.device("d2")
    job = played.job("d1", "d2")
    played.report("d1", job, "FAILED")
    played.call("DELETE", "/v1/devices/d2")
    assert played.executions(job) == {"d1": "FAILED"}
    assert played.status(job)[0] == "COMPLETED"
    stats = played.call("GET", f"/v1/fota-jobs/{job}")["executionStats"]
    assert (stats["executions"], stats["completedExecutions"], stats["removed"]) == (2, 2, 1)
    assert ids(played, "") == ["d1"]
    played.device("d2")
    assert played.call("GET", "/v1/fota-job-executions/d2")["items"] == []


def test_many_devices_are_added(played: Played) -> None:
    played.device("d1", tags=["old"])
    body = f"d1,,,,{PEM}\nd2,thingy,a|b,APP|MODEM,{PEM}\r\n\r\n".encode()
    answer = played.request("POST", "/v1/devices", body)
    assert answer is not None
    assert answer.status == 202
    (name,) = answer.json().values()  # type: ignore[attr-defined]
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", name)
    path = f"/v1/bulk-ops-requests/{name}"
    operation = played.call("GET", path)
    assert operation["status"] == "PENDING"
    assert ids(played, "") == ["d1"]
    played.pass_time(BULK_SECONDS)
    done = played.call("GET", path)
    assert done == {**operation, "status": "SUCCEEDED", "completedAt": done["completedAt"]}
    assert played.call("GET", "/v1/devices/d1")["tags"] == ["old"]
    device = played.call("GET", "/v1/devices/d2")
    assert (device["subType"], device["tags"]) == ("thingy", ["a", "b"])
    assert device["firmware"]["supports"] == ["APP", "MODEM"]
    assert played.refused("GET", "/v1/bulk-ops-requests/none")[0] == 40410


def test_adding_devices_fails_where_there_is_no_room(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "MAX_THINGS", 2)
    answer = played.request("POST", "/v1/devices", f"d1,,,,{PEM}\nd2,,,,{PEM}".encode())
    assert answer is not None
    (name,) = answer.json().values()  # type: ignore[attr-defined]
    played.device("d3")
    played.pass_time(BULK_SECONDS)
    operation = played.call("GET", f"/v1/bulk-ops-requests/{name}")
    assert operation["status"] == "FAILED"
    assert operation["errorSummaryUrl"].endswith(f"{name}.json")
    assert ids(played, "") == ["d1", "d3"]


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ("", 42200, "There are 0 devices, not 1 to 1000"),
        (f"d,,,,{PEM}\n" * 1001, 42200, "There are 1001 devices"),
        ("d1,,,", 42200, "Row 1 has 4 values, not 5"),
        (f"d1,,,,{PEM}\nd 2,,,,{PEM}", 42200, "Row 2: 'd 2' is no device ID"),
        (f"d1,,a b,,{PEM}", 42200, "'a b' is no tag"),
        (f"d1,,,APP|X,{PEM}", 42200, "Row 1: 'X' is no firmware type"),
        ("d1,,,,key", 42200, "Row 1 has no certificate in PEM"),
        ('d1,,,,"x', 40000, "The body is no CSV"),
        ('d1,,,,"x"y', 40000, "The body is no CSV"),
        ("\xff", 40000, "The body is no CSV"),
        ("x" * 200_000, 40000, "The body is no CSV"),
    ],
)
def test_devices_that_cannot_be_added(played: Played, body: str, code: int, message: str) -> None:
    answer = played.request("POST", "/v1/devices", body.encode("latin-1"))
    assert answer is not None
    error = answer.json()
    assert isinstance(error, dict)
    assert (error["code"], message in error["message"]) == (code, True), error
    played.pass_time(BULK_SECONDS)
    assert ids(played, "") == []
