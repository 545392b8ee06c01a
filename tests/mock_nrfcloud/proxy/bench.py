"""A mock that is a proxy, an origin server behind it, and clients, all in one loop."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import aiohttp
import trustme
from aiohttp import web

from harness.core.http_text import HttpResponse
from mock_nrfcloud.admin.dispatch import Dispatcher
from mock_nrfcloud.command import loop_factory
from mock_nrfcloud.proxy.authority import Authority
from mock_nrfcloud.proxy.gate import Proxy
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.values import ROOT_HOST, Call, Stub

ORIGIN = trustme.CA()
"""Who has issued the certificate of the origin server."""


@dataclass
class Bench:
    """`origin` is the port of the origin server, at which it speaks TLS if it was told to."""

    spaces: Spaces
    server: MockServer
    trust: ssl.SSLContext
    origin: int = 0

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    def answer(
        self, path: str, body: bytes = b"", *, host: str = ROOT_HOST, method: str = "GET"
    ) -> None:
        self.spaces.root.store.add(Stub(method, path, HttpResponse(200, body=body), host=host))

    async def calls(self, space: Space | None = None) -> list[Call]:
        return [each async for each in (space or self.spaces.root).calls()]

    async def ask(
        self,
        url: str,
        method: str = "GET",
        *,
        user: str | None = None,
        password: str = "x",
        **options: Any,
    ) -> tuple[int, bytes]:
        """Status and body of a request through the proxy."""
        proxy = self.server.url
        if user is not None:
            proxy = proxy.replace("://", f"://{user}:{password}@")
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, url, proxy=proxy, ssl=self.trust, **options) as response,
        ):
            return response.status, await response.read()

    async def raw(self, sent: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to these bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        with closing(writer):
            writer.write(sent)
            async with asyncio.timeout(30):
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = head.lower().partition("content-length: ")[2].partition("\r\n")[0]
                return int(head.split(" ")[1]), await reader.readexactly(int(length or 0))

    async def refused(self, sent: bytes) -> tuple[int, dict[str, Any]]:
        """Status and problem of the answer to these bytes."""
        status, body = await self.raw(sent)
        return status, json.loads(body)


@asynccontextmanager
async def proxying(
    *, forward: Collection[str] = (), token: str | None = None
) -> AsyncIterator[Bench]:
    spaces = Spaces(lambda _: Space(), time.monotonic)
    authority = Authority()
    proxy = Proxy(spaces, authority, forward=forward, token=token)
    server = MockServer(spaces, admin=Dispatcher(spaces, token), proxy=proxy, body_seconds=5)
    await server.start()
    trust = ssl.create_default_context(cadata=authority.certificate.decode())
    ORIGIN.configure_trust(trust)
    try:
        yield Bench(spaces, server, trust)
    finally:
        await server.stop()


@asynccontextmanager
async def origin(
    handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], *, tls: bool = False
) -> AsyncIterator[int]:
    """A server of somebody else; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ORIGIN.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context if tls else None).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def play(scenario: Callable[[Bench], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        async with proxying(**options) as bench:
            await scenario(bench)

    # asyncio's own loop in a run, another in the program if that is installed.
    for loop in {None, loop_factory()}:
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(run())
