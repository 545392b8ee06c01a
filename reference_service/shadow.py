"""A device's nRF Cloud shadow as LwM2M objects, and what it says about firmware. Pure.

A shadow is the `state` of an item of `GET /v1/devices` with `includeState` and
`includeStateMeta`: `{reported, desired, metadata: {reported, desired}, version}`. It comes from
devices and may hold anything: what is not as expected is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NotRequired, TypedDict

from reference_service import contexts
from reference_service.firmware import Target
from reference_service.location import OBJECT_ID as LOCATION
from reference_service.location import Location
from reference_service.strict_json import dig
from reference_service.times import from_seconds, iso
from reference_service.versions import Version, reported_version

Path = tuple[str, ...]


class LwM2MObject(TypedDict):
    """An object as it stands in messages; resource 99 is when it was reported or set."""

    ObjectID: int
    ObjectVersion: str
    ObjectInstanceID: NotRequired[int]
    Resources: dict[str, object]


OBJECT_VERSION: Final = "1.0"
TIMESTAMP: Final = "99"

_INFO: Final = ("device", "deviceInfo")
_NETWORK: Final = ("device", "networkInfo")
_FOTA_TYPES: Final = ("device", "serviceInfo", "fota_v2")
_VERSIONS: Final = {Target.APP: (*_INFO, "appVersion"), Target.MODEM: (*_INFO, "modemFirmware")}
_CONFIGURATION: Final = 14240


def _scalar(value: object) -> object:
    return value if isinstance(value, str | int | float) else None


def _integer(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 6:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _texts(value: object) -> object:
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return value if is_list else None


_SOURCES: Final[dict[int, dict[str, tuple[Path, Callable[[object], object]]]]] = {
    14401: {"0": (_FOTA_TYPES, _texts)},
    14204: {
        "0": ((*_INFO, "imei"), _scalar),
        "1": (("device", "simInfo", "iccid"), _scalar),
        "2": ((*_INFO, "modemFirmware"), _scalar),
        "3": ((*_INFO, "appVersion"), _scalar),
        "4": ((*_INFO, "board"), _scalar),
    },
    14203: {
        "0": ((*_NETWORK, "networkMode"), _scalar),
        "1": ((*_NETWORK, "currentBand"), _scalar),
        "2": ((*_NETWORK, "rsrp"), _scalar),
        "3": ((*_NETWORK, "areaCode"), _scalar),
        "4": ((*_NETWORK, "cellID"), _scalar),
        "5": ((*_NETWORK, "mccmnc"), _integer),
        "6": ((*_NETWORK, "ipAddress"), _scalar),
        "11": ((*_NETWORK, "eest"), _scalar),
    },
}
"""For each object: where its resources stand in the reported state, and what they must be."""


def find_shadow(device_id: str, answer: object) -> dict[str, object] | None:
    """The device's state in an answer to `GET /v1/devices`, if it is there."""
    items = dig(answer, "items")
    for item in items if isinstance(items, list) else ():
        state = dig(item, "state")
        if dig(item, "id") == device_id and isinstance(state, dict):
            return state
    return None


def firmware_version(state: object, target: Target) -> Version | None:
    """The firmware version that the device reports for a target."""
    return reported_version(dig(state, "reported", *_VERSIONS[target]))


def supported_types(state: object) -> list[str]:
    """The types of firmware that the device can be upgraded with."""
    types = _texts(dig(state, "reported", *_FOTA_TYPES))
    return types if isinstance(types, list) else []


def reported_objects(state: object) -> list[LwM2MObject]:
    """The objects that the device reports."""
    objects = []
    for object_id, sources in _SOURCES.items():
        resources: dict[str, object] = {}
        timestamps: list[int] = []
        for resource, (path, accept) in sources.items():
            value = accept(dig(state, "reported", *path))
            if value is not None:
                resources[resource] = value
                timestamps += _timestamps(dig(state, "metadata", "reported", *path))
        if resources:
            objects.append(_object(object_id, resources, timestamps))
    return objects + _configuration(state, "reported")


def desired_objects(state: object) -> list[LwM2MObject]:
    """The objects that the device is wanted to have."""
    return _configuration(state, "desired")


def _configuration(state: object, section: str) -> list[LwM2MObject]:
    """The object that the shadow holds as such, under its ID and version."""
    path = ("lwm2m", f"{_CONFIGURATION}:{OBJECT_VERSION}", "0")
    resources = dig(state, section, *path)
    if not isinstance(resources, dict) or not resources:
        return []
    metadata = dig(state, "metadata", section, *path)
    used = [dig(metadata, resource) for resource in resources]
    return [_object(_CONFIGURATION, resources, _timestamps(used))]


def _object(object_id: int, resources: dict[str, object], timestamps: list[int]) -> LwM2MObject:
    stamp = {TIMESTAMP: max(timestamps)} if timestamps else {}
    return {
        "ObjectID": object_id,
        "ObjectVersion": OBJECT_VERSION,
        "Resources": resources | stamp,
    }


def _timestamps(metadata: object) -> list[int]:
    """Those of a field: `{timestamp}`, or a list of them for an array, nested as the field is."""
    if isinstance(metadata, list):
        return [timestamp for item in metadata for timestamp in _timestamps(item)]
    if not isinstance(metadata, dict):
        return []
    timestamp = metadata.get("timestamp")
    if isinstance(timestamp, int | float) and not isinstance(timestamp, bool):
        return [int(timestamp)]
    return [found for item in metadata.values() for found in _timestamps(item)]


def merge(first: Iterable[LwM2MObject], second: Iterable[LwM2MObject]) -> list[LwM2MObject]:
    """The objects of both; where both have one, its resources are laid over the older ones."""
    merged: dict[tuple[int, str], LwM2MObject] = {}
    for each in (*first, *second):
        key = each["ObjectID"], each["ObjectVersion"]
        older, newer = sorted((merged.get(key, each), each), key=timestamp)
        merged[key] = {**each, "Resources": older["Resources"] | newer["Resources"]}
    return list(merged.values())


def timestamp(each: LwM2MObject) -> int:
    """Seconds since 1970; 0 for an object that does not say."""
    value = each["Resources"].get(TIMESTAMP)
    return value if isinstance(value, int) else 0


def message(
    state: object, wanted: Iterable[LwM2MObject], location: Location | None
) -> dict[str, object] | None:
    """The shadow message: all that is known of a device, or None if nothing is.

    `wanted` are the objects that were set through this service, `location` is the newest one.
    """
    reported = reported_objects(state)
    if location:
        reported.append(_located(location))
    desired = merge(desired_objects(state), wanted)
    if state is None and not reported and not desired:
        return None
    return {"@context": contexts.SHADOW, "desired": desired, "reported": reported}


def _located(location: Location) -> LwM2MObject:
    return {
        "ObjectID": LOCATION,
        "ObjectVersion": OBJECT_VERSION,
        "ObjectInstanceID": location.instance,
        "Resources": location.resources,
    }


def last_seen(state: object, location: Location | None) -> str | None:
    """When the device was last heard of (ISO 8601), as far as its shadow and location tell."""
    seconds = max(
        [timestamp(each) for each in reported_objects(state)]
        + [location.seconds if location else 0]
    )
    moment = from_seconds(seconds) if seconds > 0 else None
    return iso(moment) if moment else None
