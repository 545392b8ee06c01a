"""How simulated devices speak to nRF Cloud: over MQTT, or by asking its REST API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

import aiohttp

from harness.simulator.messages import ask, read_execution, read_job, status, update
from harness.simulator.updating import Job, Report, Updating
from mock_nrfcloud.mqtt.address import Address
from mock_nrfcloud.mqtt.serving import load_link

MAX_JOBS: Final = 100
"""How many jobs wait for a device at most: more are not heard."""
POLL_SECONDS: Final = 0.25
"""After what time a device asks again whether there is a job."""


class MqttChannel:
    """One connection a device, below `prefix` (`prod/TEAM/`). Whenever it has connected it asks for
    its job, and says again where it stands: either may have been lost.

    With a `gateway`, it is that which hears and speaks for the device.
    """

    def __init__(
        self, address: Address, prefix: str, device_id: str, gateway: str | None = None
    ) -> None:
        self._behind = device_id if gateway else ""
        self._topic = f"{prefix}{gateway}/jobs/ble" if gateway else f"{prefix}{device_id}/jobs"
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(MAX_JOBS)
        self._updating: Updating | None = None
        name = f"{device_id}-{uuid4().hex[:8]}"
        topics = (f"{self._topic}/rcv",)
        self._link = load_link()(address, name, topics, self._received, self._connected)

    async def open(self, updating: Updating) -> None:
        self._updating = updating
        await self._link.start()

    async def jobs(self) -> AsyncIterator[Job]:
        while True:
            yield await self._jobs.get()

    async def report(self, report: Report) -> None:
        await self._link.send(f"{self._topic}/update", update(report, self._behind))

    async def close(self) -> None:
        await self._link.stop()

    def _received(self, _topic: str, payload: bytes) -> None:
        job = read_job(payload, self._behind)
        if job is not None and not self._jobs.full():
            self._jobs.put_nowait(job)

    def _connected(self) -> None:
        standing = self._updating.standing() if self._updating else None
        if standing is not None:
            self._link.send(f"{self._topic}/update", update(standing, self._behind))
        self._link.send(f"{self._topic}/req", ask(self._behind))


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
