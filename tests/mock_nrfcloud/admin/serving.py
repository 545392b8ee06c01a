"""A mock with its admin API in this process, for tests."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from mock_nrfcloud.admin.dispatch import Dispatcher
from mock_nrfcloud.journal import MemoryJournal
from mock_nrfcloud.server import ADMIN, MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces


@dataclass
class Bench:
    spaces: Spaces
    url: str
    http: aiohttp.ClientSession

    async def get(self, path: str, **headers: str) -> int:
        """The status of a request to the mock."""
        async with self.http.get(self.url + path, headers=headers) as response:
            await response.read()
            return response.status

    async def admin(
        self, method: str, path: str, body: object = None, *, at: str = "", **sent: Any
    ) -> tuple[int, Any]:
        """Status and JSON (None for an empty answer) of the admin API."""
        if body is not None:
            sent["data"] = json.dumps(body)
        headers = {"Content-Type": "application/json"} | sent.pop("headers", {})
        url = f"{self.url}{at}{ADMIN}{path}"
        async with self.http.request(method, url, headers=headers, **sent) as response:
            text = await response.read()
            if not response.ok:
                assert response.headers["Content-Type"] == "application/problem+json", text
            return response.status, json.loads(text) if text else None


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what nothing tells of."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


def play(
    scenario: Callable[[Bench], Awaitable[None]],
    *,
    token: str | None = None,
    body_seconds: float = 30.0,
    max_body: int = 100_000,
) -> None:
    async def run() -> None:
        spaces = Spaces(lambda _: Space(journal=MemoryJournal()), time.monotonic)
        admin = Dispatcher(spaces, token, body_seconds=body_seconds)
        server = MockServer(spaces, admin=admin, max_body=max_body)
        await server.start()
        try:
            async with aiohttp.ClientSession() as http:
                await scenario(Bench(spaces, server.url, http))
        finally:
            await server.stop()

    asyncio.run(run())
