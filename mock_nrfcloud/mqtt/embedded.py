"""The MQTT broker in this process: amqtt, on a loopback port, within bounds.

Belongs to one asyncio loop. Keeps nothing when it ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from amqtt.adapters import StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType
from amqtt.errors import NoDataError

from mock_nrfcloud.mqtt.address import Address
from mock_nrfcloud.mqtt.topics import MAX_MESSAGE

HOST: Final = "127.0.0.1"
MAX_CONNECTIONS: Final = 5_000
"""How many clients may be connected at once."""

PACKET_SECONDS: Final = 10.0
"""How long the rest of a packet may take to arrive."""
STOP_SECONDS: Final = 2.0
"""How long connections may take to end."""

_LISTENER: Final = "default"
_PUBLISH: Final = 3
_QOS_3: Final = 0b0110  # which there is not (MQTT 3.1.1, 3.3.1.2), and amqtt fails at
_ROOM: Final = 1024  # for what a packet has besides its message


class EmbeddedBroker:
    """A broker that takes anyone; `address` is known once it has started.

    Messages of the topics `kept` wait for the client of that ID whenever it is not connected, from
    the start of the broker on: nothing is lost if others connect before it does.
    """

    def __init__(self, port: int = 0, kept: tuple[str, Sequence[str]] = ("", ())) -> None:
        self.address = Address(HOST, port)
        self._kept = kept
        self._broker: Broker | None = None
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def start(self) -> None:
        """Listen; port 0 takes a free one. Raises OSError if it cannot."""
        # It tells of each packet and each client that breaks off: nothing that a user could mend.
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.CRITICAL)
        config = BrokerConfig(
            listeners={_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)},
            plugins={"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        )
        self._broker = Broker(config)
        await self._broker.start()
        client_id, topics = self._kept
        for topic in topics:
            await self._broker.plugins_manager.context.add_subscription(client_id, topic, 1)
        try:
            self._server = await asyncio.start_server(self._connected, HOST, self.address.port)
        except OSError:
            await self.stop()
            raise
        self.address = Address(HOST, self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close all connections, and stop listening."""
        if self._broker is None:
            return
        if self._server is not None:
            self._server.close()
            self._server = None
        broker, self._broker = self._broker, None
        # amqtt may wait for ever for the reader of a connection that is still open.
        for writer in self._connections.values():
            writer.transport.abort()
        if self._connections:
            await asyncio.wait(self._connections, timeout=STOP_SECONDS)
        await broker.shutdown()
        await asyncio.sleep(0)  # the loop closes what was aborted

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._broker is None or len(self._connections) >= MAX_CONNECTIONS:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        try:
            bounded, written = _BoundedReader(reader), _Writer(writer)
            await self._broker.external_connected(bounded, written, _LISTENER)
        except ConnectionError:
            pass  # it has left
        finally:
            writer.transport.abort()
            del self._connections[task]


class _Writer(StreamWriterAdapter):  # type: ignore[misc]  # amqtt has no types
    """Tells that a client has left as amqtt expects it: uvloop has an error of its own for that."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        super().__init__(writer)
        self._transport = writer.transport

    def write(self, data: bytes) -> None:
        if self._transport.is_closing():
            raise ConnectionResetError("the client has left")
        super().write(data)


class _BoundedReader:
    """Reads packets whole, within bounds of size and time: amqtt itself reads up to 256 MiB of one,
    and waits without end. Only between packets a client may take its time."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._packet = b""
        self._first = True

    async def read(self, n: int = -1) -> bytes:
        if not self._packet:
            self._packet = await self._next()
        if n > len(self._packet):
            raise NoDataError("a packet is shorter than it says")
        part, self._packet = self._packet[:n], self._packet[n:]
        return part

    def feed_eof(self) -> None:
        self._reader.feed_eof()

    async def _next(self) -> bytes:
        started = b"" if self._first else await self._reader.readexactly(1)
        self._first = False
        try:
            async with asyncio.timeout(PACKET_SECONDS):
                return await self._whole(started)
        except TimeoutError:
            self.feed_eof()
            raise NoDataError(f"a packet took longer than {PACKET_SECONDS:g} s") from None

    async def _whole(self, packet: bytes) -> bytes:
        """The packet that begins so: a byte, its length in groups of seven bits, and the rest
        (MQTT 3.1.1, 2.2)."""
        packet = packet or await self._reader.readexactly(1)
        if packet[0] & _QOS_3 == _QOS_3 and packet[0] >> 4 == _PUBLISH:
            self.feed_eof()
            raise NoDataError("a message of QoS 3")
        length, shift, more = 0, 0, True
        while more and shift < 28:
            packet += (byte := await self._reader.readexactly(1))
            length |= (byte[0] & 0x7F) << shift
            more, shift = bool(byte[0] & 0x80), shift + 7
        if more or length > MAX_MESSAGE + _ROOM:
            self.feed_eof()
            raise NoDataError(f"a packet of {length:,} bytes")
        return packet + await self._reader.readexactly(length)
