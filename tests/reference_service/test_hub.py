"""Websocket connections by device."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest
from aiohttp import web

from reference_service.hub import Connection, Hub
from reference_service.location import Location
from tests.reference_service.world import PATIENCE, run


class FakeSocket:
    """A websocket and its transport: keeps what is sent once the client reads."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.sent: asyncio.Queue[Any] = asyncio.Queue()
        self.gone = asyncio.Event()

    async def send_str(self, text: str) -> None:
        await self.reads.wait()
        if self.gone.is_set():
            raise ConnectionResetError
        await self.sent.put(json.loads(text))

    def abort(self) -> None:
        self.gone.set()

    def __aiter__(self) -> FakeSocket:
        return self

    async def __anext__(self) -> None:
        await self.gone.wait()
        raise StopAsyncIteration

    async def close(self, **_options: object) -> None:
        await asyncio.Event().wait()  # a client that never answers

    async def next(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return await self.sent.get()

    def connection(self, listens: bool = True) -> Connection:
        return Connection(cast(web.WebSocketResponse, self), cast(asyncio.Transport, self), listens)


def place(seconds: int) -> Location:
    return Location(seconds, 1.0, 2.0, None, "GNSS")


def test_messages_go_to_those_who_listen_in_order() -> None:
    async def test() -> None:
        hub = Hub()
        first, second, muted = FakeSocket(), FakeSocket(), FakeSocket()
        with (
            hub.joined("a", first.connection()) as _,
            hub.joined("a", muted.connection(listens=False)),
            hub.joined("b", second.connection()),
        ):
            assert (hub.count("a"), len(hub.of("a"))) == (2, 1)
            assert (hub.count("b"), hub.count("c")) == (1, 0)
            serving = asyncio.create_task(hub.of("a")[0].serve())
            hub.send("a", 1)
            hub.send("a", 2)
            hub.send("c", 3)
            first.reads.set()
            assert [await first.next(), await first.next()] == [1, 2]
            first.abort()
            await serving
        assert hub.count("a") == 0
        assert second.sent.empty()
        assert muted.sent.empty()

    run(test)


def test_a_slow_client_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        slow = FakeSocket()
        connection = slow.connection()
        serving = asyncio.create_task(connection.serve())
        for number in range(1000):
            connection.send(number)
        assert slow.gone.is_set()
        await serving
        assert "too slow" in caplog.text

    run(test)


def test_a_client_that_is_gone_ends_the_writing() -> None:
    async def test() -> None:
        socket = FakeSocket()
        connection = socket.connection()
        connection.send("x")
        socket.reads.set()
        socket.gone.set()
        await connection.serve()
        assert socket.sent.empty()

    run(test)


def test_each_location_is_told_once() -> None:
    async def test() -> None:
        socket = FakeSocket()
        socket.reads.set()
        connection = socket.connection()
        serving = asyncio.create_task(connection.serve())
        connection.send_locations([place(1), place(2)], complete=True)
        connection.send_locations([place(1)], complete=False)  # not all pages could be read
        connection.send_locations([place(1), place(2), place(3)], complete=True)
        connection.send_locations([place(1), place(2), place(3)], complete=True)
        connection.send("end")
        told = [await socket.next() for _ in range(3)]
        assert [each["Resources"]["99"] for each in told] == [1, 2, 3]
        assert await socket.next() == "end"
        socket.abort()
        await serving

    run(test)


def test_closing_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reference_service.hub._CLOSE_SECONDS", 0.01)

    async def test() -> None:
        hub = Hub()
        await hub.close()
        with hub.joined("a", FakeSocket().connection()):
            await hub.close()

    run(test)
