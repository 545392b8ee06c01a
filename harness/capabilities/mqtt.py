"""What devices say and hear over MQTT in a feature, message by message."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from harness.capabilities.left_over import not_received
from harness.capabilities.third_party import ask
from harness.core.inbox import Inbox, Message
from harness.core.matching import mismatches
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.errors import BddError, StepFailure
from mock_nrfcloud.client import Mock
from mock_nrfcloud.mqtt.address import parse_address
from mock_nrfcloud.mqtt.serving import load_link
from mock_nrfcloud.mqtt.topics import check_filter

if TYPE_CHECKING:
    from mock_nrfcloud.mqtt.link import Link

MAX_CONNECTIONS: Final = 200
"""How many connections devices have in a feature, one for each topic that they listen to."""
TAKEN_SECONDS: Final = 10.0
"""How long the broker may take for a message."""


class _Ear:
    """What a device hears on a topic; one who waits is woken."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self._news = asyncio.Event()

    def __call__(self, _topic: str, payload: bytes) -> None:
        self.inbox.add(payload)
        self._news.set()

    async def expect(self, matches: Callable[[object], bool], seconds: float) -> Message | None:
        """The oldest unmatched message that matches, which is then used up; None if none comes."""
        seen = 0
        try:
            async with asyncio.timeout(seconds):
                while (message := self.inbox.take(matches, seen)) is None:
                    seen = self.inbox.received
                    self._news.clear()
                    await self._news.wait()
                return message
        except TimeoutError:
            return None


class Mqtt:
    """The connections of devices to the broker in one feature.

    `credentials` are the user name and the password there; `waits` is told for what a step waits,
    `learn` of messages that are shown: there may be secrets in them.
    """

    def __init__(
        self,
        loop: LoopThread,
        mock: Mock,
        budgets: Budgets,
        redactor: Callable[[], Redactor],
        credentials: tuple[str | None, str | None],
        waits: Callable[[str, float], None] = lambda *_: None,
        learn: Callable[..., None] = lambda *_: None,
    ) -> None:
        self._loop = loop
        self._mock = mock
        self._budgets = budgets
        self._redactor = redactor
        self._credentials = credentials
        self._waits = waits
        self._learn = learn
        self._links: dict[tuple[str, str], Link] = {}
        self._ears: dict[tuple[str, str], _Ear] = {}

    def publish(self, device: str, topic: str, message: object) -> None:
        """Publish a JSON message; it is with the broker then."""
        ask(self._loop, self._publish(device, topic, json.dumps(message).encode()))

    def listen(self, device: str, topic: str) -> None:
        """Hear what is published to a topic from now on."""
        ask(self._loop, self._listen(device, topic))

    def expect(self, device: str, topic: str, expected: object) -> None:
        """Wait for a message that matches; it is used up by this step."""
        ear = self._ears.get((device, topic))
        if ear is None:
            topics = ", ".join(heard for who, heard in self._ears if who == device)
            hint = f"it listens to {topics}" if topics else "let it listen to the topic before"
            what = f"the device “{device}” does not listen to the topic “{topic}”: {hint}"
            raise StepFailure(what, final=True)
        began, budget = time.monotonic(), self._budgets.for_websocket()
        self._waits("a message over MQTT", budget)
        wanted = ear.expect(lambda data: not mismatches(expected, data), budget)
        if self._loop.call(wanted) is None:
            what = f"no message on the topic {topic} matches what is expected"
            self._learn(*(message.text for message in ear.inbox.unmatched))
            spent = f"in {time.monotonic() - began:.1f} s"
            raise not_received(f"{what}, {spent}", expected, ear.inbox, self._redactor().text)

    def close(self) -> None:
        """Disconnect."""
        if self._links:
            self._loop.call(self._close())

    async def _publish(self, device: str, topic: str, payload: bytes) -> None:
        link = await self._connected(device, "", lambda *_: None)
        try:
            async with asyncio.timeout(TAKEN_SECONDS):
                await link.send(topic, payload)
        except TimeoutError:
            what = f"the MQTT broker did not take the message within {TAKEN_SECONDS:g} s"
            raise BddError(what) from None

    async def _listen(self, device: str, topic: str) -> None:
        check_filter(topic)
        if (device, topic) not in self._ears:
            ear = _Ear()
            await self._connected(device, topic, ear)
            self._ears[device, topic] = ear

    async def _connected(
        self, device: str, topic: str, received: Callable[[str, bytes], None]
    ) -> Link:
        """The connection of a device for a topic that it listens to, or for what it publishes."""
        if (known := self._links.get((device, topic))) is not None:
            return known
        if len(self._links) >= MAX_CONNECTIONS:
            raise BddError(f"devices of a feature have at most {MAX_CONNECTIONS} connections")
        make_link = load_link()
        address = parse_address(await self._mock.mqtt()).known_as(*self._credentials)
        name = f"{device[:100]}-{uuid4().hex[:8]}"
        link = make_link(address, name, [topic] if topic else [], received)
        await link.start()
        self._links[device, topic] = link
        return link

    async def _close(self) -> None:
        await asyncio.gather(*(link.stop() for link in self._links.values()))
        self._links.clear()
        self._ears.clear()
