"""What the drivers of REST and websockets share: addresses, and what can go wrong on the way.

Does no I/O itself. Messages show addresses without the secrets in them.
"""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import string
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from harness.core.redaction import Redactor
from harness.errors import StepFailure

Redact = Callable[[str], str]
"""Takes the secrets out of a text that is about to be shown."""

redact_by_form: Redact = Redactor().text
"""Knows no secret values, only what they look like and the names that they bear."""

MAX_SHOWN = 300
"""Characters of a URL, or of what a peer has said, that a message shows."""

MAX_READ = 100_000
"""Bytes of the body of a refusal that are looked at."""

_DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
# All that may stand in a URI (RFC 3986), `%` included: what is encoded already stays as it is.
_URI_CHARACTERS = string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%"


class ConnectionLost(StepFailure):
    """A connection broke off, or there was none: a service that has died, perhaps."""


class ConnectionRefused(ConnectionLost):
    """Nobody listens at the address: a service that has not started yet, or that has died."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes. `url` is what is sent, `shown` what a message may say of it."""

    url: str
    host: str
    port: int
    shown: str


def parse_address(url: str, schemes: tuple[str, ...], redact: Redact) -> Address:
    """An absolute URL of one of the schemes. Raises a final StepFailure if it is none.

    It is sent as it is written, but that characters that cannot stand in a URL (a space, say)
    are percent-encoded.
    """

    shown = _short(redact(url))

    def wrong(what: str, hint: str) -> StepFailure:
        return StepFailure(f"{shown!r} is no URL to send to: {what}: {hint}", final=True)

    if re.search(r"[\x00-\x1f\x7f]", url):
        raise wrong("it has a line break or a control character in it", "remove it")
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise wrong(str(error), "check the host and the port") from None
    if scheme not in schemes:
        what = f"its scheme is {scheme}" if "://" in url else "it is not absolute"
        raise wrong(what, f"it begins with {' or '.join(f'{each}://' for each in schemes)}")
    if "@" in parts.netloc:
        # Not shown at all: what stands before the @ is a password.
        raise StepFailure("The URL has a user name in it: use a header instead", final=True)
    if not host or not host.isascii() or " " in parts.netloc:
        raise wrong(f"{_short(host or '')!r} is no host name", "write it in ASCII (IDNA: xn--…)")
    port = _DEFAULT_PORTS[scheme] if port is None else port
    return Address(quote(url, safe=_URI_CHARACTERS, errors="backslashreplace"), host, port, shown)


def connection_failure(action: str, address: Address, error: OSError) -> StepFailure:
    """What an error of the operating system, the resolver or TLS means to a person.

    `action` begins the message, such as "GET http://…".
    """
    host, where = address.host, f"{address.host}:{address.port}"
    match error:
        case ConnectionRefusedError():
            return ConnectionRefused(
                f"{action}: {where} refused the connection: is the service running?"
            )
        case socket.gaierror():
            return StepFailure(
                f"{action}: the host {host} has no address ({error.strerror}):"
                " is its name right, and is the network there?"
            )
        case ssl.SSLCertVerificationError():
            return StepFailure(
                f"{action}: the certificate of {where} is not trusted: {error.verify_message}"
            )
        case ssl.SSLError():
            return StepFailure(
                f"{action}: {where} does not speak TLS as expected ({error.reason}):"
                " is it served without TLS?"
            )
    reason = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
    return ConnectionLost(f"{action}: the connection to {where} failed: {reason}")


def said(body: bytes, redact: Redact) -> str:
    """What the body of a refusal says to a person, on one line and not too long; may be empty.

    Of a JSON object that is title, detail and message, if it has any (problem details, RFC 9457).
    """
    text = body[:MAX_READ].decode(errors="replace")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        parts = [data[key] for key in ("title", "detail", "message") if key in data]
        text = ": ".join(part for part in parts if isinstance(part, str)) or text
    return _short(redact(" ".join(text.split())))


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
