"""How an answer goes out on a connection of aiohttp's low-level server.

The bytes of an answer are written as they were rendered: aiohttp's own response objects cost as
much for each request as all the rest of the mock.
"""

from __future__ import annotations

from email.utils import formatdate
from functools import lru_cache
from typing import Final

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter

from mock_nrfcloud.rendered import Rendered

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


_STAYS: Final = _Sent(keep_alive=True)
_ENDS: Final = _Sent(keep_alive=False)


async def send(request: web.BaseRequest, answer: Rendered, at: float) -> web.StreamResponse:
    """Write an answer; `at` is the time of day in seconds since 1970."""
    stays = request.keep_alive and not answer.closes
    head = answer.head if answer.dated else answer.head + _date(int(at))
    if not stays:
        if not answer.closes:
            head += b"Connection: close\r\n"
    elif request.version < HttpVersion11:
        head += b"Connection: keep-alive\r\n"
    body = b"" if request.method == "HEAD" else answer.body
    try:
        if len(body) < _APART:
            await request.writer.write(head + b"\r\n" + body)
        else:
            await request.writer.write(head + b"\r\n")
            await request.writer.write(body)
    except ConnectionError:  # the client has gone
        return _ENDS
    return _STAYS if stays else _ENDS


@lru_cache(maxsize=2)
def _date(second: int) -> bytes:
    """RFC 9110, 6.6.1: an origin server that has a clock tells the time."""
    return f"Date: {formatdate(second, usegmt=True)}\r\n".encode()
