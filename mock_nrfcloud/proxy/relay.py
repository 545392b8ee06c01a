"""Sends a request on to the host that it is for, and the answer back, both as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, Protocol

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from mock_nrfcloud.proxy.targets import end_to_end
from mock_nrfcloud.proxy.tunnel import CONNECT_SECONDS
from mock_nrfcloud.sending import let_send
from mock_nrfcloud.spaces import HEADER

SILENT_SECONDS: Final = 60.0
"""How long a host may say nothing before it has answered."""

_ADDED: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
_UNPACKED: Final = frozenset({"gzip", "deflate", "br", "zstd"})


class Tap(Protocol):
    """What sees a request and its answer go by, and may change what is said in the request."""

    def asks(self, headers: CIMultiDict[str]) -> None:
        """The headers that the host gets are these, once this has changed them."""

    def sends(self, chunk: bytes) -> None:
        """A part of the body of the request."""

    def is_answered(self, answer: aiohttp.ClientResponse) -> None:
        """The head of the answer has come."""

    def receives(self, chunk: bytes) -> None:
        """A part of the body of the answer."""

    def ends(self, error: Exception | None) -> None:
        """The answer is whole; or the error keeps its rest from coming, or from being taken."""


class Relay:
    """A client of other hosts; `via` is how it calls itself towards them."""

    def __init__(self, via: str) -> None:
        self._via = via
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self,
        request: web.BaseRequest,
        target: str,
        tap: Tap | None = None,
        body: bytes | None = None,
    ) -> web.StreamResponse:
        """The answer of the host to a request for this URL, with the body, if it has been read.

        Raises aiohttp.ClientError, TimeoutError or OSError if there is none.
        """
        session = self._client()
        headers = self._request_headers(request)
        if tap is not None:
            tap.asks(headers)
            if body is not None:
                tap.sends(body)
        data = body if body is not None or not request.body_exists else _passing(request, tap)
        async with session.request(
            request.method,
            URL(target, encoded=True),
            headers=headers,
            data=data,
            allow_redirects=False,
        ) as answer:
            if tap is not None:
                tap.is_answered(answer)
            headers = CIMultiDict(end_to_end(answer.headers.items()))
            headers.add("Via", f"1.1 {self._via}")
            response = web.StreamResponse(
                status=answer.status, reason=answer.reason, headers=headers
            )
            is_whole = False
            try:
                await response.prepare(request)
                async for chunk in answer.content.iter_any():
                    if tap is not None:
                        tap.receives(chunk)
                    await response.write(chunk)
                is_whole = True
                if tap is not None:
                    tap.ends(None)
                await response.write_eof()
            except (aiohttp.ClientError, OSError) as error:
                if tap is not None and not is_whole:
                    tap.ends(error)
                # One of both has gone: the other learns it from a body that breaks off.
                request.protocol.force_close()
            return response

    async def close(self) -> None:
        """Close the connections to other hosts."""
        if self._session is not None:
            await self._session.close()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=_ADDED,
            )
        return self._session

    def _request_headers(self, request: web.BaseRequest) -> CIMultiDict[str]:
        headers = CIMultiDict(end_to_end(request.headers.items()))
        headers.popall("Host", None)  # the target says it (RFC 9112, 3.2.2)
        headers.popall(HEADER, None)
        headers.popall("Expect", None)  # the client is told to go on as its body is asked for
        if headers.get("Content-Encoding", "").lower() in _UNPACKED:  # by aiohttp, as it was read
            del headers["Content-Encoding"]
            headers.popall("Content-Length", None)
        headers.add("Via", f"1.1 {self._via}")
        return headers


async def _passing(request: web.BaseRequest, tap: Tap | None) -> AsyncIterator[bytes]:
    await let_send(request)
    async for chunk in request.content.iter_any():
        if tap is not None:
            tap.sends(chunk)
        yield chunk
