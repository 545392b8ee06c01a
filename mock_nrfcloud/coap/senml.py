"""SenML between its two forms: JSON, and what is written as CBOR (RFC 8428, 4 to 6). Pure."""

from __future__ import annotations

import binascii
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

from harness.errors import BddError

_LABELS: Final[Mapping[str, int]] = {
    "bver": -1,
    "bn": -2,
    "bt": -3,
    "bu": -4,
    "bv": -5,
    "bs": -6,
    "n": 0,
    "u": 1,
    "v": 2,
    "vs": 3,
    "vb": 4,
    "s": 5,
    "t": 6,
    "ut": 7,
    "vd": 8,
}
_NAMES: Final = {label: name for name, label in _LABELS.items()}
_TEXTS: Final = frozenset(("bn", "bu", "n", "u", "vs", "vd"))
MAX_RECORDS: Final = 10_000


def to_labels(pack: Any) -> list[dict[int | str, Any]]:
    """The records of a SenML pack in JSON with labels for names, and `vd` as bytes.

    Raises BddError that says what is wrong with it.
    """
    if not isinstance(pack, list) or len(pack) > MAX_RECORDS:
        raise BddError("SenML is a list of records", hint='as in [{ "n": "temp", "v": 21.5 }]')
    return [_labelled(number, record) for number, record in enumerate(pack, 1)]


def from_labels(pack: Any) -> Any:
    """SenML as JSON from what CBOR has; anything else is left as it is."""
    if not isinstance(pack, list):
        return pack
    return [_named(each) if isinstance(each, dict) else each for each in pack]


def _labelled(number: int, record: Any) -> dict[int | str, Any]:
    if not isinstance(record, dict):
        raise BddError(f"record {number} is no object")
    return {_LABELS.get(name, name): _value(number, name, of) for name, of in record.items()}


def _value(number: int, name: str, value: Any) -> Any:
    if name == "vb":
        fits, wanted = isinstance(value, bool), "true or false"
    elif name in _TEXTS:
        fits, wanted = isinstance(value, str), "a text"
    else:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        wanted = "a number"
    if name in _LABELS and not fits:
        raise BddError(f"`{name}` of record {number} is {value!r:.60}", hint=f"it is {wanted}")
    if name != "vd":
        return value
    try:
        padded = value + "=" * (-len(value) % 4)
        return b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        hint = "base64 with - and _, without padding"
        raise BddError(f"`vd` of record {number} is not base64url", hint=hint) from None


def _named(record: dict[Any, Any]) -> dict[str, Any]:
    named = {}
    for label, value in record.items():
        name = _NAMES.get(label, str(label)) if isinstance(label, int) else str(label)
        if isinstance(value, bytes):
            value = urlsafe_b64encode(value).rstrip(b"=").decode()
        named[name] = value
    return named
