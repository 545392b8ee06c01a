"""A running reference service and a fake nRF Cloud behind it, in one event loop: for tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from reference_service.app import Settings, create_app
from reference_service.store import Store

PATIENCE = 20
"""Seconds after which a test that waits has failed; nothing waits so long if all is well."""

KEY = "secret-key-of-default"
OTHER_KEY = "secret-key-of-other"
TOKEN = "secret-admin-token"
FINGERPRINT = "92b.y7i24q"
DEVICE = "oob-350006660000001"
SHADOWS = "/v1/devices"
HISTORY = "/v1/location/history"
PROTO = "https://github.com/hello-nrfcloud/proto/"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Call:
    """A request that the fake has seen."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class FakeNrfCloud:
    """Answers what it was told to, 404 to all else, and keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._answers: dict[tuple[str, str], Answer] = {}
        self._arrived = asyncio.Condition()

    def answer(self, method: str, path: str, body: object = None, status: int = 200) -> None:
        """From now on, this is the answer; bytes and text are sent as they are."""

        async def canned(_request: web.Request) -> web.Response:
            if isinstance(body, bytes):
                return web.Response(status=status, body=body)
            return web.json_response(body, status=status)

        self.answer_by(method, path, canned)

    def answer_by(self, method: str, path: str, answer: Answer) -> None:
        self._answers[method, path] = answer

    def answer_pages(self, path: str, pages: list[dict[str, Any]]) -> None:
        """Give the pages in order, each for the token that the one before has named."""

        async def page(request: web.Request) -> web.Response:
            token = request.query.get("pageNextToken")
            for before, body in zip([None, *pages], pages, strict=False):
                if (before and before.get("pageNextToken")) == token:
                    fields = {name: value for name, value in body.items() if value is not None}
                    return web.json_response(fields)
            return web.json_response({"code": 40000}, status=400)

        self.answer_by("GET", path, page)

    def has_shadow(self, state: dict[str, Any], device: str = DEVICE) -> None:
        self.answer("GET", SHADOWS, {"items": [{"id": device, "state": state}], "total": 1})

    def seen(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if (call.method, call.path) == (method, path)]

    async def called(self, method: str, path: str, times: int = 1) -> Call:
        """Wait until this has been asked so often; the last of these calls."""
        async with asyncio.timeout(PATIENCE), self._arrived:
            await self._arrived.wait_for(lambda: len(self.seen(method, path)) >= times)
        return self.seen(method, path)[times - 1]

    async def again(self, method: str, path: str, times: int = 1) -> None:
        """Wait until this has been asked so often from now on."""
        await self.called(method, path, len(self.seen(method, path)) + times)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        call = Call(
            request.method,
            request.path,
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            json.loads(text) if text else None,
        )
        async with self._arrived:
            self.calls.append(call)
            self._arrived.notify_all()
        answer = self._answers.get((request.method, request.path))
        return await answer(request) if answer else web.json_response({"code": 40410}, status=404)


class Socket:
    """A websocket client."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def message(self) -> dict[str, Any]:
        message: dict[str, Any] = await self.socket.receive_json(timeout=PATIENCE)
        return message

    async def until(self, **expected: object) -> dict[str, Any]:
        """The next message with these fields; those before it are dropped."""
        while True:
            message = await self.message()
            if expected.items() <= message.items():
                return message


@dataclass
class World:
    """The service at `url`, its nRF Cloud, its memory, and a client."""

    cloud: FakeNrfCloud
    store: Store
    http: aiohttp.ClientSession
    url: str

    async def ask(
        self, method: str, path: str, body: object = None, **options: Any
    ) -> tuple[int, Any]:
        """Status and JSON value of the answer; None if it is empty."""
        if body is not None:
            options["json"] = body
        async with self.http.request(method, self.url + path, **options) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    async def device(
        self,
        device: str = DEVICE,
        fingerprint: str = FINGERPRINT,
        model: str = "PCA20065",
        account: str = "default",
    ) -> None:
        body = {"fingerprint": fingerprint, "model": model, "account": account}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        status, answer = await self.ask("PUT", f"/admin/devices/{device}", body, headers=headers)
        assert (status, answer) == (201, None)

    async def of_device(
        self, method: str, path: str, body: object = None, fingerprint: str = FINGERPRINT
    ) -> tuple[int, Any]:
        """Ask for something under /device/{id}."""
        return await self.ask(method, f"/device/{DEVICE}{path}?fingerprint={fingerprint}", body)

    @asynccontextmanager
    async def socket(self, fingerprint: str = FINGERPRINT) -> AsyncIterator[Socket]:
        url = f"{self.url}/?fingerprint={fingerprint}"
        async with self.http.ws_connect(url) as socket:
            yield Socket(socket)


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """The URL of the application, on a free port."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield "http://{}:{}".format(*runner.addresses[0])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def fake_nrfcloud() -> AsyncIterator[tuple[FakeNrfCloud, str]]:
    cloud = FakeNrfCloud()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", cloud.handle)
    async with serving(app) as url:
        yield cloud, url


@asynccontextmanager
async def world(
    state: Path | str = ":memory:", webhook: str | None = None, token: str | None = TOKEN
) -> AsyncIterator[World]:
    """A service that polls every 10 ms; `{cloud}` in the webhook is the fake's URL."""
    async with fake_nrfcloud() as (cloud, cloud_url), aiohttp.ClientSession() as http:
        settings = Settings(
            nrfcloud_url=cloud_url,
            keys={"default": KEY, "other": OTHER_KEY},
            admin_token=token,
            webhook=webhook and webhook.format(cloud=cloud_url),
            poll_interval=0.01,
            version="1.2.3",
        )
        store = Store(str(state))
        try:
            async with serving(await create_app(settings, store)) as url:
                yield World(cloud, store, http, url)
        finally:
            store.close()


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run the test, and see that it leaves no task behind."""

    async def watched() -> None:
        await test()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:  # the fake's own handlers may be just about to end
            _, left = await asyncio.wait(left, timeout=1)
        assert not left, left

    asyncio.run(watched())


def shadow(
    version: int = 1, app: str | None = "2.0.0", modem: str | None = None, **reported: Any
) -> dict[str, Any]:
    """The state of a device that reports these firmware versions and supports all types."""
    info = {"appVersion": app, "modemFirmware": modem}
    return {
        "reported": {
            "device": {
                "deviceInfo": {name: value for name, value in info.items() if value is not None},
                "serviceInfo": {"fota_v2": ["BOOT", "MODEM", "APP"]},
            },
            **reported,
        },
        "version": version,
    }
