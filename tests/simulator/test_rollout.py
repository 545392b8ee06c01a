"""Whole rollouts: simulated devices, a broker, and the twin of nRF Cloud in one process."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from harness.core.http_text import HttpResponse
from harness.simulator.channels import Line, MqttChannel, RestChannel
from harness.simulator.device import Channel, Device
from harness.simulator.downloads import make_http
from harness.simulator.updating import Outcome, Updating
from mock_nrfcloud.client import InProcessMock, Stub
from mock_nrfcloud.mqtt.address import parse_address
from mock_nrfcloud.mqtt.mosquitto import Mosquitto
from mock_nrfcloud.mqtt.serving import Mqtt

BUNDLE = "APP*1e29dfa3*v2.0.0"


class Cloud:
    """A mock with the twin, an HTTP client, and the devices that were started."""

    def __init__(self, broker: str) -> None:
        self.mqtt = Mqtt(broker)
        self.mock = InProcessMock(mqtt=self.mqtt)
        self.http: aiohttp.ClientSession

    async def ask(self, command: Mapping[str, Any], seconds: float = 0.0) -> dict[str, Any]:
        return dict(await self.mock.twin("nrfcloud", command, seconds))

    async def know(self, *ids: str) -> None:
        for each in ids:
            await self.ask({"do": "device", "id": each, "tags": ["fleet"]})
        bundle = {"bundleId": BUNDLE, "version": "2.0.0", "type": "APP", "size": 10_000}
        await self.ask({"do": "bundle", **bundle})

    async def roll_out(self) -> str:
        body = {"name": "update", "bundleId": BUNDLE, "tags": ["fleet"]}
        url = f"{self.mock.url}/v1/fota-jobs"
        headers = {"Authorization": "Bearer key"}
        async with self.http.post(url, json=body, headers=headers) as answer:
            return str((await answer.json())["jobId"])

    async def completed(self, job: str) -> dict[str, int]:
        asked = {"do": "job", "id": job, "status": "COMPLETED"}
        reply = await self.ask(asked, 60)
        assert reply["holds"], reply
        return dict(reply["job"]["executionStats"])

    async def over_mqtt(self, device: str, outcome: Outcome = Outcome.ACCEPT) -> Device:
        address = parse_address(await self.mock.mqtt())
        prefix = f"prod/{await self.team()}/"
        return self._device(MqttChannel(Line(address, prefix, device)), outcome)

    async def team(self) -> str:
        account = {"do": "account", "name": "default", "key": "key"}
        return str((await self.ask(account))["tenantId"])

    def over_rest(self, device: str, outcome: Outcome = Outcome.ACCEPT) -> Device:
        return self._device(RestChannel(self.http, self.mock.url, "key", device), outcome)

    def _device(self, channel: Channel, outcome: Outcome) -> Device:
        return Device(Updating(outcome), channel, self.http, self.mock.url)


@asynccontextmanager
async def cloud(broker: str = "embedded") -> AsyncIterator[Cloud]:
    made = Cloud(broker)
    await made.mock.start()
    made.http = make_http()
    try:
        yield made
    finally:
        await made.http.close()
        await made.mock.stop()


@asynccontextmanager
async def running(*devices: Device) -> AsyncIterator[None]:
    try:
        await asyncio.gather(*(each.start() for each in devices))
        yield
    finally:
        await asyncio.gather(*(each.stop() for each in devices))


def test_three_hundred_devices_complete_a_rollout() -> None:
    async def play() -> None:
        async with cloud() as stage:
            ids = [f"device-{n}" for n in range(300)]
            await stage.know(*ids)
            bad = {3: Outcome.REJECT, 30: Outcome.FAIL_DOWNLOAD, 33: Outcome.FAIL_INSTALLATION}
            devices = [
                await stage.over_mqtt(each, bad.get(n, Outcome.ACCEPT))
                for n, each in enumerate(ids)
            ]
            async with running(*devices):
                job = await stage.roll_out()
                await stage.ask({"do": "advance", "seconds": 1000})
                counts = await stage.completed(job)
        assert counts["succeeded"] == 297
        assert (counts["rejected"], counts["failed"]) == (1, 2)

    asyncio.run(play())


@pytest.mark.parametrize("broker", ["embedded", "mosquitto"])
def test_a_rollout_survives_a_broker_that_goes_away(broker: str) -> None:
    if broker == "mosquitto" and shutil.which("mosquitto", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("mosquitto is not installed")

    async def play() -> None:
        async with cloud(broker) as stage:
            ids = [f"device-{n}" for n in range(20)]
            await stage.know(*ids)
            async with running(*[await stage.over_mqtt(each) for each in ids]):
                job = await stage.roll_out()
                first = {"do": "execution", "device": ids[0], "status": "SUCCEEDED"}
                await stage.ask(first, 60)
                started = stage.mqtt.broker
                assert started is not None
                if isinstance(started, Mosquitto):
                    await started.end(kill=True)
                else:
                    await started.stop()
                await started.start()
                assert (await stage.completed(job))["succeeded"] == 20

    asyncio.run(play())


def test_devices_may_ask_instead_and_come_late() -> None:
    async def play() -> None:
        async with cloud() as stage:
            await stage.know("asks", "late")
            async with running(stage.over_rest("asks")):
                job = await stage.roll_out()
                async with running(await stage.over_mqtt("late", Outcome.TIME_OUT)):
                    counts = await stage.completed(job)
        assert (counts["succeeded"], counts["timedOut"]) == (1, 1)

    asyncio.run(play())


@pytest.mark.parametrize(
    "answer",
    [HttpResponse(404), HttpResponse(200, body=b"short"), HttpResponse(200, body=b"l" * 10_001)],
)
def test_a_file_that_is_not_as_it_should_be_fails_the_update(answer: HttpResponse) -> None:
    async def play() -> None:
        async with cloud() as stage:
            await stage.know("d1")
            path = f"/{await stage.team()}/{BUNDLE}/firmware.bin"
            await stage.mock.add(Stub("GET", path, answer, host="firmware.nrfcloud.com"))
            async with running(await stage.over_mqtt("d1")):
                job = await stage.roll_out()
                assert (await stage.completed(job))["failed"] == 1
            asked = {"do": "execution", "device": "d1", "job": job}
            detail = (await stage.ask(asked))["execution"]["statusDetail"]
            assert detail == "Error occurred while downloading the file"

    asyncio.run(play())


def test_devices_share_the_line_of_their_gateway_and_it_outlasts_each() -> None:
    async def play() -> None:
        async with cloud() as stage:
            await stage.know()
            await stage.ask({"do": "device", "id": "hub", "bleFota": True})
            for each in ("one", "two"):
                behind = {"gateway": "hub", "tags": ["fleet"]}
                await stage.ask({"do": "device", "id": each, **behind})
            address = parse_address(await stage.mock.mqtt())
            line = Line(address, f"prod/{await stage.team()}/", "hub", gateway=True)
            one, two = (
                stage._device(MqttChannel(line, name), outcome)
                for name, outcome in (("one", Outcome.ACCEPT), ("two", Outcome.REJECT))
            )
            async with running(one):
                job = await stage.roll_out()
                asked = {"do": "execution", "device": "one", "status": "SUCCEEDED"}
                assert (await stage.ask(asked, 60))["holds"]
            async with running(two):
                counts = await stage.completed(job)
        assert (counts["succeeded"], counts["rejected"]) == (1, 1)

    asyncio.run(play())
