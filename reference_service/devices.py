"""Registered devices and what identifies them. Pure.

A fingerprint is printed on a device: whoever knows it may see and change the device, so it is
a secret and never logged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from reference_service import contexts

UNSUPPORTED: Final = "unsupported"
"""The model of devices that are known to exist and can do nothing here."""

_ID: Final = re.compile(r"[A-Za-z0-9:_-]{1,128}")
_FINGERPRINT: Final = re.compile(r"[0-9a-fA-F]{1,8}\.[abcdefghijkmnpqrstuvwxyz2-9]{6}")


@dataclass(frozen=True, slots=True)
class Device:
    """A device; `account` names the nRF Cloud account that it belongs to."""

    id: str
    fingerprint: str = field(repr=False)
    model: str
    account: str

    @property
    def supported(self) -> bool:
        return self.model != UNSUPPORTED

    def identity(self, last_seen: str | None) -> dict[str, object]:
        """The device as its user sees it."""
        identity: dict[str, object] = {
            "@context": contexts.DEVICE_IDENTITY,
            "id": self.id,
            "model": self.model,
        }
        return identity if last_seen is None else identity | {"lastSeen": last_seen}


def is_device_id(text: str) -> bool:
    """Whether nRF Cloud could have a device of this ID."""
    return _ID.fullmatch(text) is not None


def is_fingerprint(text: str) -> bool:
    """Production run in hex, a dot, and six characters that are hard to misread."""
    return _FINGERPRINT.fullmatch(text) is not None
