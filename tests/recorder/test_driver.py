"""The front at which a user drives the service, asked by real clients over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from harness.recorder.driver import DriverFront
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.upstream import Upstream
from mock_nrfcloud.values import ROOT_HOST
from tests.mock_nrfcloud.proxy.bench import origin


@dataclass
class Bench:
    server: MockServer
    space: Space
    http: aiohttp.ClientSession
    told: list[str] = field(default_factory=list)

    async def ask(self, path: str, method: str = "POST", **headers: str) -> tuple[int, str]:
        async with self.http.request(method, path, headers=headers) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def driving(service: str) -> AsyncIterator[Bench]:
    space = Space()
    told: list[str] = []
    front = DriverFront(service, told.append, lambda: told.append("STOP"))
    upstream = Upstream({ROOT_HOST: service})
    server = MockServer(Spaces(lambda _: space, lambda: 0.0), proxy=front, beyond=upstream)
    await server.start()
    try:
        async with aiohttp.ClientSession(server.url) as http:
            yield Bench(server, space, http, told)
    finally:
        await server.stop()


async def service(request: web.BaseRequest) -> web.StreamResponse:
    """Answers what it was asked; its websocket does so with what it is told."""
    said = {"path": request.raw_path, "host": request.headers["Host"]}
    if "Upgrade" not in request.headers:
        return web.json_response(said)
    socket = web.WebSocketResponse(protocols=["chat"])
    await socket.prepare(request)
    await socket.send_json(said)
    async for message in socket:
        await socket.send_str(f"{message.data}!")
    return socket


def test_what_is_sent_goes_to_the_service_and_is_kept() -> None:
    async def run() -> None:
        async with origin(service) as port, driving(f"http://127.0.0.1:{port}/base") as bench:
            status, text = await bench.ask("/device?x=1", "GET")
            assert status == 200
            assert json.loads(text) == {"path": "/base/device?x=1", "host": f"127.0.0.1:{port}"}
            (call,) = bench.space.journal.calls()
            assert call.request.path == "/device"
            assert call.response.text == text

    asyncio.run(run())


def test_a_websocket_goes_through() -> None:
    async def run() -> None:
        async with (
            origin(service) as port,
            driving(f"http://127.0.0.1:{port}/base") as bench,
            bench.http.ws_connect("/live?fingerprint=x", protocols=["chat"]) as socket,
        ):
            assert socket.protocol == "chat"
            said = await socket.receive_json()
            assert said == {"path": "/base/live?fingerprint=x", "host": f"127.0.0.1:{port}"}
            for text in ("one", "x" * 200_000):
                await socket.send_str(text)
                assert await socket.receive_str() == f"{text}!"
            assert not list(bench.space.journal.calls())

    asyncio.run(run())


def test_a_websocket_that_is_open_ends_with_the_recording() -> None:
    async def run() -> None:
        async with origin(service) as port, driving(f"http://127.0.0.1:{port}") as bench:
            socket = await bench.http.ws_connect("/live")
            await socket.receive_json()
            await bench.server.stop()
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSED
            await socket.close()

    asyncio.run(run())


def test_a_service_that_is_not_there() -> None:
    async def run() -> None:
        async with driving("http://127.0.0.1:1") as bench:
            status, text = await bench.ask("/device", "GET")
            assert status == 502
            assert json.loads(text)["title"].startswith("127.0.0.1:1 cannot be reached: ")
            with pytest.raises(aiohttp.WSServerHandshakeError) as raised:
                await bench.http.ws_connect("/live")
            assert raised.value.status == 502

    asyncio.run(run())


def test_the_recording_is_told_what_to_do() -> None:
    async def run() -> None:
        async with driving("http://127.0.0.1:1") as bench:
            assert await bench.ask("/__record/mark?title=The+first%20%0Aone") == (204, "")
            assert await bench.ask("/__record/stop") == (204, "")
            assert bench.told == ["The first one", "STOP"]
            assert not list(bench.space.journal.calls())

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("POST", "/__record/mark", 400, "A scenario needs a title"),
        ("POST", "/__record/mark?title=+", 400, "A scenario needs a title"),
        ("GET", "/__record/stop", 404, "The recording does not know this"),
        ("POST", "/__record/stopp", 404, "The recording does not know this"),
    ],
)
def test_what_the_recording_cannot_be_told(method: str, path: str, status: int, said: str) -> None:
    async def run() -> None:
        async with driving("http://127.0.0.1:1") as bench:
            answered, text = await bench.ask(path, method)
            assert (answered, json.loads(text)["title"]) == (status, said)
            assert bench.told == []

    asyncio.run(run())


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}], ids=["page", "name"]
)
def test_a_web_page_cannot_tell_it_anything(headers: dict[str, str]) -> None:
    async def run() -> None:
        async with driving("http://127.0.0.1:1") as bench:
            status, _ = await bench.ask("/__record/stop", **headers)
            assert status == 403
            assert bench.told == []

    asyncio.run(run())
