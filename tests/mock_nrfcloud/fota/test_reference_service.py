"""The reference service drives upgrades against the twin, with no canned answer."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from mock_nrfcloud.client import InProcessMock
from tests.reference_service.test_main import register, service
from tests.reference_service.world import DEVICE, FINGERPRINT, PATIENCE, Socket, run


def test_an_upgrade_in_two_steps_and_one_that_the_device_rejects() -> None:
    async def test() -> None:
        mock = InProcessMock()
        await mock.start()

        async def ask(what: str, seconds: float = 0.0, **members: object) -> Any:
            reply = await mock.twin("nrfcloud", {"do": what, **members}, seconds)
            assert reply.get("holds", True), reply
            return reply

        async def update(status: str) -> None:
            job = (await ask("execution", PATIENCE, device=DEVICE, status="QUEUED"))["execution"]
            path = f"/v1/fota-job-executions/{DEVICE}/{job['jobId']}"
            head = {"Authorization": "Bearer of-the-device"}
            async with http.patch(mock.url + path, json={"status": status}, headers=head) as got:
                assert got.status == 202

        await ask("device", id=DEVICE, appVersion="1.0.0")
        path = {}
        for before, after in (("1.0.0", "2.0.0"), ("2.0.0", "3.0.0"), ("3.0.0", "4.0.0")):
            path[before] = (await ask("bundle", version=after))["bundleId"]
        try:
            async with service(mock.url) as process, aiohttp.ClientSession() as http:
                await register(http, process.urls["url"])
                at = f"{process.urls['url']}/device/{DEVICE}/fota"
                who = f"?fingerprint={FINGERPRINT}"
                socket = f"{process.urls['websocket']}/{who}"
                async with http.ws_connect(socket) as connection, asyncio.timeout(PATIENCE):
                    seen = Socket(connection)
                    async with http.get(f"{at}/bundles{who}") as got:
                        assert len(await got.json()) == 3
                    async with http.post(f"{at}/app{who}", json={"upgradePath": path}) as got:
                        assert got.status == 201
                    await update("SUCCEEDED")
                    await update("SUCCEEDED")
                    await update("REJECTED")
                    await seen.until(status="FAILED")
            state = (await ask("state", device=DEVICE))["state"]["reported"]
            assert state["device"]["deviceInfo"]["appVersion"] == "3.0.0"
            assert await mock.unmatched() == []
        finally:
            await mock.stop()

    run(test)
