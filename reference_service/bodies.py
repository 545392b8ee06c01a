"""What the bodies of requests must look like. Pure: JSON in, values or a Problem out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reference_service import contexts
from reference_service.devices import Device, is_device_id, is_fingerprint
from reference_service.firmware import TYPES, Target, bundle_type, is_bundle_id
from reference_service.problems import Problem
from reference_service.shadow import OBJECT_VERSION, TIMESTAMP, LwM2MObject
from reference_service.versions import parse_range

_NAME: Final = re.compile(r"[ -~]{1,64}")
_RESOURCE: Final = re.compile(r"0|[1-9][0-9]{0,4}")
_VERSION: Final = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")

_MAX_PATH: Final = 100
_MAX_TEXT: Final = 10_000
_MAX_ID: Final = 65535
_MAX_SECONDS: Final = 2**40


def registration(device_id: str, body: object) -> Device:
    """`{fingerprint, model, account}`"""
    fields = _fields(body)
    if not is_device_id(device_id):
        raise Problem(400, "a device ID has 1 to 128 letters, digits, colons, dashes, underscores")
    fingerprint = _text(fields, "fingerprint", is_fingerprint, "like 92b.y7i24q")
    model = _text(fields, "model", _is_name, "1 to 64 printable characters")
    account = _text(fields, "account", _is_name, "1 to 64 printable characters")
    return Device(device_id, fingerprint, model, account)


def bundle_id(body: object) -> str:
    """`{bundleId}`"""
    return _text(_fields(body), "bundleId", is_bundle_id, "the ID of a firmware bundle")


def upgrade_path(body: object, target: Target) -> dict[str, str]:
    """`{upgradePath: {version or range: bundleId}}`, the bundles of the target's types."""
    path = _fields(body).get("upgradePath")
    if not isinstance(path, dict) or not 0 < len(path) <= _MAX_PATH:
        raise Problem(400, f"upgradePath must be an object with 1 to {_MAX_PATH} entries")
    for version, bundle in path.items():
        if parse_range(version) is None:
            raise Problem(400, f"upgradePath: {_short(version)} is no version and no range")
        if not isinstance(bundle, str) or not is_bundle_id(bundle):
            raise Problem(400, f"upgradePath: {_short(version)} must name a firmware bundle")
        if bundle_type(bundle) not in (None, *TYPES[target]):
            raise Problem(400, f"upgradePath: {bundle} is no bundle for the {target}")
    return path


def object_update(body: object) -> LwM2MObject:
    """`{"@context", ObjectID, ObjectVersion?, Resources}`"""
    fields = _fields(body)
    if fields.get("@context") != contexts.OBJECT_UPDATE:
        raise Problem(400, f"@context must be {contexts.OBJECT_UPDATE}")
    object_id = _integer(fields, "ObjectID", 0, _MAX_ID)
    version = OBJECT_VERSION
    if "ObjectVersion" in fields:
        version = _text(fields, "ObjectVersion", _is_object_version, "like 1.0")
    resources = fields.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise Problem(400, "Resources must be an object with at least one resource")
    for resource, value in resources.items():
        if not _RESOURCE.fullmatch(resource):
            raise Problem(400, f"Resources: {_short(resource)} is no resource ID")
        if not isinstance(value, str | int | float):
            raise Problem(400, f"Resources: {resource} must be a string, a number or a boolean")
    if TIMESTAMP in resources:
        _integer(resources, TIMESTAMP, 0, _MAX_SECONDS)
    return {"ObjectID": object_id, "ObjectVersion": version, "Resources": resources}


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user thinks of the product."""

    stars: int
    suggestion: str
    email: str
    browser: str | None

    def card(self) -> dict[str, object]:
        """The message card for the webhook."""
        facts = [
            {"name": "Rating", "value": "★" * self.stars + "☆" * (5 - self.stars)},
            {"name": "Email", "value": self.email},
        ]
        if self.browser is not None:
            facts.append({"name": "Browser", "value": self.browser})
        return {
            "summary": "New feedback",
            "title": "New feedback received",
            "themeColor": "00a9ce",
            "sections": [{"facts": facts, "text": self.suggestion}],
        }


def feedback(body: object) -> Feedback:
    """`{stars 1 to 5, suggestion, email, browser?}`"""
    fields = _fields(body)
    return Feedback(
        stars=_integer(fields, "stars", 1, 5),
        suggestion=_text(fields, "suggestion", _is_text, f"1 to {_MAX_TEXT} characters"),
        email=_text(fields, "email", _is_email, "an email address"),
        browser=_text(fields, "browser", _is_text, "text") if "browser" in fields else None,
    )


def _fields(body: object) -> dict[str, object]:
    if not isinstance(body, dict):
        raise Problem(400, "the body must be a JSON object")
    return body


def _text(
    fields: dict[str, object], name: str, accept: Callable[[str], bool], expected: str
) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not accept(value):
        raise Problem(400, f"{name} must be a string: {expected}")
    return value


def _integer(fields: dict[str, object], name: str, low: int, high: int) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Problem(400, f"{name} must be a whole number from {low} to {high}")
    return value


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def _is_object_version(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None


def _is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None and len(text) <= 254


def _is_text(text: str) -> bool:
    return 0 < len(text) <= _MAX_TEXT


def _short(text: str) -> str:
    """For a message: no longer than a line, nothing in it that is not to be seen."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
