"""How simulated devices speak to nRF Cloud: over MQTT, or by asking its REST API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import aiohttp

from harness.errors import BddError
from harness.simulator.messages import ask, read_execution, read_job, status, update
from harness.simulator.updating import Job, Report, Updating
from mock_nrfcloud.mqtt.address import Address
from mock_nrfcloud.mqtt.serving import load_link

if TYPE_CHECKING:
    from mock_nrfcloud.mqtt.link import Link

MAX_JOBS: Final = 100
"""How many jobs wait for a device at most: more are not heard."""
POLL_SECONDS: Final = 0.25
"""After what time a device asks again whether there is a job."""


class Line:
    """An MQTT connection below `prefix` (`prod/TEAM/`): that of a device, or that of a gateway for
    all the Bluetooth LE devices behind it. It is there as long as one of them is."""

    def __init__(
        self, address: Address, prefix: str, device_id: str, *, gateway: bool = False
    ) -> None:
        self._address = address
        self._device_id = device_id
        self._gateway = gateway
        self._topic = f"{prefix}{device_id}/jobs" + ("/ble" if gateway else "")
        self._channels: dict[str, MqttChannel] = {}
        self._link: Link | None = None
        self._changing = asyncio.Lock()

    async def join(self, behind: str, channel: MqttChannel) -> None:
        """From now on a device hears of its jobs: one `behind` a gateway, or "" for its own.

        Raises BddError if there is no connection.
        """
        async with self._changing:
            self._channels[behind] = channel
            if self._link is not None:
                channel.connected()
                return
            name = f"{self._device_id}-{uuid4().hex[:8]}"
            topics = (f"{self._topic}/rcv",)
            link = load_link()(self._address, name, topics, self._received, self._connected)
            self._link = link
            try:
                await link.start()
            except BddError:
                self._link = None
                raise

    async def leave(self, behind: str) -> None:
        """It hears no more."""
        async with self._changing:
            self._channels.pop(behind, None)
            if not self._channels and self._link is not None:
                link, self._link = self._link, None
                await link.stop()

    def send(self, kind: str, payload: bytes) -> asyncio.Future[None]:
        """Publish an `update`, or a `req`; done when the broker has it."""
        assert self._link is not None
        return self._link.send(f"{self._topic}/{kind}", payload)

    def _received(self, _topic: str, payload: bytes) -> None:
        behind, job = read_job(payload, gateway=self._gateway)
        if job is not None and (channel := self._channels.get(behind)) is not None:
            channel.hear(job)

    def _connected(self) -> None:
        for channel in self._channels.values():
            channel.connected()


class MqttChannel:
    """A device on a line, `behind` a gateway or on its own. Whenever it has connected it asks for
    its job, and says again where it stands: either may have been lost."""

    def __init__(self, line: Line, behind: str = "") -> None:
        self._line = line
        self._behind = behind
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(MAX_JOBS)
        self._updating: Updating | None = None

    async def open(self, updating: Updating) -> None:
        self._updating = updating
        await self._line.join(self._behind, self)

    async def jobs(self) -> AsyncIterator[Job]:
        while True:
            yield await self._jobs.get()

    async def report(self, report: Report) -> None:
        await self._line.send("update", update(report, self._behind))

    async def close(self) -> None:
        await self._line.leave(self._behind)

    def hear(self, job: Job) -> None:
        """It is notified of a job."""
        if not self._jobs.full():
            self._jobs.put_nowait(job)

    def connected(self) -> None:
        """Its line stands, for the first time or again."""
        standing = self._updating.standing() if self._updating else None
        if standing is not None:
            self._line.send("update", update(standing, self._behind))
        self._line.send("req", ask(self._behind))


class RestChannel:
    """Asks the REST API with an API key, again and again: nobody tells it."""

    def __init__(self, http: aiohttp.ClientSession, url: str, key: str, device_id: str) -> None:
        self._http = http
        self._url = f"{url}/v1/fota-job-executions/{device_id}"
        self._headers = {"Authorization": f"Bearer {key}"}

    async def open(self, updating: Updating) -> None:
        """It has no connection."""

    async def jobs(self) -> AsyncIterator[Job]:
        while True:
            if (job := await self._current()) is not None:
                yield job
            await asyncio.sleep(POLL_SECONDS)

    async def report(self, report: Report) -> None:
        try:
            async with self._http.patch(
                f"{self._url}/{report.job}", json=status(report), headers=self._headers
            ):
                pass  # what is refused (a job that was cancelled) does not matter to a device
        except (aiohttp.ClientError, TimeoutError):
            pass  # the job comes again, and is answered with where it stands

    async def close(self) -> None:
        """It has no connection."""

    async def _current(self) -> Job | None:
        try:
            async with self._http.get(f"{self._url}/current", headers=self._headers) as answer:
                return read_execution(await answer.json()) if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None
