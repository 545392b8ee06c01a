"""The parameters of a call: where they may stand, and which there may be."""

from __future__ import annotations

import pytest

from harness.core.http_text import HttpRequest
from mock_nrfcloud.sisters.tuya.parameters import (
    MAX_DEVICES,
    device_names,
    needed,
    optional,
    parameters,
)
from mock_nrfcloud.sisters.tuya.refusals import Refusal

FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),)


def test_query_and_form_are_one() -> None:
    request = HttpRequest("POST", "/", (("a", "1"),), FORM, b"b=%2B2+&c=")
    assert parameters(request) == {"a": "1", "b": "+2 ", "c": ""}


def test_the_body_of_a_get_says_nothing() -> None:
    assert parameters(HttpRequest("GET", "/", (("a", "1"),), (), b"a=2")) == {"a": "1"}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (HttpRequest("GET", "/", (("a", "1"), ("a", "1"))), "The parameter 'a' is given twice."),
        (
            HttpRequest("POST", "/", (("a", "1"),), FORM, b"a=1"),
            "The parameter 'a' is given twice.",
        ),
        (
            HttpRequest("POST", "/", (), (("Content-Type", "application/json"),), b"{}"),
            "The body is no form (application/x-www-form-urlencoded).",
        ),
        (
            HttpRequest("POST", "/", (), FORM, b"&".join([b"a=1"] * 1001)),
            "The body has more than 1,000 parameters.",
        ),
    ],
)
def test_what_is_ambiguous_or_no_form_is_refused(request_: HttpRequest, message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parameters(request_)
    assert (refusal.value.code, refusal.value.message) == ("InvalidParameter", message)
    assert refusal.value.status == 400


def test_both_spellings_are_one_parameter() -> None:
    assert needed({"FirmwareId": "1"}, "FirmwareId") == "1"
    assert needed({"FirmwareID": "1"}, "FirmwareId") == "1"
    assert needed({"FirmwareID": "1", "FirmwareId": "1"}, "FirmwareId") == "1"
    assert optional({}, "JobId") == ""
    with pytest.raises(Refusal, match="FirmwareId is given twice, as '1' and '2'"):
        needed({"FirmwareId": "1", "FirmwareID": "2"}, "FirmwareId")
    with pytest.raises(Refusal, match="ProductKey is mandatory"):
        needed({"ProductKey": ""}, "ProductKey")


def test_devices_come_in_any_order_and_number() -> None:
    assert device_names({"DeviceName.7": "b", "other": "x", "DeviceName.1": "a"}) == ["b", "a"]
    most = {f"DeviceName.{number}": f"d{number}" for number in range(1, MAX_DEVICES + 1)}
    assert len(device_names(most)) == MAX_DEVICES
    with pytest.raises(Refusal, match="201 devices are too many: at most 200"):
        device_names({**most, "DeviceName.201": "d201"})


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ({}, "DeviceName.1 is mandatory for this action."),
        ({"DeviceName": "a"}, "'DeviceName' is not numbered: write DeviceName.1."),
        ({"DeviceName.0": "a"}, "'DeviceName.0' is not numbered: write DeviceName.1."),
        ({"DeviceName.x": "a"}, "'DeviceName.x' is not numbered: write DeviceName.1."),
        ({"DeviceName.1": ""}, "A DeviceName is empty."),
        ({"DeviceName.1": "a", "DeviceName.2": "a"}, "The device 'a' is named twice."),
    ],
)
def test_devices_that_make_no_sense_are_refused(found: dict[str, str], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        device_names(found)
    assert (refusal.value.code, refusal.value.message) == ("iot.system.IllegalRequest", message)
    assert refusal.value.status == 200
