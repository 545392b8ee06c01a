"""A connection to an MQTT broker that is made anew whenever it breaks.

Messages have QoS 1 both ways. What is to be sent waits here until the broker has said that it has
it, in order, one at a time; where a connection breaks in between it arrives twice. Belongs to one
asyncio loop; knows nothing of what messages mean.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import aiomqtt

from harness.errors import BddError
from mock_nrfcloud.mqtt.address import Address
from mock_nrfcloud.mqtt.topics import check_message

MAX_WAITING: Final = 20_000
"""How many messages wait to be sent at most."""
ANSWER_SECONDS: Final = 10.0
"""How long an answer of the broker may take."""

_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0
_REFUSED: Final = 128  # return codes of a SUBACK from here on (MQTT 3.1.1, 3.9.3)
_LOG: Final = logging.getLogger("mock_nrfcloud")


class Link:
    """One client of a broker.

    `received` is given each message of the topics (topic, payload); `connected` is called after
    each connection, when the subscriptions stand. With a `lasting` session the broker keeps
    messages for it while it is away, as far as the broker itself lasts.
    """

    def __init__(
        self,
        address: Address,
        client_id: str,
        topics: Sequence[str] = (),
        received: Callable[[str, bytes], None] = lambda *_: None,
        connected: Callable[[], None] = lambda: None,
        *,
        lasting: bool = False,
    ) -> None:
        self._address = address
        self._client_id = client_id
        self._topics = [(topic, 1) for topic in topics]
        self._received = received
        self._connected = connected
        self._lasting = lasting
        self._waiting: deque[tuple[str, bytes, asyncio.Future[None]]] = deque()
        self._news = asyncio.Event()
        self._first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    async def start(self) -> None:
        """Connect; from now on it stays connected. Raises BddError if that cannot be done."""
        self._task = asyncio.create_task(self._run())
        try:
            await self._first
        except (aiomqtt.MqttError, OSError) as error:
            await self.stop()
            raise BddError(f"the MQTT broker at {self._address} cannot be used: {error}") from None

    async def stop(self) -> None:
        """Disconnect. What still waits to be sent is not."""
        if self._task is None:
            return
        self._stopped = True
        self._news.set()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        while self._waiting:
            self._waiting.popleft()[2].cancel()

    def send(self, topic: str, payload: bytes) -> asyncio.Future[None]:
        """Send a message as soon as that can be done; done when the broker has it.

        Raises BddError if it is too large, or too many wait, or that is no topic.
        """
        check_message(topic, payload)
        if len(self._waiting) >= MAX_WAITING:
            raise BddError(f"{MAX_WAITING:,} messages wait for the MQTT broker at {self._address}")
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((topic, payload, sent))
        self._news.set()
        return sent

    async def _run(self) -> None:
        pause = _FIRST_PAUSE
        # A cancellation may be lost in what aiomqtt waits for (Python 3.11's wait_for drops one
        # that comes together with the result), or give way to an error while it disconnects.
        while not self._stopped:
            try:
                async with self._client() as client:
                    await self._subscribe(client)
                    pause = _FIRST_PAUSE
                    if not self._first.done():
                        self._first.set_result(None)
                    self._connected()
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(self._send_all(client))
                        tasks.create_task(self._receive_all(client))
            except* (aiomqtt.MqttError, OSError) as errors:
                if not self._first.done():
                    self._first.set_exception(errors.exceptions[0])
                _LOG.debug("MQTT client %s: %s", self._client_id, errors.exceptions[0])
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _client(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._address.host,
            self._address.port,
            username=self._address.username,
            password=self._address.password,
            identifier=self._client_id,
            clean_session=not self._lasting,
            timeout=ANSWER_SECONDS,
            tls_context=ssl.create_default_context() if self._address.tls else None,
        )

    async def _subscribe(self, client: aiomqtt.Client) -> None:
        if not self._topics:
            return
        codes = await client.subscribe(self._topics)
        if any(int(str(getattr(code, "value", code))) >= _REFUSED for code in codes):
            topics = ", ".join(topic for topic, _ in self._topics)
            raise aiomqtt.MqttError(f"it refuses a subscription to {topics}")

    async def _send_all(self, client: aiomqtt.Client) -> None:
        self._news.set()
        while not self._stopped:
            await self._news.wait()
            self._news.clear()
            while self._waiting and not self._stopped:
                topic, payload, sent = self._waiting[0]
                await client.publish(topic, payload, qos=1)
                self._waiting.popleft()
                if not sent.done():
                    sent.set_result(None)

    async def _receive_all(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if isinstance(message.payload, bytes):  # aiomqtt's type is that of what may be sent
                self._received(message.topic.value, message.payload)
