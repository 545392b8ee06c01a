"""What a proxy is asked for: the forms of a request's target, credentials, headers. Pure."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from harness.core.http_text import Pairs
from harness.errors import BddError

_PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?")
_HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `host` is in lower case, an IPv6 address without its brackets.

    `scheme` and `path` (with the query, as it was sent) are empty for a tunnel.
    """

    host: str
    port: int
    scheme: str = ""
    path: str = ""

    @property
    def name(self) -> str:
        """The host as it stands in a URL."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def url(self) -> str:
        """The URL of what is asked for; of a tunnel, host and port."""
        authority = f"{self.name}:{self.port}"
        return f"{self.scheme}://{authority}{self.path}" if self.scheme else authority


def tunnel_target(text: str) -> Target:
    """The target of a CONNECT, `host:port` (RFC 9110, 9.3.6). Raises BddError."""
    host, port = _authority(text)
    if port is None:
        raise _wrong(text, "it has no port")
    return Target(host, port)


def absolute_target(text: str) -> Target:
    """A whole URL (RFC 9112, 3.2.2). Raises BddError."""
    scheme, _, rest = text.partition("://")
    if (default := _PORTS.get(scheme.lower())) is None:
        raise _wrong(text, "it is no URL of http or https")
    rest = rest.partition("#")[0]
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    path = rest[len(authority) :]
    host, port = _authority(authority)
    path = path if path.startswith("/") else f"/{path}"
    return Target(host, default if port is None else port, scheme.lower(), path)


def _authority(text: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _wrong(text, str(error)) from None
    host = host.removesuffix(".")
    if parts.netloc != text or "@" in text or port == 0:
        raise _wrong(text, "it is not host:port")
    if not _NAME.fullmatch(host) and not _is_address(host):
        raise _wrong(text, "it has no name of a host")
    return host, port


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _wrong(text: str, why: str) -> BddError:
    return BddError(f"{text[:100]!r} is nothing that a proxy can be asked for: {why}")


def credentials(header: str | None) -> tuple[str, str]:
    """User and password of a Proxy-Authorization header; empty without one. Raises BddError.

    That of `http://NAME:PASSWORD@…` in HTTPS_PROXY is of the scheme Basic (RFC 7617).
    """
    if header is None:
        return "", ""
    scheme, _, coded = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError("another scheme")
        user, _, password = b64decode(coded.strip(), validate=True).decode().partition(":")
    except ValueError:
        raise BddError("the header Proxy-Authorization is not of the scheme Basic") from None
    # Some clients encode once more what stands in their variable.
    return unquote(user), password


def end_to_end(headers: Iterable[tuple[str, str]]) -> Pairs:
    """The headers but for those that concern one connection only (RFC 9110, 7.6.1)."""
    headers = tuple(headers)
    named = {
        option.strip().lower()
        for name, value in headers
        if name.lower() == "connection"
        for option in value.split(",")
    }
    return tuple(each for each in headers if each[0].lower() not in _HOP_BY_HOP | named)
