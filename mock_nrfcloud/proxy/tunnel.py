"""A connection that was a client's CONNECT and is a stream of bytes now, joined with another.

Nothing is held back: what one side does not read, the other cannot write.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

from aiohttp import web

from mock_nrfcloud.proxy.targets import Target
from mock_nrfcloud.sending import write

CHUNK: Final = 64 * 1024
"""Bytes that are read at once; twice as many are held at most."""
CONNECT_SECONDS: Final = 10.0
"""How long a connection to a host may take."""


class Tunnels:
    """The tunnels that are open, by the tasks that carry them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """While the current task carries one."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def end(self) -> None:
        """End them all."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


class _Feed:
    """What aiohttp gives the bytes of a connection to that speaks HTTP no more."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self.feed_eof = reader.feed_eof

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self._reader.feed_data(data)
        return False, b""


ACCEPTED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"


async def accept(request: web.BaseRequest, greeting: bytes = ACCEPTED) -> asyncio.StreamReader:
    """Tell the client that its tunnel is there; what it sends from now on."""
    reader = asyncio.StreamReader(CHUNK)
    transport: Any = request.transport
    if transport is None:
        raise ConnectionResetError("the client has gone")
    reader.set_transport(transport)
    await write(request, greeting)
    protocol: Any = request.protocol  # typed for websockets, which do the same
    protocol.set_parser(_Feed(reader))
    return reader


async def connect(target: Target) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the host of a target. Raises OSError, of which a TimeoutError is one."""
    async with asyncio.timeout(CONNECT_SECONDS):
        tls = True if target.scheme == "https" else None
        return await asyncio.open_connection(target.host, target.port, limit=CHUNK, ssl=tls)


def is_own(request: web.BaseRequest, writer: asyncio.StreamWriter) -> bool:
    """Whether a connection leads to the port at which the request has come in."""
    transport = request.transport
    own = transport.get_extra_info("sockname") if transport else None
    peer, here = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
    return bool(own and peer and peer[0] == here[0] and peer[1] == own[1])


async def join(
    request: web.BaseRequest,
    client: asyncio.StreamReader,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Carry bytes both ways until one side closes; then close the far one."""

    async def send(data: bytes) -> None:
        writer.write(data)
        await writer.drain()

    ways = [
        asyncio.ensure_future(_carry(client, send)),
        asyncio.ensure_future(_carry(reader, partial(write, request))),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        writer.close()  # before anything is waited for, which can be cancelled
        await asyncio.wait(ways)
        with suppress(OSError):
            await writer.wait_closed()


async def _carry(reader: asyncio.StreamReader, write: Callable[[bytes], Awaitable[None]]) -> None:
    with suppress(OSError):  # a side that is gone ends the tunnel, no matter how
        while data := await reader.read(CHUNK):
            await write(data)
