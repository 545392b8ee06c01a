"""A websocket against real servers on loopback: waiting, floods, closes and refusals."""

from __future__ import annotations

import asyncio
import gc
import http
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, TypeVar

import pytest
from websockets.asyncio.server import Request, Response, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from harness.core.inbox import MAX_MESSAGES
from harness.drivers.network import ConnectionRefused
from harness.drivers.websocket import WebSocketClient
from harness.errors import StepFailure

T = TypeVar("T")
Handler = Callable[[ServerConnection], Awaitable[None]]
RawServer = Callable[..., AbstractAsyncContextManager[str]]  # the fixture of conftest.py


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Like asyncio.run; what is left behind warns, and a warning is an error."""
    result = asyncio.run(coroutine)
    gc.collect()
    return result


@asynccontextmanager
async def peer(handler: Handler, **options: Any) -> AsyncIterator[str]:
    async def patient(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await handler(connection)

    async with serve(patient, "127.0.0.1", 0, **options) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def connected(handler: Handler, **options: Any) -> AsyncIterator[WebSocketClient]:
    client = WebSocketClient(**options)
    async with peer(handler) as url:
        try:
            await client.connect(f"{url}/?fingerprint=92b.y7i24q")
            yield client
        finally:
            await client.close()


async def stay(connection: ServerConnection) -> None:
    await connection.wait_closed()


def sending(*messages: str | bytes) -> Handler:
    async def handler(connection: ServerConnection) -> None:
        for message in messages:
            await connection.send(message)
        await connection.wait_closed()

    return handler


def equals(expected: object) -> Callable[[object], bool]:
    return lambda data: data == expected


def test_messages_are_taken_once_and_the_others_stay_in_order() -> None:
    async def main() -> None:
        async with connected(sending("1", "2", "1", '{"a": "æ"}')) as client:
            for expected, sequence in ((1, 1), ({"a": "æ"}, 4), (1, 3), (2, 2)):
                message = await client.expect(equals(expected), 30)
                assert message is not None
                assert message.sequence == sequence
                assert client.last_matched is message
            assert await client.expect(equals(1), 0) is None
            assert client.last_matched is message
            assert client.inbox.unmatched == []

    run(main())


def test_one_who_waits_is_woken_by_the_message() -> None:
    async def main() -> None:
        waiting = asyncio.Event()

        async def handler(connection: ServerConnection) -> None:
            await waiting.wait()
            await connection.send('"other"')
            await connection.send('"wanted"')
            await connection.wait_closed()

        def matches(data: object) -> bool:
            return data == "wanted"

        async with connected(handler) as client:
            expected = asyncio.create_task(client.expect(matches, 30))
            await asyncio.sleep(0)
            waiting.set()
            message = await expected
            assert message is not None
            assert message.sequence == 2

    run(main())


def test_no_message_in_time() -> None:
    async def main() -> None:
        async with connected(sending("1")) as client:
            assert await client.expect(equals(2), 0.05) is None
            assert [message.data for message in client.inbox.unmatched] == [1]

    run(main())


def test_messages_that_pour_in_do_not_lengthen_the_wait() -> None:
    async def pour(connection: ServerConnection) -> None:
        while True:
            await connection.send("1")
            await asyncio.sleep(0)  # both ends share one loop: a send alone does not let go of it

    async def main() -> None:
        async with connected(pour) as client:
            assert await client.expect(equals(2), 0.05) is None
            assert client.inbox.received > 0

    run(main())


def test_an_error_of_the_comparison_is_not_taken_for_the_end_of_the_wait() -> None:
    def slow(_: object) -> bool:
        raise TimeoutError("regular expression")

    async def main() -> None:
        async with connected(sending("1")) as client:
            with pytest.raises(TimeoutError, match="regular expression"):
                await client.expect(slow, 30)

    run(main())


def test_none_within_sees_what_is_there_and_what_comes_and_uses_up_nothing() -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async def main() -> None:
        async with connected(echo) as client:
            assert await client.none_within(equals(1), 0.02) is None
            await client.send("1")
            for _ in range(2):
                message = await client.none_within(equals(1), 30)
                assert message is not None
            assert client.inbox.unmatched == [message]

    run(main())


def test_odd_messages_do_no_harm() -> None:
    odd = ("", "not JSON", b"\x00\xff", b'{"a": 1}', "[" * 50_000)

    async def main() -> None:
        async with connected(sending(*odd, '"end"')) as client:
            assert await client.expect(equals("end"), 30) is not None
            assert [message.data for message in client.inbox.unmatched] == [
                "", "not JSON", "\x00\\xff", {"a": 1}, "[" * 50_000
            ]  # fmt: skip

    run(main())


def test_a_flood_is_bounded_and_the_message_in_it_is_found() -> None:
    async def flood(connection: ServerConnection) -> None:
        for number in range(100_000):
            await connection.send(str(number))
        await connection.wait_closed()

    async def main() -> None:
        async with connected(flood) as client:
            assert await client.expect(equals(99_999), 60) is not None
            assert len(client.inbox.unmatched) <= MAX_MESSAGES
            assert client.inbox.dropped >= 99_999 - MAX_MESSAGES
            assert "unmatched messages" in client.inbox.dropped_note()

    run(main())


def test_a_message_that_is_too_large() -> None:
    async def main() -> None:
        async with connected(sending("1", "x" * 2001), max_message=2000) as client:
            assert await client.expect(equals(1), 30) is not None
            with pytest.raises(StepFailure, match=r"closed on this side .*: 1009 .* 2000 bytes"):
                await client.expect(equals(2), 30)

    run(main())


def closing(code: int, reason: str = "") -> Handler:
    async def handler(connection: ServerConnection) -> None:
        await connection.send("1")
        await connection.close(code, reason)

    return handler


async def abort(connection: ServerConnection) -> None:
    await connection.send("1")
    connection.transport.abort()


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (closing(1008, "bye: token=s3cr3t?token=s3cr3t"), r"1008 \(policy violation\) bye"),
        (closing(1000), r"1000 \(OK\)"),
        (closing(1001), r"1001 \(going away\)"),
        (closing(4000, "own code"), r"4000 .* own code"),
    ],
)
def test_a_close_by_the_service_ends_the_wait(handler: Handler, message: str) -> None:
    async def main() -> None:
        async with connected(handler) as client:
            expected = rf"The service closed the websocket \d\.\d s after it was opened: {message}"
            with pytest.raises(StepFailure, match=expected) as caught:
                await client.expect(equals(2), 60)
            assert caught.value.final
            assert "?token=s3cr3t" not in str(caught.value)
            assert await client.expect(equals(1), 60) is not None
            with pytest.raises(StepFailure, match=expected):
                await client.send("2")

    run(main())


def test_a_connection_that_breaks_off_ends_the_wait() -> None:
    async def main() -> None:
        async with connected(abort) as client:
            with pytest.raises(StepFailure, match=r"broke off .* has the service died"):
                await client.expect(equals(2), 60)
            with pytest.raises(StepFailure, match="broke off"):
                await client.none_within(equals(2), 60)

    run(main())


def test_silence_of_a_connection_that_was_closed_normally_is_silence() -> None:
    async def main() -> None:
        async with connected(closing(1000)) as client:
            assert await client.none_within(equals(2), 60) is None

    run(main())


def test_silence_of_a_connection_that_was_closed_otherwise_proves_nothing() -> None:
    async def main() -> None:
        async with connected(closing(1011)) as client:
            with pytest.raises(StepFailure, match="1011"):
                await client.none_within(equals(2), 60)

    run(main())


def test_before_connecting_and_after_closing_there_is_nothing_to_wait_for() -> None:
    async def main() -> None:
        client = WebSocketClient()
        assert not client.is_open
        with pytest.raises(StepFailure, match="not connected"):
            await client.expect(equals(1), 60)
        with pytest.raises(StepFailure, match="not connected"):
            await client.send("1")
        async with connected(stay) as client:
            assert client.is_open
            await client.close()
            assert not client.is_open
            await client.close()
            with pytest.raises(StepFailure, match="not connected"):
                await client.expect(equals(1), 60)
            with pytest.raises(StepFailure, match="not connected"):
                await client.none_within(equals(1), 60)

    run(main())


def test_closing_ends_a_wait() -> None:
    async def main() -> None:
        async with connected(stay) as client:
            waiting = asyncio.create_task(client.expect(equals(1), 60))
            await asyncio.sleep(0)
            await client.close()
            with pytest.raises(StepFailure, match="not connected"):
                await waiting

    run(main())


def test_connecting_again_begins_with_an_empty_inbox() -> None:
    closed: list[int | None] = []

    async def handler(connection: ServerConnection) -> None:
        await connection.send("1")
        await connection.send("2")
        await connection.wait_closed()
        closed.append(connection.close_code)

    async def main() -> None:
        client = WebSocketClient()
        async with peer(handler) as url:
            await client.connect(url)
            assert await client.expect(equals(2), 30) is not None
            await client.connect(url)
            assert client.last_matched is None
            assert await client.expect(equals(2), 30) is not None
            assert client.inbox.received == 2
            await client.close()

    run(main())
    assert closed == [1000, 1000]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"title": "Forbidden", "detail": "unknown fingerprint"}', ": Forbidden: unknown fi"),
        ("", ""),
    ],
)
def test_a_refusal_says_what_the_service_said(body: str, said: str) -> None:
    def refuse(connection: ServerConnection, _: Request) -> Response:
        return connection.respond(http.HTTPStatus.FORBIDDEN, body)

    async def main() -> None:
        client = WebSocketClient()
        async with peer(stay, process_request=refuse) as url:
            with pytest.raises(StepFailure) as caught:
                await client.connect(f"{url}/?fingerprint=92b.y7i24q")
            expected = f"Websocket {url}/?fingerprint=[redacted]: refused with 403 Forbidden{said}"
            assert str(caught.value).startswith(expected)
        with pytest.raises(StepFailure, match="not connected"):
            await client.send("1")

    run(main())


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"", "the answer is no websocket's"),
        (b"garbage\r\n\r\n", "the answer is no websocket's"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "refused with 200 OK: hi"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "the answer is no websocket's"),
        (None, r"not open within 0\.1 s"),
    ],
)
def test_a_peer_that_is_no_websocket_server(
    raw_server: RawServer, answer: bytes | None, message: str
) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)

    async def main() -> None:
        async with raw_server(handler) as host:
            with pytest.raises(StepFailure, match=message):
                await WebSocketClient().connect(f"ws://{host}", 30 if answer is not None else 0.1)

    run(main())


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1/", "its scheme is http: it begins with ws:// or wss://"),
        ("ws://127.0.0.1/#part", "it cannot be opened"),
        ("ws://no.such.invalid/", "has no address"),
    ],
)
def test_a_url_that_cannot_be_opened(url: str, message: str) -> None:
    with pytest.raises(StepFailure, match=message):
        run(WebSocketClient().connect(url))


def test_a_refused_connection_can_be_told_from_other_failures(raw_server: RawServer) -> None:
    async def main() -> None:
        async with raw_server(stay) as host:
            pass
        with pytest.raises(ConnectionRefused, match="is the service running"):
            await WebSocketClient().connect(f"ws://{host}")

    run(main())


def test_tls_where_there_is_none(raw_server: RawServer) -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def main() -> None:
        async with raw_server(garbage) as host:
            with pytest.raises(StepFailure, match="does not speak TLS as expected"):
                await WebSocketClient().connect(f"wss://{host}")

    run(main())


def test_a_peer_that_takes_nothing_does_not_hold_up_a_send() -> None:
    async def main() -> None:
        tested = asyncio.Event()

        async def deaf(connection: ServerConnection) -> None:
            connection.transport.pause_reading()
            await tested.wait()
            connection.transport.abort()

        async with connected(deaf) as client:
            with pytest.raises(StepFailure, match=r"did not take the message in 0\.1 s"):
                await client.send("x" * 20_000_000, timeout=0.1)
            tested.set()

    run(main())


def test_fingerprints_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def main() -> None:
        async with connected(sending("1"), max_message=100) as client:
            await client.expect(equals(1), 30)

    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)  # the test's own peer
    try:
        run(main())
    finally:
        logging.getLogger("websockets.server").setLevel(logging.NOTSET)
    assert "92b.y7i24q" not in caplog.text
