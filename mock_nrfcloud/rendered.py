"""A response as the bytes that go out (RFC 9112).

Rendered once for each answer, not for each request. Pure: no I/O, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from harness.core.http_text import HttpResponse

_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})
_NO_BODY: Final = frozenset({204, 304})
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A response, but for what each request makes different: the date, and the end of the head.

    `closes`: a written `Connection: close` asks for the end of the connection. `dated`: there is a
    written `Date`, which goes out as it is.
    """

    head: bytes
    body: bytes
    closes: bool
    dated: bool


def render(response: HttpResponse) -> Rendered:
    """The headers go out as they were written, in their order; those that tell the length are
    replaced by the true one (RFC 9110, 8.6)."""
    reason = response.reason or _PHRASES.get(response.status, "")
    lines = [f"HTTP/1.1 {response.status} {reason}"]
    closes = dated = False
    for name, value in response.headers:
        lower = name.lower()
        if lower in _FRAMING:
            continue
        closes = closes or (lower == "connection" and "close" in value.lower())
        dated = dated or lower == "date"
        lines.append(f"{name}: {value}")
    empty = response.status in _NO_BODY
    if not empty:
        lines.append(f"Content-Length: {len(response.body)}")
    head = "\r\n".join(lines) + "\r\n"
    body = b"" if empty else response.body
    return Rendered(head.encode(errors="replace"), body, closes, dated)
