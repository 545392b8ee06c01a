"""The front at which a user drives the service while it is recorded.

What is sent here goes on to the service and is kept (mock_nrfcloud.upstream does that); websockets
go through and are not kept. Below /__record/ the recording itself is told what to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from harness.core.http_text import HttpResponse
from mock_nrfcloud.admin.guard import Guard
from mock_nrfcloud.admin.table import Refusal
from mock_nrfcloud.proxy.refusal import unreachable
from mock_nrfcloud.proxy.targets import absolute_target
from mock_nrfcloud.proxy.tunnel import Tunnels, accept, connect, join
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.sending import send
from mock_nrfcloud.server import MockServer, problem_answer

CONTROL: Final = "/__record/"
"""The path below which the recording is told what to do."""


class DriverFront:
    """Takes what is for the recording, and websockets; the rest is sent on by its server."""

    def __init__(
        self, service_url: str, mark: Callable[[str], None], stop: Callable[[], None]
    ) -> None:
        self._service = absolute_target(service_url)
        self._mark = mark
        self._stop = stop
        self._guard = Guard(None)
        self._tunnels = Tunnels()

    def is_for(self, request: web.BaseRequest) -> bool:
        """Whether it answers this request."""
        return request.raw_path.startswith(CONTROL) or _is_websocket(request)

    async def __call__(
        self,
        request: web.BaseRequest,
        server: MockServer,  # noqa: ARG002 - what a Front is given
    ) -> web.StreamResponse:
        """Do what is asked for, or carry a websocket."""
        if _is_websocket(request):
            return await self._tunnel(request)
        return await send(request, self._told(request).rendered, time.time())

    async def close(self) -> None:
        """End what is open."""
        await self._tunnels.end()

    def _told(self, request: web.BaseRequest) -> Answer:
        try:
            self._guard.check(request.headers)
        except Refusal as refusal:
            return problem_answer(refusal.status, refusal.title)
        path, _, query = request.raw_path.removeprefix(CONTROL).partition("?")
        if request.method != "POST" or path not in ("mark", "stop"):
            hint = f"POST {CONTROL}mark?title=… begins a scenario, POST {CONTROL}stop ends it all"
            return problem_answer(404, "The recording does not know this", detail=hint)
        if path == "mark":
            title = " ".join(parse_qs(query).get("title", [""])[0].split())
            if not title:
                return problem_answer(400, "A scenario needs a title", detail="add ?title=…")
            self._mark(title)
        else:
            self._stop()
        return Answer("", HttpResponse(204))

    async def _tunnel(self, request: web.BaseRequest) -> web.StreamResponse:
        with self._tunnels.opened():
            try:
                reader, writer = await connect(self._service)
            except OSError as error:
                refusal = unreachable(self._service, error)
                answer = problem_answer(refusal.status, str(refusal))
                return await send(request, answer.rendered, time.time())
            with suppress(ConnectionError):  # the client has gone
                writer.write(self._head(request))
                await join(request, await accept(request, b""), reader, writer)
        request.protocol.force_close()
        return web.StreamResponse()

    def _head(self, request: web.BaseRequest) -> bytes:
        """The request as the service gets it: with its own name as the Host."""
        path = self._service.path.rstrip("/") + request.raw_path
        host = f"{self._service.name}:{self._service.port}".encode()
        headers = [(name, value) for name, value in request.raw_headers if name.lower() != b"host"]
        lines = [f"{request.method} {path} HTTP/1.1".encode(), b"Host: " + host]
        lines += [name + b": " + value for name, value in headers]
        return b"\r\n".join(lines) + b"\r\n\r\n"


def _is_websocket(request: web.BaseRequest) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"
