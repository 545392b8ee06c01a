"""The twin as a whole: what calls do to the state behind them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.http_text import HttpRequest
from harness.errors import BddError
from mock_nrfcloud.sisters.tuya import HOST
from mock_nrfcloud.sisters.tuya import twin as module
from mock_nrfcloud.sisters.tuya.access import COMMON
from mock_nrfcloud.values import ROOT_HOST
from tests.mock_nrfcloud.sisters.tuya.caller import CALL, KEY, Caller

ALL = ("CONFIRM", "QUEUED", "NOTIFIED", "IN_PROGRESS", "SUCCEEDED", "FAILED", "CANCELED")
SIGN = {"do": "sign", "method": "GET", "parameters": CALL, "id": "testi"}
CANCELLED = ["CANCELED"] * 3 + ["IN_PROGRESS", "SUCCEEDED", "FAILED", "CANCELED"]


@pytest.fixture
def caller() -> Caller:
    return Caller()


def test_what_no_device_has_begun_is_cancelled(caller: Caller) -> None:
    for number, status in enumerate(ALL):
        caller.task(f"d{number}", status)
    answer = caller.call(DeviceName=[f"d{number}" for number in range(len(ALL))])
    assert answer["success"] is True
    assert answer["code"] == ""
    assert caller.statuses() == CANCELLED


def test_only_the_devices_of_the_firmware_and_the_batch_are_meant(caller: Caller) -> None:
    caller.task("testDevice1", job="1")
    caller.task("testDevice1", job="2")
    caller.task("testDevice1", job="1", firmware="169")
    caller.task("testDevice2", job="1")
    caller.task("testDevice3", job="1")
    assert caller.call(JobId="1")["success"]
    assert caller.statuses() == ["CANCELED", "QUEUED", "QUEUED", "CANCELED", "QUEUED"]
    assert caller.call(JobID="2", FirmwareId=None, FirmwareID="168")["success"]
    assert caller.statuses(job="2") == ["CANCELED"]
    assert caller.call()["success"], "to cancel again is no error"


def test_a_call_may_be_a_form(caller: Caller) -> None:
    caller.task("testDevice1")
    caller.task("testDevice2")
    form = "application/x-www-form-urlencoded"
    response = caller.send_form(caller.parameters(method="POST"), form)
    assert response is not None
    assert response.status == 200
    assert caller.statuses() == ["CANCELED", "CANCELED"]


def test_the_answer_may_be_xml(caller: Caller) -> None:
    caller.task("testDevice1")
    response = caller.send(caller.parameters(Format="XML", DeviceName=["testDevice1"]))
    assert response is not None
    assert b"<CancelOTATaskByDeviceResponse><code />" in response.body
    response = caller.send(caller.parameters(Format="XML", secret="another"))
    assert response is not None
    assert b"<Error><code>SignatureDoesNotMatch</code>" in response.body


def test_other_paths_and_other_things_at_the_root_are_not_its(caller: Caller) -> None:
    assert caller.send(caller.parameters(), path="/v1/devices") is None
    assert caller.send({}, host=ROOT_HOST) is None
    response = caller.send({})
    assert response is not None
    assert b"Action is mandatory" in response.body
    caller.task("testDevice1")
    response = caller.send(caller.parameters(DeviceName=["testDevice1"]), host=ROOT_HOST)
    assert response is not None
    assert response.status == 200


def test_it_is_called_with_get_or_post(caller: Caller) -> None:
    response = caller.twin.answer(HOST, HttpRequest("PUT", "/", (("Action", "x"),)))
    assert response is not None
    assert response.status == 405


def test_it_answers_at_hosts_that_it_is_told(caller: Caller) -> None:
    caller.twin.command({"do": "start", "host": "SI-d6.tuyacloud.com"})
    assert caller.twin.hosts == {ROOT_HOST, HOST, "si-d6.tuyacloud.com"}


def test_a_key_may_be_denied_an_action(caller: Caller) -> None:
    caller.twin.command({"do": "deny", "id": KEY, "action": "CancelOTATaskByDevice"})
    caller.task("testDevice1")
    answer = caller.call(DeviceName=["testDevice1"])
    assert (answer["status"], answer["code"]) == (200, "iot.common.RamActionPermissionDeny")
    assert caller.statuses() == ["QUEUED"]


def test_it_signs_calls_with_the_newest_key_or_another(caller: Caller) -> None:
    caller.task("testDevice1")
    caller.task("testDevice2")
    for key in (None, "new", KEY):
        if key == "new":
            caller.twin.command({"do": "key", "id": "new"})
        sign = {"do": "sign", "method": "GET", "parameters": CALL, "id": key}
        parameters = dict(parse_qsl(caller.twin.command(sign)["query"]))
        assert parameters["AccessKeyId"] == (key or KEY)
        response = caller.send(parameters)
        assert response is not None
        assert response.status == 200


@pytest.mark.parametrize("command", [{"do": "deny", "id": "testi", "action": "A"}, SIGN])
def test_a_command_needs_a_key_that_is_known(caller: Caller, command: dict[str, Any]) -> None:
    with pytest.raises(BddError) as error:
        caller.twin.command(command)
    assert str(error.value) == "there is no access key 'testi': did you mean \"testid\"?"
    with pytest.raises(BddError) as error:
        caller.another().command(command)
    assert str(error.value) == "no access key is known: let one be known first"


def test_calls_fail_as_told(caller: Caller) -> None:
    caller.task("testDevice1")
    caller.twin.command({"do": "fail", "code": "iot.system.SystemException", "times": 2})
    assert not caller.call(secret="another")["success"], "this one is not among them"
    codes = [caller.call(DeviceName=["testDevice1"])["code"] for _ in range(3)]
    assert codes == ["iot.system.SystemException"] * 2 + [""]


def test_what_is_illegal_changes_nothing(caller: Caller) -> None:
    caller.task("testDevice1")
    wrong: list[dict[str, Any]] = [
        {"ProductKey": None},
        {"FirmwareId": ""},
        {"DeviceName": []},
        {"DeviceName": ["testDevice1", "testDevice1"]},
        {"DeviceName": ["testDevice1", "stranger"]},
        {"FirmwareId": "1"},
        {"JobId": "1"},
    ]
    for each in wrong:
        answer = caller.call(**{"DeviceName": ["testDevice1"], **each})
        assert (answer["status"], answer["code"]) == (200, "iot.system.IllegalRequest"), each
        assert "Code" not in answer
    assert caller.statuses() == ["QUEUED"]


def test_a_question_says_why_it_does_not_hold(caller: Caller) -> None:
    ask = {"do": "tasks", "device": "d1", "status": "CANCELED"}
    assert caller.twin.command(ask) == {
        "tasks": [],
        "holds": False,
        "what": ["there is no such upgrade task"],
    }
    for job in map(str, range(7)):
        caller.task("d1", job=job)
    reply = caller.twin.command(ask)
    assert not reply["holds"]
    assert reply["what"][:2] == [
        "7 of 7 upgrade tasks are not CANCELED",
        "  the firmware 168 for d1 of k1nhvyl in the batch 0: QUEUED",
    ]
    assert reply["what"][-1] == "  … and 2 more"
    assert caller.twin.command({"do": "tasks", "status": "QUEUED"})["holds"]
    assert caller.twin.command({"do": "tasks"})["holds"]


def test_an_overview_has_no_secrets(caller: Caller) -> None:
    caller.task("testDevice1")
    caller.task("testDevice2", "NOTIFIED")
    shown = caller.twin.command({"do": "show"})
    assert [each["status"] for each in shown["tasks"]] == ["NOTIFIED", "QUEUED"]
    assert shown["accessKeys"] == ["testid"]
    assert shown["hosts"] == [HOST]
    assert "testsecret" not in str(shown)


def test_a_feature_leaves_its_state_to_those_that_need_it(caller: Caller) -> None:
    caller.task("testDevice1")
    parameters = caller.parameters(DeviceName=["testDevice1"])
    caller.twin.command({"do": "start", "host": "si-d6.tuyacloud.com"})
    caller.twin.command({"do": "fail", "code": "iot.system.SystemException"})
    left = caller.twin.snapshot()
    caller.call(DeviceName=["testDevice1"])
    caller.task("other")
    caller.twin = caller.another()
    caller.twin.begin([left])
    assert caller.twin.hosts == {ROOT_HOST, HOST, "si-d6.tuyacloud.com"}
    assert caller.statuses() == ["QUEUED"]
    assert caller.call()["code"] == "iot.system.SystemException"
    response = caller.send(parameters)
    assert response is not None
    assert caller.statuses() == ["CANCELED"]
    caller.twin.begin([left])
    assert caller.statuses() == ["QUEUED"], "what was left does not change"


def test_there_is_an_end_to_what_it_knows(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KNOWN", 1)
    for command in ({"do": "start", "host": "a"}, {"do": "key", "id": "a", "secret": "b"}):
        with pytest.raises(BddError, match=r"there are 1 .* already: use fewer"):
            caller.twin.command(command)


NAMES = st.sampled_from([*COMMON, *CALL, "Format", "DeviceName.1", "FirmwareID", "JobId"])
TEXTS = st.one_of(st.sampled_from(["XML", "JSON", *CALL.values()]), st.text()).map(str)


@given(
    st.sampled_from(["GET", "POST", "PUT"]),
    st.lists(st.tuples(NAMES | st.text(), TEXTS)),
    st.sampled_from(["application/x-www-form-urlencoded", "application/json", ""]),
    st.binary(),
)
def test_whatever_comes_is_answered_and_changes_nothing(
    method: str, query: list[tuple[str, str]], kind: str, body: bytes
) -> None:
    caller = Caller()
    caller.task("testDevice1")
    request = HttpRequest(method, "/", tuple(query), (("Content-Type", kind),), body)
    response = caller.twin.answer(HOST, request)
    assert response is not None
    assert 400 <= response.status < 500
    if response.header("content-type") == "application/json":
        told = response.json()
        assert isinstance(told, dict)
        assert told["success"] is False
    else:
        assert ElementTree.fromstring(response.body).findtext("success") == "false"
    assert caller.statuses() == ["QUEUED"]


@given(st.lists(st.text(), max_size=3), st.text(), st.sampled_from(["JSON", "XML"]))
def test_whatever_is_signed_is_read_as_it_was_sent(
    devices: list[str], firmware: str, form: str
) -> None:
    caller = Caller()
    parameters = caller.parameters(DeviceName=devices, FirmwareId=firmware, Format=form)
    response = caller.send(parameters)
    assert response is not None
    assert response.status == 200
    assert b"iot.system.IllegalRequest" in response.body
    if form == "XML":
        ElementTree.fromstring(response.body)


def test_messages_of_nrf_cloud_and_its_end_change_nothing(caller: Caller) -> None:
    caller.task("testDevice1")
    caller.twin.received("prod/x", b"{}")
    caller.twin.close()
    assert caller.statuses() == ["QUEUED"]
