"""How an answer with a fault goes out: plays the actions of mock_nrfcloud.faults on a connection.

Belongs to one asyncio loop.
"""

from __future__ import annotations

import asyncio
import socket
import struct

from aiohttp import web

from mock_nrfcloud.faults import End, Fault, Pause, Send, actions
from mock_nrfcloud.rendered import Rendered
from mock_nrfcloud.sending import ENDS, STAYS, message, write


class Pauses:
    """The connections on which an answer pauses."""

    def __init__(self) -> None:
        self._ends: dict[object, asyncio.Event] = {}

    def __len__(self) -> int:
        return len(self._ends)

    async def pause(self, connection: object, seconds: float) -> None:
        """Wait so long. Raises ConnectionError at once when the client leaves or the mock stops."""
        end = self._ends[connection] = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                await end.wait()
        except TimeoutError:
            return
        finally:
            del self._ends[connection]
        raise ConnectionResetError

    def end(self, connection: object) -> None:
        """A client has left."""
        if (end := self._ends.get(connection)) is not None:
            end.set()

    def end_all(self) -> None:
        """The mock stops."""
        for end in self._ends.values():
            end.set()


async def play(
    request: web.BaseRequest, answer: Rendered, fault: Fault, at: float, pauses: Pauses
) -> web.StreamResponse:
    """Write an answer with its fault; `at` is the time of day in seconds since 1970."""
    head, body, stays = message(request, answer, at)
    try:
        for action in actions(head, body, fault):
            match action:
                case Pause(seconds):
                    await pauses.pause(request.protocol, seconds)
                case Send(data):
                    await write(request, data)
                case End.CLOSE:
                    return ENDS
                case End.RESET:
                    _reset(request.transport)
                    return ENDS
    except ConnectionError:  # the client has gone
        return ENDS
    return STAYS if stays else ENDS


def _reset(transport: asyncio.Transport | None) -> None:
    """End a connection so that the other side sees a reset, not an end."""
    if transport is not None:
        linger = struct.pack("ii", 1, 0)  # on, for no time: close(2) sends RST in place of FIN
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
