"""A tunnel that ends in the mock: what comes through it is served like any other connection.

The far end is a socket pair, so that TLS and HTTP are asyncio's and aiohttp's own.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from typing import Final

from aiohttp import web

from mock_nrfcloud.connections import STOP_SECONDS, Connections
from mock_nrfcloud.proxy.tunnel import CHUNK, accept, join

HANDSHAKE_SECONDS: Final = 10.0
"""How long a client may take to say something in its tunnel, and for its handshake."""

_LOG: Final = logging.getLogger("mock_nrfcloud")
_TLS_HANDSHAKE: Final = b"\x16"  # the type of the first record (RFC 8446, 5.1)


async def intercept(
    request: web.BaseRequest, host: str, context: ssl.SSLContext, connections: Connections
) -> None:
    """Serve the client of a CONNECT until one side closes, over TLS if it begins with that."""
    client = await accept(request)
    try:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            first = await client.read(CHUNK)
    except TimeoutError:
        return
    is_tls = first.startswith(_TLS_HANDSHAKE)
    near, far = socket.socketpair()
    opening = asyncio.ensure_future(
        asyncio.get_running_loop().connect_accepted_socket(
            connections,
            far,
            ssl=context if is_tls else None,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if is_tls else None,
        )
    )
    try:
        reader, writer = await asyncio.open_unix_connection(sock=near, limit=CHUNK)
        writer.write(first)
        await join(request, client, reader, writer)
    finally:
        try:
            (failure,) = await asyncio.gather(opening, return_exceptions=True)
            if isinstance(failure, OSError):
                why = getattr(failure, "reason", None) or failure
                _LOG.warning("%s: no TLS with a client: %s: does it trust the bundle?", host, why)
        finally:
            connections.pre_shutdown()
            await connections.shutdown(STOP_SECONDS)
