"""Shadows as LwM2M objects."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_service import shadow
from reference_service.firmware import Target
from reference_service.location import Location
from reference_service.shadow import LwM2MObject, message

STATE = {
    "reported": {
        "device": {
            "deviceInfo": {
                "appVersion": "2.0.0",
                "modemFirmware": "mfw_nrf91x1_2.0.1",
                "imei": "355025930003908",
                "board": "thingy91x",
            },
            "simInfo": {"iccid": "8931080520064922983"},
            "networkInfo": {
                "networkMode": "LTE-M",
                "currentBand": 20,
                "rsrp": -101,
                "areaCode": 30401,
                "cellID": 21679715,
                "mccmnc": "24201",
                "ipAddress": "10.0.0.1",
                "eest": 7,
            },
            "serviceInfo": {"fota_v2": ["BOOT", "APP"]},
        },
        "lwm2m": {"14240:1.0": {"0": {"0": 60, "1": False}}},
    },
    "desired": {"lwm2m": {"14240:1.0": {"0": {"0": 120}}}},
    "metadata": {
        "reported": {
            "device": {
                "deviceInfo": {
                    "appVersion": {"timestamp": 100},
                    "imei": {"timestamp": 300},
                    "hwVer": {"timestamp": 999},
                },
                "networkInfo": {"rsrp": {"timestamp": 400}},
                "serviceInfo": {"fota_v2": [{"timestamp": 500}, {"timestamp": 501}]},
            },
            "lwm2m": {"14240:1.0": {"0": {"0": {"timestamp": 600}, "1": {"timestamp": 601}}}},
        },
        "desired": {"lwm2m": {"14240:1.0": {"0": {"0": {"timestamp": 700}}}}},
    },
    "version": 7,
}
PLACE = Location(800, 63.4, 10.4, None, "GNSS")


def an_object(object_id: int, **resources: Any) -> LwM2MObject:
    return {
        "ObjectID": object_id,
        "ObjectVersion": "1.0",
        "Resources": {name.strip("_"): value for name, value in resources.items()},
    }


def test_a_whole_shadow() -> None:
    assert message(STATE, [], PLACE) == {
        "@context": "https://github.com/hello-nrfcloud/proto/shadow",
        "desired": [an_object(14240, _0=120, _99=700)],
        "reported": [
            an_object(14401, _0=["BOOT", "APP"], _99=501),
            an_object(
                14204,
                _0="355025930003908",
                _1="8931080520064922983",
                _2="mfw_nrf91x1_2.0.1",
                _3="2.0.0",
                _4="thingy91x",
                _99=300,
            ),
            an_object(
                14203,
                _0="LTE-M",
                _1=20,
                _2=-101,
                _3=30401,
                _4=21679715,
                _5=24201,
                _6="10.0.0.1",
                _11=7,
                _99=400,
            ),
            an_object(14240, _0=60, _1=False, _99=601),
            {
                "ObjectID": 14201,
                "ObjectVersion": "1.0",
                "ObjectInstanceID": 0,
                "Resources": {"0": 63.4, "1": 10.4, "6": "GNSS", "99": 800},
            },
        ],
    }


def test_what_is_not_there_is_left_out() -> None:
    state = {"reported": {"device": {"networkInfo": {"rsrp": -90, "mccmnc": "none"}}}}
    assert shadow.reported_objects(state) == [an_object(14203, _2=-90)]
    assert shadow.desired_objects(state) == []


@pytest.mark.parametrize(
    ("mccmnc", "number"),
    [("24201", 24201), (24201, 24201), ("", None), ("२४", None), ("2420100", None), (True, None),
     (2.5, None), (None, None), ([], None)],
)  # fmt: skip
def test_the_network_is_a_number(mccmnc: object, number: int | None) -> None:
    objects = shadow.reported_objects({"reported": {"device": {"networkInfo": {"mccmnc": mccmnc}}}})
    assert objects == ([an_object(14203, _5=number)] if number else [])


def test_nothing_known_is_no_message() -> None:
    assert message(None, [], None) is None
    assert message({}, [], None) is not None
    assert message(None, [], PLACE) is not None


def test_what_was_set_here_is_sent_without_a_shadow() -> None:
    wanted = an_object(14240, _0=30, _99=1)
    assert message(None, [wanted], None) == {
        "@context": "https://github.com/hello-nrfcloud/proto/shadow",
        "desired": [wanted],
        "reported": [],
    }


def test_the_newer_of_two_is_laid_over_the_older() -> None:
    older, newer = an_object(14240, _0=1, _1=1, _99=10), an_object(14240, _1=2, _2=2, _99=20)
    both = [an_object(14240, _0=1, _1=2, _2=2, _99=20)]
    assert shadow.merge([older], [newer]) == both
    assert shadow.merge([newer], [older]) == both
    assert shadow.merge([older], [an_object(14301, _0=1)]) == [older, an_object(14301, _0=1)]
    # Within one second, the second is the newer one.
    assert shadow.merge([older], [an_object(14240, _1=5, _99=10)])[0]["Resources"]["1"] == 5


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"items": [{"id": "b", "state": {}}, {"id": "a", "state": {"version": 1}}]}, True),
        ({"items": [{"id": "a", "state": {"version": 1}}], "pageNextToken": "x"}, True),
        ({"items": [{"id": "b", "state": {"version": 1}}]}, False),
        ({"items": [{"id": "a"}]}, False),
        ({"items": [{"id": "a", "state": "on"}, None, 3]}, False),
        ({"items": {}}, False),
        ({}, False),
        ([], False),
        (None, False),
    ],
)
def test_finding_the_shadow(answer: object, found: bool) -> None:
    assert shadow.find_shadow("a", answer) == ({"version": 1} if found else None)


def test_firmware() -> None:
    assert str(shadow.firmware_version(STATE, Target.APP)) == "2.0.0"
    assert str(shadow.firmware_version(STATE, Target.MODEM)) == "2.0.1"
    assert shadow.firmware_version(None, Target.APP) is None
    assert shadow.supported_types(STATE) == ["BOOT", "APP"]
    for odd in (None, {}, {"reported": {"device": {"serviceInfo": {"fota_v2": [1]}}}}):
        assert shadow.supported_types(odd) == []


def test_last_seen() -> None:
    assert shadow.last_seen(STATE, None) == "1970-01-01T00:10:01.000Z"
    assert shadow.last_seen(STATE, PLACE) == "1970-01-01T00:13:20.000Z"
    assert shadow.last_seen(None, None) is None
    assert shadow.last_seen({"reported": {"device": {}}}, None) is None


def test_a_timestamp_that_no_calendar_has() -> None:
    info = {"reported": {"device": {"deviceInfo": {"imei": "1"}}}}
    metadata = {"reported": {"device": {"deviceInfo": {"imei": {"timestamp": 10**30}}}}}
    assert shadow.last_seen({**info, "metadata": metadata}, None) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["reported", "desired", "metadata", "device", "deviceInfo", "networkInfo", "imei",
             "serviceInfo", "fota_v2", "lwm2m", "14240:1.0", "0", "timestamp", "99", "mccmnc"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=25,
)  # fmt: skip


@given(json_values)
def test_any_json_is_taken(state: object) -> None:
    told = message(state, [an_object(14240, _0=1, _99=1)], None)
    assert told is not None
    for each in shadow.reported_objects(state):
        assert each["Resources"]
    shadow.last_seen(state, None)
    shadow.firmware_version(state, Target.APP)
    shadow.find_shadow("a", state)
