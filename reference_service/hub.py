"""The websocket connections, by device."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from aiohttp import WSCloseCode, web

from reference_service.location import Location

_log = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 32
"""For one device."""

_MAX_WAITING: Final = 100
_CLOSE_SECONDS: Final = 0.5


class Connection:
    """One websocket. What it has to send waits in a queue that is bounded.

    One that does not listen gets only what is sent to it alone.
    """

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport, listens: bool
    ) -> None:
        self.listens = listens
        self._socket = socket
        self._transport = transport
        self._waiting: asyncio.Queue[list[str]] = asyncio.Queue(_MAX_WAITING)
        self._locations: frozenset[Location] = frozenset()

    def send(self, *messages: object) -> None:
        """Send in order, without waiting; a client that does not keep up is cut off."""
        if not messages:
            return
        try:
            self._waiting.put_nowait([json.dumps(message) for message in messages])
        except asyncio.QueueFull:
            _log.warning("a websocket client is too slow and is cut off")
            self._transport.abort()

    def send_locations(self, history: Sequence[Location], complete: bool) -> None:
        """Send those of the history that this client has not been told of."""
        self.send(*(each.update() for each in history if each not in self._locations))
        self._locations = frozenset(history) | (frozenset() if complete else self._locations)

    async def serve(self) -> None:
        """Send what waits until the client leaves; nothing is expected from it."""
        writing = asyncio.create_task(self._write())
        try:
            async for _ in self._socket:
                pass
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self) -> None:
        # When the client is gone, the reader notices: nothing to do about it here.
        with suppress(ConnectionError):
            while True:
                for text in await self._waiting.get():
                    await self._socket.send_str(text)

    async def close(self) -> None:
        await self._socket.close(code=WSCloseCode.GOING_AWAY, message=b"The service stops")


class Hub:
    """All connections. A device may have several, up to MAX_CONNECTIONS."""

    def __init__(self) -> None:
        self._connections: dict[str, list[Connection]] = {}

    @contextmanager
    def joined(self, device_id: str, connection: Connection) -> Iterator[None]:
        """While this lasts, the connection gets what is sent to the device."""
        self._connections.setdefault(device_id, []).append(connection)
        try:
            yield
        finally:
            self._connections[device_id].remove(connection)
            if not self._connections[device_id]:
                del self._connections[device_id]

    def count(self, device_id: str) -> int:
        return len(self._connections.get(device_id, ()))

    def of(self, device_id: str) -> list[Connection]:
        """The connections of the device that listen."""
        return [each for each in self._connections.get(device_id, ()) if each.listens]

    def send(self, device_id: str, message: object) -> None:
        """Send to all connections of the device."""
        for connection in self.of(device_id):
            connection.send(message)

    async def close(self) -> None:
        """Say goodbye to all, within _CLOSE_SECONDS."""
        every = [each for connections in self._connections.values() for each in connections]
        closing = [asyncio.ensure_future(connection.close()) for connection in every]
        if closing:
            _, late = await asyncio.wait(closing, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*closing, return_exceptions=True)
