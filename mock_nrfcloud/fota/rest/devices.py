"""Devices over REST: lists, state, groups, messages, and many at once. Pure."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from random import SystemRandom
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from harness.core.generators import ulid
from harness.core.http_text import HttpResponse
from harness.errors import BddError
from mock_nrfcloud.fota import views
from mock_nrfcloud.fota.assumptions import MAX_DETAIL
from mock_nrfcloud.fota.bundles import TYPES
from mock_nrfcloud.fota.devices import ID, TAG
from mock_nrfcloud.fota.entities import BulkOperation, Device, Row
from mock_nrfcloud.fota.errors import BAD_REQUEST, ApiError, invalid, unknown
from mock_nrfcloud.fota.rest.call import Call, accepted, ok, paged
from mock_nrfcloud.fota.rest.routing import Operations
from mock_nrfcloud.fota.shelf import Shelf, numbers
from mock_nrfcloud.fota.targets import supported
from mock_nrfcloud.mqtt.topics import check_message

OPERATIONS: Final = Operations()
MAX_ROWS: Final = 1000
"""How many devices can be added at once."""

_CELLS: Final = 5
_PEM: Final = "-----BEGIN CERTIFICATE-----"


class State(Struct):
    """Changes to the state of a device."""

    desired: dict[str, Any] = {}
    reported: dict[str, Any] = {}


class Message(Struct):
    """A message for a device."""

    message: Any
    topic: Annotated[str, Meta(min_length=1, max_length=256)] | None = None


@OPERATIONS.operation("GET", "/v1/devices")
def list_devices(call: Call) -> HttpResponse:
    """The devices that all filters let through."""
    team, wanted = call.account.team, _wanted(call)
    devices = team.devices
    if ids := call.values("deviceIds"):
        known = (device for each in dict.fromkeys(ids) if (device := devices.get(each)))
        devices = Shelf(sorted(known, key=lambda each: each.number))
    state, times = call.flag("includeState"), call.flag("includeStateMeta")
    found, after = devices.page(call.page(), wanted)
    items = [views.device(each, team, state=state, times=times) for each in found]
    total = sum(map(wanted, devices)) if wanted else len(devices)
    return paged(items, after, total)


@OPERATIONS.operation("GET", "/v1/devices/{device}")
def get_device(call: Call) -> HttpResponse:
    """A device with its state."""
    return ok(views.device(_device(call), call.account.team, state=True, times=True))


@OPERATIONS.operation("PATCH", "/v1/devices/{device}/state")
def patch_state(call: Call) -> HttpResponse:
    """Change what a device is wanted to have, or reports."""
    device, state = _device(call), call.body(State)
    version = call.request.header("If-Match")
    if version is not None and not version.strip('"').isdecimal():
        raise invalid("If-Match is not a version, a number")
    call.account.devices.patch(
        device,
        reported=state.reported,
        desired=state.desired,
        version=None if version is None else int(version.strip('"')[:18]),
    )
    return accepted()


@OPERATIONS.operation("DELETE", "/v1/devices/{device}")
def delete_device(call: Call) -> HttpResponse:
    """Delete a device, with its executions."""
    call.account.jobs.forget_device(_device(call).id)
    return accepted()


@OPERATIONS.operation("PUT", "/v1/devices/{device}/name")
def name_device(call: Call) -> HttpResponse:
    """Give a device another name: the body is that, or a JSON text."""
    device = _device(call)
    plain = (call.request.header("Content-Type") or "").startswith("text/plain")
    try:
        name = (call.request.body or b"").decode() if plain else call.body(str)
    except UnicodeDecodeError as error:
        raise ApiError(BAD_REQUEST, f"The body is no text: {error}") from None
    if not 1 <= len(name) <= MAX_DETAIL:
        raise invalid(f"The name does not have 1 to {MAX_DETAIL} characters")
    call.account.devices.change(device, name=name)
    return accepted()


@OPERATIONS.operation("PUT", "/v1/devices/{device}/tags")
def tag_device(call: Call) -> HttpResponse:
    """Put a device into these groups and into no others."""
    device = _device(call)
    tags = call.body(list[str])
    for each in tags:
        _check_tag(each)
    call.account.devices.change(device, tags=tuple(dict.fromkeys(tags)))
    return accepted()


@OPERATIONS.operation("POST", "/v1/devices/{device}/messages")
def send_message(call: Call) -> HttpResponse:
    """Send a device an MQTT message. Raises ApiError for one that would be lost."""
    device, said = _device(call), call.body(Message)
    topic = said.topic or f"prod/{call.account.team.id}/m/d/{device.id}/c2d"
    payload = msgspec.json.encode(said.message)
    try:
        check_message(topic, payload)
    except BddError as error:
        raise invalid(error.what) from None
    call.account.publish(topic, payload)
    return accepted()


@OPERATIONS.operation("POST", "/v1/devices")
def add_devices(call: Call) -> HttpResponse:
    """Add devices from a CSV file: ID, subtype, tags and firmware types (joined by `|`), PEM."""
    rows = _rows(call.request.body or b"")
    account = call.account
    now = account.agenda.now()
    operation = BulkOperation(ulid(SystemRandom()), next(numbers), now, now, rows)
    account.devices.add_later(operation)
    return ok({"bulkOpsRequestId": operation.id}, 202)


@OPERATIONS.operation("GET", "/v1/bulk-ops-requests/{operation}")
def get_bulk_operation(call: Call) -> HttpResponse:
    """How the adding of devices goes."""
    name, team = call.parts["operation"], call.account.team
    if (operation := team.bulk.get(name)) is None:
        raise unknown("Bulk operation", name)
    return ok(views.bulk_operation(operation, team))


def _device(call: Call) -> Device:
    return call.account.devices.get(call.parts["device"])


def _wanted(call: Call) -> Callable[[Device], bool] | None:
    """Whether all filters let a device through; None if there are none."""
    tags, types = set(call.values("tags")), set(call.values("firmwareSupport"))
    sub_types, name = set(call.values("subTypes")), (call.value("deviceNameFuzzy") or "").lower()
    if not (tags or types or sub_types or name):
        return None

    def wanted(device: Device) -> bool:
        return (
            (not tags or bool(tags & set(device.tags)))
            and (not types or bool(types & set(supported(device))))
            and (not sub_types or device.sub_type in sub_types)
            and name in device.name.lower()
        )

    return wanted


def _rows(body: bytes) -> tuple[Row, ...]:
    try:
        lines = list(csv.reader(StringIO(body.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ApiError(BAD_REQUEST, f"The body is no CSV: {error}") from None
    rows = tuple(_row(number, cells) for number, cells in enumerate(lines, 1) if cells)
    if not 1 <= len(rows) <= MAX_ROWS:
        raise invalid(f"There are {len(rows)} devices, not 1 to {MAX_ROWS}")
    return rows


def _row(number: int, cells: list[str]) -> Row:
    if len(cells) != _CELLS:
        raise invalid(f"Row {number} has {len(cells)} values, not {_CELLS}")
    device_id, sub_type, tags, types, certificate = cells
    if not ID.fullmatch(device_id):
        raise invalid(f"Row {number}: {device_id[:200]!r} is no device ID")
    if _PEM not in certificate:
        raise invalid(f"Row {number} has no certificate in PEM")
    row = Row(device_id, sub_type, _parts(tags), _parts(types))
    for each in row.tags:
        _check_tag(each)
    if unknown_types := set(row.types) - set(TYPES):
        raise invalid(f"Row {number}: {min(unknown_types)[:100]!r} is no firmware type")
    return row


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in text.split("|") if each))


def _check_tag(text: str) -> None:
    if not TAG.fullmatch(text):
        raise invalid(f"{text[:200]!r} is no tag")
