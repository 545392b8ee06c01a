"""Requests over HTTP to the service under test, and its answers.

Nothing is done that the scenario does not say: redirects are not followed, cookies are not kept,
proxies of the environment are not used, nothing is compressed. Knows nothing of steps.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from harness.core.http_text import HttpResponse
from harness.drivers.network import (
    Address,
    ConnectionLost,
    Redact,
    connection_failure,
    parse_address,
    redact_by_form,
)
from harness.errors import StepFailure

MAX_BODY = 16 * 1024 * 1024
"""Bytes of an answer that are read, unless the client is told otherwise."""

KEEP_ALIVE = 2.0
"""Seconds that an idle connection is kept: less than any server's own limit, so that a request
does not meet a connection that is just being closed."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_DEFAULT_HEADERS = {"User-Agent": "nrfcloud-bdd", "Accept-Encoding": "identity"}


class RestClient:
    """An HTTP client. Use it, and close it, on one event loop.

    `request_timeout` is in seconds, `max_body` in bytes; `redact` makes texts fit to be shown.
    """

    def __init__(
        self,
        request_timeout: float = 30.0,
        max_body: int = MAX_BODY,
        redact: Redact = redact_by_form,
    ) -> None:
        self._timeout = request_timeout
        self._max_body = max_body
        self._redact = redact
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - it ends in a text for a person
    ) -> HttpResponse:
        """Send one request and read its whole answer, whatever its status.

        Raises StepFailure: ConnectionRefused if nobody listens, otherwise for an invalid URL or
        header, a host without an address, TLS, a lost connection, an answer that is not HTTP or
        is larger than `max_body`, and when the answer is not there after `timeout` seconds
        (default: the client's).
        """
        address = parse_address(url, ("http", "https"), self._redact)
        action = f"{method} {address.shown}"
        seconds = self._timeout if timeout is None else timeout
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(method, address, headers, body)
        except TimeoutError:
            raise StepFailure(f"{action}: no complete answer within {seconds:g} s") from None
        except _TooLarge:
            limit = f"{self._max_body:,} bytes"
            raise StepFailure(f"{action}: the answer is larger than {limit}", final=True) from None
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise self._failure(action, address, error) from None

    async def close(self) -> None:
        """Close all connections; the client can be used again after it."""
        if self._session:
            await self._session.close()
            self._session = None

    async def _exchange(
        self, method: str, address: Address, headers: Sequence[tuple[str, str]], body: bytes | None
    ) -> HttpResponse:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                skip_auto_headers=("Accept", "Content-Type", *_DEFAULT_HEADERS),
                auto_decompress=False,
            )
        for name, _ in headers:
            if not _TOKEN.fullmatch(name):
                raise ValueError(f"{name[:40]!r} is no name of a header")
        sent = CIMultiDict(headers)
        for name, value in _DEFAULT_HEADERS.items():
            sent.setdefault(name, value)
        async with self._session.request(
            method,
            URL(address.url, encoded=True),
            headers=sent,
            data=body,
            allow_redirects=False,
        ) as response:
            return HttpResponse(
                response.status,
                _text((response.reason or "").encode(errors="surrogateescape")),
                tuple((_text(name), _text(value)) for name, value in response.raw_headers),
                await self._read(response),
            )

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._max_body:
                response.close()  # without it the rest would be read, to use the connection again
                raise _TooLarge
        return bytes(body)

    def _failure(self, action: str, address: Address, error: Exception) -> StepFailure:
        match error:
            case aiohttp.ClientConnectorCertificateError(certificate_error=OSError() as cause):
                return connection_failure(action, address, cause)
            case aiohttp.ClientConnectorError(os_error=cause):
                return connection_failure(action, address, cause)
            case aiohttp.ServerDisconnectedError():
                return ConnectionLost(f"{action}: the connection was closed before an answer came")
            case aiohttp.ClientPayloadError():
                return ConnectionLost(f"{action}: the answer broke off in the middle of its body")
            case aiohttp.ClientResponseError():
                what = self._redact(" ".join(error.message.split()))[:200]
                return StepFailure(f"{action}: the answer is not proper HTTP: {what}")
            case OSError():
                return connection_failure(action, address, error)
        return StepFailure(f"{action}: it cannot be sent: {self._redact(str(error))}", final=True)


class _TooLarge(Exception):  # noqa: N818 - a signal between two functions, never shown
    """The answer has more bytes than are read."""


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")
