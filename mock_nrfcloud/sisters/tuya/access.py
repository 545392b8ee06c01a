"""Who may call: access keys, and the checks of the common parameters. Pure; the clock is given.

AccessKeyId, SignatureMethod=HMAC-SHA1, SignatureNonce, Timestamp, Signature
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.sisters.tuya import signature
from mock_nrfcloud.sisters.tuya.refusals import Refusal

TOLERANCE: Final = 15 * 60.0
"""Seconds by which the timestamp of a call may be off, either way."""
MAX_NONCES: Final = 100_000
"""How many nonces are remembered at most; the oldest leave first."""

COMMON: Final = ("AccessKeyId", "SignatureMethod", "SignatureNonce", "Timestamp", "Signature")
_TIMESTAMP: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccessKey:
    """What a caller has; `denied` are the actions that it may not call."""

    secret: str = field(repr=False)
    denied: frozenset[str] = frozenset()


@dataclass(slots=True)
class Access:
    """The access keys by their IDs, and until when each nonce that was used is remembered."""

    keys: dict[str, AccessKey] = field(default_factory=dict)
    nonces: dict[tuple[str, str], float] = field(default_factory=dict)

    def check(self, method: str, parameters: Mapping[str, str], now: float) -> AccessKey:
        """The key of a call that is signed with it, new and timely. Raises Refusal.

        Only a call whose signature is right uses up its nonce: it may fail after that.
        """
        for name in COMMON:
            if not parameters.get(name):
                raise Refusal("MissingParameter", f"{name} is mandatory for this action.")
        _expect(parameters, "SignatureMethod", signature.METHOD)
        _expect(parameters, "SignatureVersion", signature.VERSION)
        at = _seconds(parameters["Timestamp"])
        if abs(now - at) > TOLERANCE:
            message = "Specified time stamp or date value is expired."
            raise Refusal("InvalidTimeStamp.Expired", message)
        key_id = parameters["AccessKeyId"]
        if (key := self.keys.get(key_id)) is None:
            raise Refusal("InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        text = signature.string_to_sign(method, parameters)
        expected = signature.signature(key.secret, text)
        if not hmac.compare_digest(expected.encode(), parameters["Signature"].encode()):
            # Clients look for what they have signed behind the only colon of this message.
            message = "Specified signature is not matched with our calculation."
            raise Refusal("SignatureDoesNotMatch", f"{message} server string to sign is:{text}")
        self._use((key_id, parameters["SignatureNonce"]), at, now)
        return key

    def key(self, key_id: str) -> AccessKey:
        """A key that a command is about. Raises BddError if it is not known."""
        if not self.keys:
            raise BddError("no access key is known", hint="let one be known first")
        if (key := self.keys.get(key_id)) is None:
            hint = did_you_mean(key_id, self.keys) or f"there are: {', '.join(self.keys)}"
            raise BddError(f"there is no access key {key_id!r}", hint=hint)
        return key

    def copy(self) -> Access:
        """As it is now."""
        return Access(self.keys.copy(), self.nonces.copy())

    def merge(self, other: Access) -> None:
        """All that another one knows, too."""
        self.keys |= other.keys
        self.nonces |= other.nonces

    def _use(self, nonce: tuple[str, str], at: float, now: float) -> None:
        if nonce in self.nonces:
            message = "Specified signature nonce was used already."
            raise Refusal("SignatureNonceUsed", message)
        while self.nonces:
            oldest = next(iter(self.nonces))
            if self.nonces[oldest] >= now and len(self.nonces) < MAX_NONCES:
                break
            del self.nonces[oldest]
        # When the timestamp is too old, the same call is refused in any case.
        self.nonces[nonce] = at + TOLERANCE


def _expect(parameters: Mapping[str, str], name: str, value: str) -> None:
    given = parameters.get(name, value)
    if given != value:
        raise Refusal("InvalidParameter", f"{name} must be {value}, not {given[:100]!r}.")


def _seconds(timestamp: str) -> float:
    try:
        if _TIMESTAMP.fullmatch(timestamp):
            return datetime.fromisoformat(timestamp).timestamp()
    except ValueError:
        pass
    message = "Specified time stamp or date value is not well formatted."
    raise Refusal("InvalidTimeStamp.Format", message)
