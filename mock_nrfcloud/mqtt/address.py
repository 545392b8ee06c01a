"""Where an MQTT broker is, as a URL says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

from harness.errors import BddError

_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
_HINT: Final = "write mqtt://HOST:PORT, or mqtts://HOST:PORT for TLS"


@dataclass(frozen=True, slots=True)
class Address:
    """A broker, and who one is there."""

    host: str
    port: int
    tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"

    def known_as(self, username: str | None, password: str | None) -> Address:
        """The same broker, with this name and password."""
        return replace(self, username=username, password=password)


def parse_address(url: str) -> Address:
    """The address in a URL. Raises BddError if it is none, or has a user name in it."""
    if "@" in url:  # not shown at all: what stands before the @ is a password
        raise BddError(
            "the URL of the MQTT broker has a user name in it",
            hint="name and password come from environment variables",
        )
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise BddError(f"{url[:100]!r} is no URL of an MQTT broker", hint=_HINT) from None
    if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise BddError(f"{url[:100]!r} is no URL of an MQTT broker", hint=_HINT)
    return Address(parts.hostname, port, parts.scheme == "mqtts")
