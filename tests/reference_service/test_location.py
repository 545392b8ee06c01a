"""Location history as LwM2M objects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_service.location import locations

ITEM = {
    "id": "1",
    "deviceId": "oob-1",
    "serviceType": "GNSS",
    "insertedAt": "2026-01-01T00:00:00.500Z",
    "lat": "63.421",
    "lon": "-10.437",
    "uncertainty": "12.5",
    "meta": {},
}


def test_an_item() -> None:
    (location,) = locations("oob-1", [ITEM])
    assert location.update() == {
        "@context": "https://github.com/hello-nrfcloud/proto/lwm2m/object/update",
        "ObjectID": 14201,
        "ObjectInstanceID": 0,
        "Resources": {"0": 63.421, "1": -10.437, "3": 12.5, "6": "GNSS", "99": 1767225600},
    }


@pytest.mark.parametrize(
    ("service", "instance"),
    [("GNSS", 0), ("WIFI", 1), ("MCELL", 1), ("SCELL", 2), ("ANCHOR", 9), ("GPS", 9), ("", 9)],
)
def test_each_service_has_its_instance(service: str, instance: int) -> None:
    (location,) = locations("oob-1", [ITEM | {"serviceType": service}])
    assert location.instance == instance


def test_oldest_first() -> None:
    later = ITEM | {"insertedAt": "2026-01-02T00:00:00+01:00"}
    latest = ITEM | {"insertedAt": "2026-01-02T00:00:00"}
    found = locations("oob-1", [latest, ITEM, later])
    assert [each.seconds - 1767225600 for each in found] == [0, 23 * 3600, 24 * 3600]


@pytest.mark.parametrize("uncertainty", [None, "", "wide", "NaN", "1e999", [], True])
def test_without_uncertainty(uncertainty: object) -> None:
    (location,) = locations("oob-1", [ITEM | {"uncertainty": uncertainty}])
    assert "3" not in location.resources


@pytest.mark.parametrize(
    "odd",
    [
        {"deviceId": "oob-2"},
        {"lat": None},
        {"lat": "90.1"},
        {"lat": "nan"},
        {"lon": "-inf"},
        {"lon": "181"},
        {"lon": True},
        {"lat": 10**400},
        {"insertedAt": "yesterday"},
        {"insertedAt": 5},
        {"serviceType": None},
    ],
)
def test_items_that_tell_of_no_location_are_left_out(odd: dict[str, object]) -> None:
    assert locations("oob-1", [ITEM | odd, None, 5, []]) == []


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.text(max_size=30) | st.floats() | st.integers() | st.none() | st.just(value)
            for name, value in ITEM.items()
        },
    )
)
def test_any_item_is_taken(item: dict[str, object]) -> None:
    for location in locations("oob-1", [item]):
        assert abs(location.latitude) <= 90
        assert abs(location.longitude) <= 180
