"""The MQTT messages about executions: topics and payloads, as text and as values. Pure.

Source: "MQTT job execution notifications" of Nordic's documentation. A Bluetooth LE device is
spoken to through its gateway, whose messages name it first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from mock_nrfcloud.fota.assumptions import MAX_DETAIL, TYPE_CODES
from mock_nrfcloud.fota.entities import FIRMWARE_HOST, Document
from mock_nrfcloud.fota.lifecycle import CODES, ExecutionStatus

_TOPIC: Final = re.compile(r"prod/([^/]+)/([^/]+)/jobs/(ble/)?(req|update)")
_STATUSES: Final[Mapping[int, ExecutionStatus]] = {code: each for each, code in CODES.items()}


@dataclass(frozen=True, slots=True)
class Request:
    """A device asks to be notified again: of that job, or of the one that is first."""

    team: str
    sender: str
    device: str
    job: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """A device tells how it fares with a job; `sender` is itself, or its gateway."""

    team: str
    sender: str
    device: str
    job: str
    status: ExecutionStatus
    detail: str


def notification(
    team: str, device: str, gateway: str | None, job: str, document: Document
) -> tuple[str, bytes]:
    """The topic and the payload that tell a device of an execution."""
    paths = " ".join(document.uris)
    tells = [job, TYPE_CODES[document.type], document.size, FIRMWARE_HOST, paths]
    if gateway is None:
        return f"prod/{team}/{device}/jobs/rcv", msgspec.json.encode(tells)
    return f"prod/{team}/{gateway}/jobs/ble/rcv", msgspec.json.encode([device, *tells])


def read(topic: str, payload: bytes) -> Request | Update | None:
    """What a device says; None if it makes no sense."""
    match = _TOPIC.fullmatch(topic)
    if match is None:
        return None
    team, sender, ble, kind = match.groups()
    try:
        said: Any = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    if not isinstance(said, list):
        return None
    if not ble:
        said = [sender, *said]
    if kind == "req":
        return _request(team, sender, said)
    return _update(team, sender, said)


def _request(team: str, sender: str, said: list[Any]) -> Request | None:
    match said:
        case [str(device)] if device:
            return Request(team, sender, device)
        case [str(device), str(job)] if device:
            return Request(team, sender, device, job)
    return None


def _update(team: str, sender: str, said: list[Any]) -> Update | None:
    match said:
        case [str(device), str(job), int(code), *rest] if code in _STATUSES and len(rest) <= 1:
            status = _STATUSES[code]
            detail = _detail(status, rest[0] if rest else "")
            if isinstance(code, bool) or detail is None:
                return None
            return Update(team, sender, device, job, status, detail)
    return None


def _detail(status: ExecutionStatus, said: object) -> str | None:
    """The status detail; of a download its progress in percent."""
    if isinstance(said, str):
        return said if len(said) <= MAX_DETAIL else None
    if status is ExecutionStatus.DOWNLOADING and type(said) is int and 0 <= said <= 100:
        return f"{said}%"
    return None
