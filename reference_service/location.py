"""nRF Cloud's location history as LwM2M objects. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reference_service import contexts
from reference_service.strict_json import dig
from reference_service.times import seconds_of

OBJECT_ID: Final = 14201
_INSTANCES: Final = {"GNSS": 0, "WIFI": 1, "MCELL": 1, "SCELL": 2}
_OTHER_INSTANCE: Final = 9


@dataclass(frozen=True, slots=True)
class Location:
    """Where a device was: degrees, metres, and when, in seconds since 1970."""

    seconds: int
    latitude: float
    longitude: float
    uncertainty: float | None
    service: str

    @property
    def instance(self) -> int:
        """The instance of the LwM2M object: one for each way to find a location."""
        return _INSTANCES.get(self.service, _OTHER_INSTANCE)

    @property
    def resources(self) -> dict[str, object]:
        resources = {
            "0": self.latitude,
            "1": self.longitude,
            "3": self.uncertainty,
            "6": self.service,
            "99": self.seconds,
        }
        return {key: value for key, value in resources.items() if value is not None}

    def update(self) -> dict[str, object]:
        """The message that tells of this location."""
        return {
            "@context": contexts.OBJECT_UPDATE,
            "ObjectID": OBJECT_ID,
            "ObjectInstanceID": self.instance,
            "Resources": self.resources,
        }


def locations(device_id: str, items: Iterable[object]) -> list[Location]:
    """The device's locations, oldest first; items that tell of none are left out."""
    found = (_location(item) for item in items if dig(item, "deviceId") in (device_id, None))
    return sorted((location for location in found if location), key=lambda each: each.seconds)


def _location(item: object) -> Location | None:
    """An item of `GET /v1/location/history`: its numbers are strings."""
    seconds = seconds_of(dig(item, "insertedAt"))
    latitude = _number(dig(item, "lat"), 90)
    longitude = _number(dig(item, "lon"), 180)
    service = dig(item, "serviceType")
    if seconds is None or latitude is None or longitude is None or not isinstance(service, str):
        return None
    uncertainty = _number(dig(item, "uncertainty"), math.inf)
    return Location(seconds, latitude, longitude, uncertainty, service)


def _number(value: object, limit: float) -> float | None:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= limit else None
