"""Tunnels to other hosts: all bytes arrive, and no side waits for one that is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest

from mock_nrfcloud.proxy import tunnel
from tests.mock_nrfcloud.proxy.bench import Bench, play

LARGE = bytes(range(256)) * 20_000


@asynccontextmanager
async def host(handler: object) -> AsyncIterator[int]:
    """A server of raw bytes; its port."""
    async with await asyncio.start_server(handler, "127.0.0.1") as server:  # type: ignore[arg-type]
        yield server.sockets[0].getsockname()[1]


async def opened(bench: Bench, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
    writer.write(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def test_bytes_go_both_ways() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100_000):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def scenario(bench: Bench) -> None:
        async with host(echo) as port:
            reader, writer = await opened(bench, port)
            with closing(writer):
                writer.write(LARGE)
                assert await reader.readexactly(len(LARGE)) == LARGE

    play(scenario, forward=["*"])


def test_what_nobody_reads_is_not_taken() -> None:
    """The client is slowed down by a host that does not read; it gets through once that does."""

    async def scenario(bench: Bench) -> None:
        go = asyncio.Event()
        got = asyncio.get_running_loop().create_future()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await go.wait()
            got.set_result(await reader.readexactly(4 * len(LARGE)))
            writer.close()

        async with host(slow) as port:
            _, writer = await opened(bench, port)
            with closing(writer):
                for _ in range(4):
                    writer.write(LARGE)
                drained = asyncio.ensure_future(writer.drain())
                await bench.ask("http://api.nrfcloud.com/")  # others go on meanwhile
                assert not drained.done()
                go.set()
                assert await got == 4 * LARGE
                await drained

    play(scenario, forward=["*"])


def test_the_end_of_the_host_is_that_of_the_client() -> None:
    async def bye(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(LARGE)
        writer.close()

    async def scenario(bench: Bench) -> None:
        async with host(bye) as port:
            reader, writer = await opened(bench, port)
            with closing(writer):
                assert await reader.read() == LARGE

    play(scenario, forward=["*"])


def test_the_end_of_the_client_is_that_of_the_host() -> None:
    async def scenario(bench: Bench) -> None:
        got = asyncio.get_running_loop().create_future()

        async def all_of_it(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.set_result(await reader.read())
            writer.close()

        async with host(all_of_it) as port:
            _, writer = await opened(bench, port)
            writer.write(b"bye")
            writer.close()
            assert await got == b"bye"

    play(scenario, forward=["*"])


def test_a_host_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tunnel, "CONNECT_SECONDS", 0)

    async def scenario(bench: Bench) -> None:
        connect = b"CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: x\r\n\r\n"
        status, problem = await bench.refused(connect)
        assert (status, problem["title"]) == (504, "192.0.2.1:443 does not answer")

    play(scenario, forward=["*"])
