"""What goes out, byte by byte, to clients that are asked for by hand."""

from __future__ import annotations

import asyncio
import time
from email.utils import parsedate_to_datetime

import pytest

from harness.core.http_text import HttpResponse, Pairs
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.values import Stub

LAST = b"GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


def exchange(request: bytes, headers: Pairs = (), body: bytes = b"") -> bytes:
    """All that a mock with one response sends up to the end of the connection, but for `LAST`."""

    async def run() -> bytes:
        space = Space()
        space.store.add(Stub("GET", "/x", HttpResponse(200, "", headers, body)))
        space.store.add(Stub("HEAD", "/x", HttpResponse(200, "", headers, body)))
        space.store.add(Stub("GET", "/last", HttpResponse(204)))
        server = MockServer(Spaces(lambda _: space, time.monotonic))
        await server.start()
        try:
            port = int(server.url.rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            received = await asyncio.wait_for(reader.read(), 30)
            writer.close()
            await writer.wait_closed()
            return received.partition(b"HTTP/1.1 204 ")[0]
        finally:
            await server.stop()

    return asyncio.run(run())


def heads(received: bytes) -> list[list[bytes]]:
    """The lines of the heads of answers without bodies."""
    return [each.split(b"\r\n") for each in received.split(b"\r\n\r\n") if each]


def names(head: list[bytes]) -> list[bytes]:
    return [line.partition(b":")[0] for line in head[1:]]


def test_the_time_of_day_is_told() -> None:
    (head,) = heads(exchange(b"GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
    assert names(head) == [b"Content-Length", b"Date", b"Connection"]
    told = parsedate_to_datetime(head[2].partition(b": ")[2].decode())
    assert abs(told.timestamp() - time.time()) < 3600


def test_a_written_date_is_the_only_one() -> None:
    (head,) = heads(exchange(b"GET /x HTTP/1.0\r\n\r\n", (("Date", "then"),)))
    assert [line for line in head if line.startswith(b"Date")] == [b"Date: then"]


@pytest.mark.parametrize(
    ("request_head", "connection"),
    [
        (b"GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", b"close"),
        (b"GET /x HTTP/1.0\r\n\r\n", b"close"),
        (b"GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + LAST, b"keep-alive"),
    ],
)
def test_whether_the_connection_stays_is_told(request_head: bytes, connection: bytes) -> None:
    (head,) = heads(exchange(request_head))
    assert head[-1] == b"Connection: " + connection


def test_a_written_close_ends_the_connection() -> None:
    asked = b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n"
    assert len(heads(exchange(asked * 2 + LAST))) == 2
    (head,) = heads(exchange(asked * 2, (("Connection", "close"),)))
    assert names(head) == [b"Connection", b"Content-Length", b"Date"]


def test_requests_that_are_sent_at_once_are_answered_in_their_order() -> None:
    asked = b"GET /x HTTP/1.1\r\nHost: h\r\n\r\nHEAD /x HTTP/1.1\r\nHost: h\r\n\r\n"
    received = exchange(asked + LAST, body=b"four")
    first, second, third = received.split(b"\r\n\r\n")
    assert second.startswith(b"fourHTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 4" in first
    assert b"Content-Length: 4" in second
    assert third == b""


def test_a_large_body_arrives_whole() -> None:
    body = bytes(range(256)) * 20_000
    received = exchange(b"GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", body=body)
    assert received.partition(b"\r\n\r\n")[2] == body
