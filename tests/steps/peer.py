"""A service under test that does what a test asks of it: answers, echoes, counts, talks.

PUT  /admin/devices/{id}         registers a device; refuses the model `REFUSED` with 409
ANY  /echo/…                     answers with what was sent, as JSON
ANY  /answer?status=&type=&body= answers just that; other parameters become headers
ANY  /count/{name}?ready=N       answers {"n": how often it was asked}, with 503 before the Nth
POST /later                      sends the request {"method", "url", "body"} itself, after
                                 `milliseconds`; the answer does not wait for it
WS   /device, /echo              greets with {"hello": N} (the Nth connection), then echoes;
                                 an object with `after` is echoed so many milliseconds later
WS   /flood?n=N                  sends {"n": 1} … {"n": N}
WS   /closing?code=&reason=      closes at once
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Coroutine
from types import TracebackType

from aiohttp import ClientSession, WSMsgType, web

from harness.drivers.loop import LoopThread


class Peer:
    """The peer. A context manager; it runs on a loop of its own."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.url = ""
        self._loop = LoopThread()
        self._connections = 0
        self._registered: list[dict[str, str]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        app = web.Application()
        app.router.add_get("/health", self._health)
        app.router.add_put("/admin/devices/{id}", self._register)
        app.router.add_get("/devices", self._devices)
        app.router.add_route("*", "/echo/{rest:.*}", self._echo)
        app.router.add_route("*", "/answer", self._answer)
        app.router.add_route("*", "/count/{name}", self._count)
        app.router.add_post("/later", self._later)
        app.router.add_get("/device", self._talk)
        app.router.add_get("/echo", self._talk)
        app.router.add_get("/flood", self._flood)
        app.router.add_get("/closing", self._closing)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)

    def __enter__(self) -> Peer:
        self._loop.start()
        self._loop.call(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call(self._runner.cleanup())
        self._loop.close()

    async def _start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"version": "1.2.3"})

    async def _register(self, request: web.Request) -> web.Response:
        device = await request.json()
        if device["model"] == "REFUSED":
            problem = {"title": "Such devices are not taken."}
            return web.json_response(problem, status=409)
        device["id"] = request.match_info["id"]
        self._registered.append(device)
        return web.json_response(device)

    async def _devices(self, _: web.Request) -> web.Response:
        return web.json_response(self._registered)

    async def _echo(self, request: web.Request) -> web.Response:
        self.asked[request.path] += 1
        said = {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": await request.text(),
        }
        return web.json_response(said, headers={"X-Echo": "Hello, World"})

    async def _answer(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        status, kind = int(query.pop("status", "200")), query.pop("type", "application/json")
        body = query.pop("body", "")
        return web.Response(
            status=status, body=body.encode(), headers={"Content-Type": kind, **query}
        )

    async def _count(self, request: web.Request) -> web.Response:
        self.asked[request.match_info["name"]] += 1
        count = self.asked[request.match_info["name"]]
        ready = count >= int(request.query.get("ready", "1"))
        answer = {"@context": "https://example.com/count", "n": count, "items": [1, 2][:count]}
        return web.json_response(answer, status=200 if ready else 503)

    async def _later(self, request: web.Request) -> web.Response:
        self._spawn(self._send(await request.json()))
        return web.json_response({}, status=202)

    async def _send(self, what: dict[str, object]) -> None:
        await asyncio.sleep(float(str(what.get("milliseconds", 0))) / 1000)
        async with ClientSession() as client:
            await client.request(str(what["method"]), str(what["url"]), json=what.get("body"))

    async def _talk(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._connections += 1
        self.asked[request.path_qs] += 1
        await socket.send_json({"hello": self._connections, "query": dict(request.query)})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                data = json.loads(message.data)
                pause = data.get("after", 0) / 1000 if isinstance(data, dict) else 0
                self._spawn(self._say(socket, message.data, pause))
        return socket

    async def _say(self, socket: web.WebSocketResponse, text: str, pause: float) -> None:
        if pause:
            await asyncio.sleep(pause)
        if not socket.closed:
            await socket.send_str(text)

    async def _flood(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for number in range(1, int(request.query["n"]) + 1):
            await socket.send_json({"n": number})
        await socket.receive()
        return socket

    async def _closing(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close(
            code=int(request.query["code"]), message=request.query["reason"].encode()
        )
        return socket

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
