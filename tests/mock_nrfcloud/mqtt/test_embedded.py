"""The broker in this process, as clients see it that do what they should not."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress

import pytest

from mock_nrfcloud.mqtt import embedded
from mock_nrfcloud.mqtt.embedded import EmbeddedBroker

CONNECT = b"\x10\x10\x00\x04MQTT\x04\x02\x00<\x00\x04abcd"
CONNACK = b"\x20\x02\x00\x00"


async def answers(*sent: bytes) -> bytes:
    """All that a broker answers to these bytes until it ends the connection."""
    broker = EmbeddedBroker()
    await broker.start()
    try:
        reader, writer = await asyncio.open_connection(broker.address.host, broker.address.port)
        try:
            writer.writelines(sent)
            async with asyncio.timeout(30):
                return await reader.read()
        finally:
            writer.close()
    finally:
        await broker.stop()


def test_a_packet_that_is_too_large_ends_the_connection() -> None:
    assert asyncio.run(answers(CONNECT, b"\x32\xff\xff\xff\x7f", b"x" * 100)) == CONNACK


def test_a_packet_that_does_not_arrive_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedded, "PACKET_SECONDS", 0.05)
    assert asyncio.run(answers(CONNECT[:8])) == b""
    assert asyncio.run(answers(CONNECT, b"\x32\x10\x00")) == CONNACK


def test_garbage_ends_the_connection() -> None:
    assert asyncio.run(answers(b"GET / HTTP/1.1\r\n\r\n" * 10)) == b""


def test_a_message_of_a_quality_that_there_is_not_ends_the_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert asyncio.run(answers(CONNECT, b"\x36\x06\x00\x01q\x00\x01x")) == CONNACK
    gc.collect()
    assert not caplog.records, "no task has failed without a word"


def test_what_is_written_to_a_client_that_has_left_is_lost_with_it() -> None:
    async def play() -> None:
        broker = EmbeddedBroker()
        await broker.start()
        _, writer = await asyncio.open_connection(broker.address.host, broker.address.port)
        written = embedded._Writer(writer)
        written.write(CONNECT)
        writer.transport.abort()
        with pytest.raises(ConnectionResetError):
            written.write(CONNECT)
        await broker.stop()

    asyncio.run(play())


def test_there_is_an_end_to_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MAX_CONNECTIONS", 0)
    with pytest.raises(ConnectionResetError):
        asyncio.run(answers(CONNECT))


def test_it_ends_with_clients_connected_and_starts_again_there() -> None:
    async def play() -> None:
        broker = EmbeddedBroker()
        await broker.start()
        address = broker.address
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(CONNECT)
        assert await reader.readexactly(4) == CONNACK
        await broker.stop()
        with suppress(ConnectionResetError):  # whichever comes first
            assert await reader.read() == b""
        writer.close()
        await broker.start()
        assert broker.address == address
        await broker.stop()

    asyncio.run(play())
