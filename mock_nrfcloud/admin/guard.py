"""Who may use the admin API.

With a token: who knows it. Without one the mock listens on the loopback interface only, so it is
who is on this machine; but a web page in a browser here must not reach it, neither by a name that
it made point here (DNS rebinding: the Host header) nor by a request from elsewhere (the Origin
header). Pure.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from mock_nrfcloud.admin.table import Refusal


class Guard:
    """Lets in who may use the API; the token is None on a loopback interface only."""

    def __init__(self, token: str | None) -> None:
        self._token = token.encode(errors="surrogateescape") if token is not None else None

    def check(self, headers: Mapping[str, str]) -> None:
        """Raises Refusal (401 or 403) for who may not."""
        host = headers.get("Host", "")
        if not _is_same_site(headers, host):
            raise Refusal(403, "Web pages of others cannot use the admin API")
        if self._token is None:
            if not is_loopback(_name(host)):
                raise Refusal(
                    403,
                    "The admin API is asked by a name that is not this machine's own",
                    "use 127.0.0.1 or localhost, or set an admin token",
                )
            return
        if not hmac.compare_digest(_given_token(headers.get("Authorization", "")), self._token):
            raise Refusal(
                401,
                "The admin token is missing or wrong",
                "Authorization: Bearer TOKEN, or as the password of HTTP Basic, with any user name",
            )


def is_loopback(name: str) -> bool:
    """Whether a host's name or address can only be this machine."""
    if name.lower().removesuffix(".") == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _given_token(authorization: str) -> bytes:
    """The token in an Authorization header: b"", which no token is, if there is none.

    Browsers know no Bearer: a person enters the token as the password of HTTP Basic (RFC 7617).
    """
    scheme, _, given = authorization.partition(" ")
    written = given.strip().encode(errors="surrogateescape")
    match scheme.lower():
        case "bearer":
            return written
        case "basic":
            with suppress(ValueError):
                return b64decode(written, validate=True).partition(b":")[2]
    return b""


def _is_same_site(headers: Mapping[str, str], host: str) -> bool:
    if headers.get("Sec-Fetch-Site", "none").lower() not in ("none", "same-origin"):
        return False
    origin = headers.get("Origin")
    return origin is None or origin.lower().partition("://")[2] == host.lower()


def _name(host: str) -> str:
    """The host without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
