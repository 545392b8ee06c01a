"""Device shadows: deep merge, times of values, what is wanted and not reported. Pure.

Modelled on the device shadows of AWS IoT, of which nRF Cloud's are made.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import json

from mock_nrfcloud.fota.assumptions import (
    MAX_STATE_BYTES,
    MAX_STATE_DEPTH,
    TOO_LARGE,
    VERSION_MISMATCH,
)
from mock_nrfcloud.fota.entities import Object, Shadow
from mock_nrfcloud.fota.errors import ApiError, invalid

_NO_OBJECT: Final[Object] = {}


def patched(
    shadow: Shadow,
    at: float,
    *,
    reported: Object = _NO_OBJECT,
    desired: Object = _NO_OBJECT,
    version: int | None = None,
) -> Shadow:
    """A shadow with changes: objects are merged, all else is replaced, null deletes.

    Raises ApiError if it is too large or too deep after that, or not of that version before.
    """
    if version is not None and version != shadow.version:
        raise ApiError(VERSION_MISMATCH, f"The version is {shadow.version}, not {version}")
    for each in (reported, desired):
        if _deep(each):
            raise invalid(f"The state is nested more than {MAX_STATE_DEPTH} deep")
    seconds = int(at)
    after = Shadow(
        version=shadow.version + 1,
        reported=_merged(shadow.reported, reported),
        desired=_merged(shadow.desired, desired),
        reported_times=_timed(shadow.reported_times, reported, seconds),
        desired_times=_timed(shadow.desired_times, desired, seconds),
    )
    for name, values in (("reported", after.reported), ("desired", after.desired)):
        if len(json.encode(values)) > MAX_STATE_BYTES:
            raise ApiError(TOO_LARGE, f"The {name} state is larger than {MAX_STATE_BYTES} bytes")
    return after


def delta(desired: Object, reported: Object) -> dict[str, Any]:
    """What is wanted, as far as it is not what is reported."""
    found: dict[str, Any] = {}
    for key, value in desired.items():
        other = reported.get(key)
        if isinstance(value, dict) and isinstance(other, dict):
            if inner := delta(value, other):
                found[key] = inner
        elif key not in reported or value != other:
            found[key] = value
    return found


def _merged(values: Object, patch: Object) -> Object:
    after = dict(values)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, dict):
            before = after.get(key)
            after[key] = _merged(before if isinstance(before, dict) else {}, value)
        else:
            after[key] = value
    return after


def _timed(times: Object, patch: Object, seconds: int) -> Object:
    """The times of what has been merged, where `times` were those before."""
    after = dict(times)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, dict):
            before: Any = after.get(key)
            after[key] = _timed({} if _is_leaf(before) else before, value, seconds)
        else:
            after[key] = _stamped(value, seconds)
    return after


def _is_leaf(times: Any) -> bool:
    """Whether these are no times of an object, which may have a member `timestamp` of its own."""
    return not isinstance(times, dict) or isinstance(times.get("timestamp"), int)


def _stamped(value: object, seconds: int) -> object:
    if isinstance(value, list):
        return [_stamped(each, seconds) for each in value]
    if isinstance(value, dict):
        return {key: _stamped(each, seconds) for key, each in value.items()}
    return {"timestamp": seconds}


def _deep(value: object) -> bool:
    """Whether a value is nested too deeply."""
    level: list[Any] = [value]
    for _ in range(MAX_STATE_DEPTH + 1):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)
