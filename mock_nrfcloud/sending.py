"""How an answer goes out on a connection of aiohttp's low-level server.

The bytes of an answer are written as they were rendered: aiohttp's own response objects cost as
much for each request as all the rest of the mock.
"""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from functools import lru_cache
from typing import Final

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter

from mock_nrfcloud.rendered import Rendered

READ_SECONDS: Final = 30.0
"""How long a client may take to read 64 KiB of an answer; then its connection is reset."""

_APART: Final = 64 * 1024
"""A body from this size on, in bytes, is not copied to go out together with its head."""


class _Sent(web.StreamResponse):
    """What aiohttp is told when an answer is out already: only whether the connection stays."""

    def __init__(self, *, keep_alive: bool) -> None:
        super().__init__()
        self._keep_alive = keep_alive

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:  # noqa: ARG002
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to be written."""


STAYS: Final = _Sent(keep_alive=True)
ENDS: Final = _Sent(keep_alive=False)


async def send(request: web.BaseRequest, answer: Rendered, at: float) -> web.StreamResponse:
    """Write an answer; `at` is the time of day in seconds since 1970."""
    head, body, stays = message(request, answer, at)
    try:
        await write(request, head + body if len(body) < _APART else head)
        if len(body) >= _APART:
            await write(request, body)
    except ConnectionError:  # the client has gone, or might as well have
        stays = False
    return STAYS if stays else ENDS


def message(request: web.BaseRequest, answer: Rendered, at: float) -> tuple[bytes, bytes, bool]:
    """The head and the body that answer a request, and whether the connection stays."""
    stays = request.keep_alive and not answer.closes
    head = answer.head if answer.dated else answer.head + _date(int(at))
    if not stays:
        if not answer.closes:
            head += b"Connection: close\r\n"
    elif request.version < HttpVersion11:
        head += b"Connection: keep-alive\r\n"
    return head + b"\r\n", b"" if request.method == "HEAD" else answer.body, stays


async def let_send(request: web.BaseRequest) -> None:
    """Tell a client that waits with its body to be told (RFC 9110, 10.1.1) that it may send it."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0


async def write(request: web.BaseRequest, data: bytes) -> None:
    """Write to the client, as fast as it reads.

    Raises ConnectionError if it has gone, or takes too long to read what waits for it.
    """
    for start in range(0, len(data), _APART):
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError
        transport.write(data[start : start + _APART])  # what is all of it is not copied
        if request.protocol.writing_paused:
            try:
                async with asyncio.timeout(READ_SECONDS):
                    await request.writer.drain()
            except TimeoutError:
                transport.abort()
                raise ConnectionResetError from None


@lru_cache(maxsize=2)
def _date(second: int) -> bytes:
    """RFC 9110, 6.6.1: an origin server that has a clock tells the time."""
    return f"Date: {formatdate(second, usegmt=True)}\r\n".encode()
