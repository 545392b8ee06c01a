from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

SENTENCES: Sentences = {
    "nRF Cloud behaves": ("behave", {}),
    "nRF Cloud knows the device `d`": ("know_device", {"device": "d"}),
    "nRF Cloud knows the device `d` in the `elite` account with the firmware type `APP`": (
        "know_device",
        {"device": "d", "account": "elite", "types": "APP"},
    ),
    "nRF Cloud knows the device `d` with the firmware types `APP, BOOT`": (
        "know_device",
        {"device": "d", "types": "APP, BOOT"},
    ),
    "nRF Cloud knows `60` devices in the group `g`": ("know_devices", {"count": 60, "group": "g"}),
    "nRF Cloud knows 60 devices in the group `g` with the firmware types `APP`": (
        "know_devices",
        {"count": 60, "group": "g", "types": "APP"},
    ),
    "nRF Cloud knows the gateway `g`": ("know_gateway", {"gateway": "g"}),
    "nRF Cloud knows the Bluetooth LE device `d` of the gateway `g`": (
        "know_ble_device",
        {"device": "d", "gateway": "g"},
    ),
    "the device `d` is in the group `g`": ("set_groups", {"device": "d", "groups": "g"}),
    "the device `d` is in the groups `g, h` in the `elite` account": (
        "set_groups",
        {"device": "d", "groups": "g, h", "account": "elite"},
    ),
    "the device `d` has reported this to nRF Cloud": ("report_state", {"device": "d"}),
    "the device `d` has reported this to nRF Cloud in the `elite` account": (
        "report_state",
        {"device": "d", "account": "elite"},
    ),
    "the bundle `b` version `2` of type `APP` is available": (
        "provide_bundle",
        {"bundle": "b", "version": "2", "kind": "APP"},
    ),
    "the bundle `b` version `2` of type `APP` is available in the `elite` account": (
        "provide_bundle",
        {"bundle": "b", "version": "2", "kind": "APP", "account": "elite"},
    ),
    "the device `d` reports `FAILED` to nRF Cloud": ("report", {"device": "d", "status": "FAILED"}),
    "the device `d` reports `FAILED` with the detail `x` for the job `j` to nRF Cloud in the"
    " `elite` account": (
        "report",
        {"device": "d", "status": "FAILED", "detail": "x", "job": "j", "account": "elite"},
    ),
    "the devices of the group `g` report `FAILED` to nRF Cloud": (
        "report_all",
        {"group": "g", "status": "FAILED"},
    ),
    "the devices of the group `g` report `FAILED` with the detail `x` for the job `j` to nRF"
    " Cloud": ("report_all", {"group": "g", "status": "FAILED", "detail": "x", "job": "j"}),
    "`10` seconds pass in nRF Cloud": ("advance", {"seconds": 10.0}),
    "1 second passes in nRF Cloud": ("advance", {"seconds": 1.0}),
    "I call the nRF Cloud API `GET /v1/x`": ("call", {"request": "GET /v1/x"}),
    "I call the nRF Cloud API `POST /v1/x` with": ("call", {"request": "POST /v1/x"}),
    "I call the nRF Cloud API `GET /v1/x` in the `elite` account": (
        "call",
        {"request": "GET /v1/x", "account": "elite"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("fota", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("fota", SENTENCES)
