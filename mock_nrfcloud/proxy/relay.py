"""Sends a request on to the host that it is for, and the answer back, both as they come."""

from __future__ import annotations

from typing import Final

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from mock_nrfcloud.proxy.targets import Target, end_to_end
from mock_nrfcloud.proxy.tunnel import CONNECT_SECONDS
from mock_nrfcloud.spaces import HEADER

SILENT_SECONDS: Final = 60.0
"""How long a host may say nothing before it has answered."""

_ADDED: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
_UNPACKED: Final = frozenset({"gzip", "deflate", "br", "zstd"})


class Relay:
    """A client of other hosts; `via` is how it calls itself towards them."""

    def __init__(self, via: str) -> None:
        self._via = via
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: web.BaseRequest, target: Target) -> web.StreamResponse:
        """The answer of the host. Raises aiohttp.ClientError, TimeoutError or OSError if there
        is none."""
        session = self._client()
        async with session.request(
            request.method,
            URL(target.url, encoded=True),
            headers=self._request_headers(request),
            data=request.content if request.body_exists else None,
            allow_redirects=False,
        ) as answer:
            headers = CIMultiDict(end_to_end(answer.headers.items()))
            headers.add("Via", f"1.1 {self._via}")
            response = web.StreamResponse(
                status=answer.status, reason=answer.reason, headers=headers
            )
            try:
                await response.prepare(request)
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
            except (aiohttp.ClientError, OSError):
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
        if headers.get("Content-Encoding", "").lower() in _UNPACKED:  # by aiohttp, as it was read
            del headers["Content-Encoding"]
            headers.popall("Content-Length", None)
        headers.add("Via", f"1.1 {self._via}")
        return headers
