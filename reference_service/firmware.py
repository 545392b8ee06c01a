"""Firmware bundles: what they are for, and those that nRF Cloud lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from reference_service.strict_json import dig
from reference_service.times import seconds_of


class Target(StrEnum):
    """The part of a device that is upgraded, as it stands in the URL."""

    APP = "app"
    MODEM = "modem"


TYPES: Final = {Target.APP: ("APP",), Target.MODEM: ("MODEM", "MDM_FULL")}
"""The types of bundles that upgrade a target, the usual one first."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_BUNDLE: Final = re.compile(
    r"(APP|MODEM|BOOT|SOFTDEVICE|BOOTLOADER|MDM_FULL|SMP|CUSTOM)\*[0-9a-zA-Z]{8}\*[!-~]*"
)
_MAX_LENGTH: Final = 256


def is_bundle_id(text: str) -> bool:
    """Whether nRF Cloud could have a bundle of this ID: `APP*1e29dfa3*v2.0.1`, or a UUID."""
    known = _BUNDLE.fullmatch(text) or _UUID.fullmatch(text)
    return known is not None and len(text) <= _MAX_LENGTH


def bundle_type(bundle: str) -> str | None:
    """The type that a bundle's ID names; newer ones are UUIDs and name none."""
    match = _BUNDLE.fullmatch(bundle)
    return match[1] if match else None


def types_of(bundles: Iterable[str], target: Target) -> set[str]:
    """The types of bundles for a target; one that names no type has the target's usual one."""
    return {bundle_type(bundle) or TYPES[target][0] for bundle in bundles}


def target_of(bundle: str) -> Target | None:
    """What a bundle upgrades, if its ID says so."""
    return next((target for target, types in TYPES.items() if bundle_type(bundle) in types), None)


def bundles(items: Iterable[object]) -> list[dict[str, str]]:
    """The items of `GET /v1/firmwares` as users see them, last modified first."""
    found = []
    for item in items:
        fields = {
            "bundleId": dig(item, "bundleId"),
            "type": dig(item, "type"),
            "version": dig(item, "version"),
        }
        texts = {name: value for name, value in fields.items() if isinstance(value, str)}
        if len(texts) == len(fields):
            found.append((seconds_of(dig(item, "lastModified")) or 0, texts))
    found.sort(key=lambda each: each[0], reverse=True)
    return [texts for _, texts in found]
