"""What no client should send, over real sockets: the right status, and a server that is unharmed.

`raw` sockets, since clients refuse to send such things. Slow clients have limits of some
milliseconds here.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.core.http_text import HttpResponse
from harness.drivers.loop import LoopThread
from mock_nrfcloud import sending
from mock_nrfcloud.admin.dispatch import Dispatcher
from mock_nrfcloud.journal import wait
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.values import Stub

OK = b"GET /ok HTTP/1.1\r\nHost: h\r\n\r\n"
LAST = b"GET /ok HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
POST = b"POST /ok HTTP/1.1\r\nHost: h\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
ADD = b"POST /__admin/mappings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
ADMIN = b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
LARGE = 32 * 1024 * 1024
"""Bytes of an answer that fit into no buffer between two sockets."""


@dataclass
class Bench:
    server: MockServer
    space: Space

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    async def ask(self, data: bytes) -> bytes:
        """All that is answered up to the end of the connection; nothing more is sent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(data)
            return await asyncio.wait_for(reader.read(), 30)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def unread(self, data: bytes) -> asyncio.StreamWriter:
        """Send this, and read nothing."""
        quiet = socket.socket()
        quiet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        quiet.setblocking(False)
        await asyncio.get_running_loop().sock_connect(quiet, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=quiet, limit=1)
        reader._transport.pause_reading()  # type: ignore[attr-defined]  # there is no other way
        writer.write(data)
        return writer


def made(**limits: float) -> Bench:
    space = Space()
    for method in ("GET", "POST"):
        space.store.add(Stub(method, "/ok", HttpResponse(200, body=b"fine"), kind="kept"))
    for path, size in (("/some", 1000), ("/large", LARGE)):
        space.store.add(Stub("GET", path, HttpResponse(200, body=bytes(size)), kind="kept"))
    spaces = Spaces(lambda _: space, time.monotonic)
    admin = Dispatcher(spaces, None, body_seconds=limits.get("body_seconds", 30.0))
    return Bench(MockServer(spaces, admin=admin, max_body=1000, **limits), space)


def play(scenario: Callable[[Bench], Awaitable[None]], **limits: float) -> None:
    """Run a scenario; afterwards the server answers as before, and nothing is left behind."""

    async def run() -> None:
        bench = made(**limits)
        await bench.server.start()
        before = asyncio.all_tasks()
        async with asyncio.timeout(60):
            await scenario(bench)
            answer = await bench.ask(LAST)
            assert answer.startswith(b"HTTP/1.1 200 "), answer
            while left := asyncio.all_tasks() - before:  # connections that are about to end
                await asyncio.wait(left)
        await bench.server.stop()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        # The request line.
        (b"\r\n\r\n" + OK, {200}),
        (b"GET\r\n\r\n", {400}),
        (b"GET /ok\r\n\r\n", {200, 400}),
        (b"GET /ok HTTP/2.0\r\n\r\n", {200, 400}),
        (b"GET  /ok  HTTP/1.1\r\n\r\n", {400}),
        (b"GET /ok HTTP/1.1\nHost: h\n\n", {200, 400}),
        (b"G\x00T /ok HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
        (b"GET /\x00 HTTP/1.1\r\nHost: h\r\n\r\n", {400}),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: h\r\n\r\n", {400, 404}),
        (b"GET /%ff%00%zz HTTP/1.1\r\nHost: h\r\n\r\n", {404}),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", {400}),
        (b"A" * 100_000 + b" /ok HTTP/1.1\r\n\r\n", {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400}),  # TLS to a port without
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}),
        # Headers.
        (b"GET /ok HTTP/1.1\r\n" + b"A: b\r\n" * 10_000 + b"\r\n", {400}),
        (b"GET /ok HTTP/1.1\r\nA: " + b"b" * 100_000 + b"\r\n\r\n", {400}),
        (b"GET /ok HTTP/1.1\r\n" + b"A" * 100_000 + b": b\r\n\r\n", {400}),
        (b"GET /ok HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n", {400}),
        (b"GET /ok HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n", {400}),
        (b"GET /ok HTTP/1.1\r\nHost: h\r\nA: \x00\r\n\r\n", {400}),
        (b"GET /ok HTTP/1.1\r\nHost: h\r\nA: \xff\r\n\r\n", {200}),
        (b"GET /ok HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n", {200, 400}),
        (b"GET /ok HTTP/1.1\r\nHost: h\r\nX-Mock-Namespace: " + b"n" * 5000 + b"\r\n\r\n", {404}),
        (b"GET /__ns/" + b"n" * 5000 + b"/x HTTP/1.1\r\nHost: h\r\n\r\n", {404}),
        # Bodies.
        (POST + b"Content-Length: 1001\r\n\r\n" + b"x" * 1001, {413}),
        (POST + b"Content-Length: 99999999999999999999\r\n\r\n", {400}),
        (POST + b"Content-Length: -1\r\n\r\n", {400}),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", {400}),
        (POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (POST + b"Transfer-Encoding: gzip\r\n\r\nx", {400, 501}),
        (CHUNKED + b"zz\r\n", {400}),
        (CHUNKED + b"ffffffffffffffffff\r\n", {400}),
        (CHUNKED + b"-1\r\n\r\n", {400}),
        (CHUNKED + b"1\r\nxx\r\n", {400}),
        (CHUNKED + b"1;" + b"e" * 100_000 + b"\r\nx\r\n0\r\n\r\n", {200, 400}),
        (CHUNKED + b"400\r\n" + b"x" * 1024 + b"\r\n0\r\n\r\n", {413}),
        (CHUNKED + b"1\r\nx\r\n" * 2000 + b"0\r\n\r\n", {413}),
        (POST + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\nxx", {200, 400}),
        (POST + b"Content-Length: 2\r\n\r\n\xff\xfe", {200}),
        # The admin API.
        (ADD + b"Content-Length: 1\r\n\r\n{", {400}),
        (ADD + b"Content-Length: 2\r\n\r\n\xff\xfe", {400}),
        (ADD + b"Content-Length: 900\r\n\r\n" + b"[" * 900, {400, 422}),
        (ADD + b"Content-Length: 1001\r\n\r\n" + b" " * 1001, {413}),
        (ADD.replace(b"localhost", b"evil.example") + b"Content-Length: 2\r\n\r\n{}", {403}),
        (
            b"GET /__admin/requests?limit=" + b"9" * 400 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            {422},
        ),
        (b"GET /__admin/\xff" + ADMIN, {400, 404}),
    ],
    ids=lambda value: value[:40].decode(errors="replace") if isinstance(value, bytes) else "",
)
def test_what_is_malformed_gets_its_status(
    data: bytes, statuses: set[int], caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(bench: Bench) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
        writer.write(data)
        line = await asyncio.wait_for(reader.readline(), 30)
        assert int(line.split()[1]) in statuses, line
        writer.close()

    play(scenario)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("end", range(1, len(OK)))
def test_a_head_may_break_off_anywhere(end: int) -> None:
    async def scenario(bench: Bench) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", bench.port)
        writer.write(OK[:end])
        writer.write_eof()
        writer.close()

    play(scenario)


def test_requests_that_are_sent_at_once_are_all_answered() -> None:
    async def scenario(bench: Bench) -> None:
        answered = await bench.ask(OK * 500 + LAST)
        assert answered.count(b"HTTP/1.1 200 ") == 501

    play(scenario)


@pytest.mark.parametrize("data", [b"", b"GET", OK[:-2], OK + b"GET /"])
def test_a_head_that_does_not_come_ends_the_connection(data: bytes) -> None:
    async def scenario(bench: Bench) -> None:
        answered = await bench.ask(data)  # which comes to an end by itself
        assert answered.count(b"HTTP/1.1 ") == data.count(OK)

    play(scenario, idle_seconds=0.05)


@pytest.mark.parametrize("data", [POST + b"Content-Length: 9\r\n\r\nx", CHUNKED + b"5\r\nx"])
def test_a_body_that_does_not_come_gets_its_status(data: bytes) -> None:
    async def scenario(bench: Bench) -> None:
        assert (await bench.ask(data)).startswith(b"HTTP/1.1 408 ")
        (call,) = bench.space.journal.calls()
        assert call.response.status == 408

    play(scenario, body_seconds=0.02, idle_seconds=0.05)


def test_a_body_of_the_admin_api_that_does_not_come_gets_its_status() -> None:
    async def scenario(bench: Bench) -> None:
        assert (await bench.ask(ADD + b"Content-Length: 9\r\n\r\nx")).startswith(b"HTTP/1.1 408 ")

    play(scenario, body_seconds=0.02, idle_seconds=0.05)


@pytest.mark.parametrize(
    "data",
    [OK.replace(b"/ok", b"/large"), OK.replace(b"/ok", b"/some") * 20_000],
    ids=["one large", "many small"],
)
def test_answers_that_nobody_reads_are_given_up(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "READ_SECONDS", 0.05)

    async def scenario(bench: Bench) -> None:
        before = asyncio.all_tasks()
        writer = await bench.unread(data)
        await wait(bench.space.journal, lambda _: True, 1, 30)
        await asyncio.wait(asyncio.all_tasks() - before)
        asked = data.count(b"GET ")
        assert 1 <= bench.space.journal.next - 1 <= asked
        assert asked == 1 or bench.space.journal.next - 1 < asked
        writer.transport.abort()

    play(scenario)


# --- fuzzing -----------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        b"GET ", b"POST ", b"/ok", b"/__admin/health", b"/__ns/a/x", b" HTTP/1.1", b" HTTP/1.0",
        b"\r\n", b"\n", b"\r", b"\x00", b"\xff", b" ", b":", b"Host: h", b"Content-Length: ",
        b"Transfer-Encoding: chunked", b"Expect: 100-continue", b"Connection: keep-alive",
        b"Upgrade: websocket", b"0", b"5", b"-1", b"ffffffff", b"%", b"%00", b"?a=/(/", b"\r\n\r\n",
        OK, POST, CHUNKED,
    ]
)  # fmt: skip


@contextmanager
def served() -> Iterator[Bench]:
    with LoopThread() as loop:
        bench = made(idle_seconds=1.0, body_seconds=0.02)
        loop.call(bench.server.start())
        try:
            yield bench
        finally:
            loop.call(bench.server.stop())


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Bench]:
    with served() as bench:
        yield bench


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=8), max_size=12).map(b"".join))
@example(CHUNKED + b"5\r\n")
@example(OK + b"\x00")
def test_whatever_is_sent_the_server_goes_on(fuzzed: Bench, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", fuzzed.port), timeout=30) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while found := client.recv(65536):
                received += found
        except ConnectionResetError:
            pass
    statuses = {int(each) for each in re.findall(rb"HTTP/1\.[01] (\d+) ", received)}
    assert statuses <= {100, 200, 400, 403, 404, 405, 408, 413, 415, 417}, received
    with socket.create_connection(("127.0.0.1", fuzzed.port), timeout=30) as client:
        client.sendall(OK)
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
