"""MQTT of a mock: a broker that is started when it is asked for, and the bridge to the twins.

What devices publish goes to the twins of all spaces, which know their own devices by the team in
the topic; what twins publish goes out. Belongs to the loop of the mock.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final, Protocol
from uuid import uuid4

from harness.errors import BddError
from mock_nrfcloud.mqtt.address import Address, parse_address
from mock_nrfcloud.spaces import Spaces

if TYPE_CHECKING:
    from mock_nrfcloud.mqtt.link import Link

EMBEDDED: Final = "embedded"
MOSQUITTO: Final = "mosquitto"
TOPICS: Final = tuple(
    f"prod/+/+/jobs/{name}" for name in ("req", "update", "ble/req", "ble/update")
)
"""What devices publish that twins are told of."""

_LOG: Final = logging.getLogger("mock_nrfcloud")


class Broker(Protocol):
    """A broker that is started here."""

    address: Address

    async def start(self) -> None:
        """Listen. Raises BddError or OSError if it cannot."""

    async def stop(self) -> None:
        """Leave nothing behind."""


class Mqtt:
    """The MQTT of one mock.

    `broker` is `embedded`, `mosquitto` or the URL of one that runs, of which the user name and
    password are given; `port` is that of the first two, 0 for a free one.
    """

    def __init__(
        self,
        broker: str = EMBEDDED,
        *,
        port: int = 0,
        username: str | None = None,
        password: str | None = None,
    ) -> None:
        self.broker: Broker | None = None
        """What it has started; None for a broker that runs elsewhere."""
        self._choice = broker
        self._client_id = f"mock-{uuid4().hex}"
        self._port = port
        self._username = username
        self._password = password
        self._spaces: Spaces | None = None
        self._link: Link | None = None
        self._address: Address | None = None
        self._exit = AsyncExitStack()
        self._starting = asyncio.Lock()

    async def start(self, spaces: Spaces) -> Address:
        """Where the broker is, which is started, and bridged to these spaces, unless it is.

        Raises BddError if that cannot be done.
        """
        async with self._starting:
            if self._address is None:
                async with AsyncExitStack() as stack:
                    self._spaces = spaces
                    address = await self._connect(stack)
                    self._exit = stack.pop_all()
                self._address = address
                for _, space in spaces:
                    space.twins.publish = self._publish
        return self._address

    async def stop(self) -> None:
        """Disconnect, and stop the broker if it was started here."""
        await self._exit.aclose()
        self._address = None

    async def _connect(self, stack: AsyncExitStack) -> Address:
        make_link = load_link()
        address = await self._started(stack)
        self._link = make_link(
            address, self._client_id, TOPICS, self._received, self._resend, lasting=True
        )
        await self._link.start()
        stack.push_async_callback(self._link.stop)
        return address

    async def _started(self, stack: AsyncExitStack) -> Address:
        broker: Broker
        if self._choice == EMBEDDED:
            from mock_nrfcloud.mqtt.embedded import EmbeddedBroker  # late: an extra

            broker = EmbeddedBroker(self._port, (self._client_id, TOPICS))
        elif self._choice == MOSQUITTO:
            from mock_nrfcloud.mqtt.mosquitto import Mosquitto

            broker = Mosquitto(self._port)
        else:
            return parse_address(self._choice).known_as(self._username, self._password)
        try:
            await broker.start()
        except OSError as error:
            reason = error.strerror or error
            raise BddError(f"an MQTT broker cannot listen on port {self._port}: {reason}") from None
        self.broker = broker
        stack.push_async_callback(broker.stop)
        return broker.address

    def _received(self, topic: str, payload: bytes) -> None:
        if self._spaces is not None:
            for _, space in self._spaces:
                space.twins.received(topic, payload)

    def _resend(self) -> None:
        if self._spaces is not None:
            for _, space in self._spaces:
                space.twins.resend()

    def _publish(self, topic: str, payload: bytes) -> None:
        if self._link is None:
            return
        try:
            self._link.send(topic, payload)
        except BddError as error:
            _LOG.error("%s: a message to %s is lost", error, topic[:200])


def load_link() -> type[Link]:
    """The class of connections to brokers. Raises BddError if what it needs is not installed."""
    try:
        from mock_nrfcloud.mqtt.link import Link  # late: an extra
    except ImportError as error:
        hint = "install it with: pip install 'nrfcloud-bdd[mqtt]'"
        raise BddError(f"MQTT needs {error.name}", hint=hint) from None
    return Link
