"""The signature of an RPC call (signature version 1.0): HMAC-SHA1 over all of its parameters.

Pure: no clock, no chance. May import nothing but harness.core.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from harness.core.http_text import Pairs

METHOD: Final = "HMAC-SHA1"
VERSION: Final = "1.0"
TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"
"""ISO 8601, in UTC."""


def percent_encoded(text: str) -> str:
    """All but letters, digits and `-_.~` as percent signs and the bytes of UTF-8."""
    return quote(text, safe="")


def encoded_query(parameters: Iterable[tuple[str, str]]) -> str:
    """Parameters as they stand in a URL, and sorted in what is signed."""
    return "&".join(f"{percent_encoded(name)}={percent_encoded(text)}" for name, text in parameters)


def string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """What is signed: all parameters but the signature itself, the empty ones too."""
    signed = sorted(item for item in parameters.items() if item[0] != "Signature")
    return f"{method}&%2F&{percent_encoded(encoded_query(signed))}"


def signature(secret: str, text: str) -> str:
    """The signature of a string to sign, in Base64."""
    return b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), "sha1")).decode()


def parameters_of(values: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """The parameters of a call: those of a list are numbered, as in DeviceName.1."""
    parameters: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, str):
            parameters[name] = value
        else:
            parameters |= {f"{name}.{number}": each for number, each in enumerate(value, 1)}
    return parameters


def signed(
    method: str, parameters: Mapping[str, str], key_id: str, secret: str, now: float, nonce: str
) -> Pairs:
    """The parameters of a call with the common ones, signed; `now` is in seconds since 1970.

    What is given of the common ones stays as it is.
    """
    common = {
        "AccessKeyId": key_id,
        "SignatureMethod": METHOD,
        "SignatureNonce": nonce,
        "SignatureVersion": VERSION,
        "Timestamp": datetime.fromtimestamp(now, UTC).strftime(TIME_FORMAT),
    }
    whole = {**common, **parameters}
    whole.setdefault("Signature", signature(secret, string_to_sign(method, whole)))
    return tuple(whole.items())
