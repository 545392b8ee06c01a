"""What a client does wrong on its connection is no error of the mock."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest
from aiohttp import web

from mock_nrfcloud.connections import Connections
from mock_nrfcloud.playing import Pauses


async def answer_to(sent: bytes) -> bytes:
    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response()

    connections = Connections(handle, Pauses(), max_body=100, idle_seconds=10)
    loop = asyncio.get_running_loop()
    async with await loop.create_server(connections, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        with closing(writer):
            writer.write(sent)
            line = await reader.readline()
        connections.pre_shutdown()
        await connections.shutdown(1)
    return line


def test_a_bad_request_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert asyncio.run(answer_to(b"GET nonsense HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.0 400 ")
    (record,) = [each for each in caplog.records if each.name == "mock_nrfcloud"]
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert record.getMessage().endswith(": bad request")


def test_a_good_request_is_not_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert asyncio.run(answer_to(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == b"HTTP/1.1 200 OK\r\n"
    assert [each for each in caplog.records if each.name == "mock_nrfcloud"] == []
