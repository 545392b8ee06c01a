"""The websocket endpoint: a user's view of a device, kept up to date."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import Final

from aiohttp import web

from reference_service.devices import Device
from reference_service.hub import MAX_CONNECTIONS, Connection, Hub
from reference_service.problems import Problem
from reference_service.rest import device_of
from reference_service.store import Store
from reference_service.watch import Watch

_log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS: Final = 30
_MAX_MESSAGE: Final = 4096


class WebsocketApi:
    """`GET /?fingerprint=…` with an upgrade to a websocket. What clients send is ignored."""

    def __init__(self, store: Store, hub: Hub, watch: Watch) -> None:
        self._store = store
        self._hub = hub
        self._watch = watch

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self.connect, allow_head=False)]

    async def connect(self, request: web.Request) -> web.StreamResponse:
        device = self._device(request)
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS, max_msg_size=_MAX_MESSAGE)
        if not socket.can_prepare(request):
            raise Problem(426, "connect with a websocket client")
        if self._hub.count(device.id) >= MAX_CONNECTIONS:
            raise Problem(429, f"the device has {MAX_CONNECTIONS} connections")
        await socket.prepare(request)
        if request.transport is not None:
            await self._serve(device, Connection(socket, request.transport, device.supported))
        return socket

    def _device(self, request: web.Request) -> Device:
        try:
            return device_of(request, self._store)
        except Problem as problem:
            raise Problem(403, problem.detail) from None

    async def _serve(self, device: Device, connection: Connection) -> None:
        """Greet, then send what there is to tell until the client leaves."""
        connection.send(device.identity(self._watch.last_seen(device.id)))
        with self._hub.joined(device.id, connection), ExitStack() as interest:
            if device.supported:
                known = self._watch.shadow_message(device.id)
                if known is not None:
                    connection.send(known)
                interest.enter_context(self._watch.interest(device.id))
            _log.info("a websocket is open for %s", device.id)
            await connection.serve()
