"""A service under test that misbehaves on demand: by its path, or by how it is started.

Copied into a project and run there as `python service.py PORT [BEHAVIOUR]`; imports nothing of the
project. It tells the test where it has got by datagrams to the port in NEWS.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys

from aiohttp import WSCloseCode, web

FLOOD = 100_000


def tell(news: str) -> None:
    """Tell the test."""
    if "NEWS" in os.environ:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(news.encode(), ("127.0.0.1", int(os.environ["NEWS"])))


async def health(_: web.Request) -> web.Response:
    return web.json_response({"version": "1.2.3"})


async def text(_: web.Request) -> web.Response:
    print("there is only HTML", flush=True)
    return web.Response(text="<h1>It works!</h1>", content_type="text/html")


async def dies(_: web.Request) -> web.Response:
    print("the disk is full", file=sys.stderr, flush=True)
    os._exit(7)


async def again(_: web.Request) -> web.Response:
    tell("asked")
    return web.json_response({"status": "pending"})


async def slow(_: web.Request) -> web.Response:
    tell("asked")
    await asyncio.sleep(3600)
    return web.Response()


async def huge(request: web.Request) -> web.StreamResponse:
    """100 MB with a length."""
    return await _stream(request, 100)


async def endless(request: web.Request) -> web.StreamResponse:
    """Never ends, and does not say how long it is."""
    return await _stream(request, None)


async def _stream(request: web.Request, megabytes: int | None) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    if megabytes is not None:
        response.content_length = megabytes * 1_000_000
    await response.prepare(request)
    sent = 0
    while megabytes is None or sent < megabytes:
        await response.write(b"7" * 1_000_000)
        sent += 1
    return response


async def garbage(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.write(b"\x00\xff\x15\x03 nothing of HTTP\r\n\r\n")
    request.transport.close()
    return web.Response()


async def echo(request: web.Request) -> web.Response:
    """Says what it was sent, credentials included, in its log and in its answer."""
    sent = {**request.headers}
    print("got", sent, dict(request.query), file=sys.stderr, flush=True)
    return web.json_response({"headers": sent, "query": dict(request.query)})


async def keep_device(request: web.Request) -> web.Response:
    device = await request.json()
    with open("fingerprints.txt", "a") as file:  # noqa: ASYNC230 - it is quick
        file.write(device["fingerprint"] + "\n")
    print("new device", device, {**request.headers}, file=sys.stderr, flush=True)
    return web.Response(status=204)


async def refused(_: web.Request) -> web.Response:
    return web.json_response({"title": "Forbidden", "detail": "no such device"}, status=403)


async def dropped(request: web.Request) -> web.WebSocketResponse:
    """Breaks off without a close frame, after the first message."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_json({"n": 1})
    assert request.transport is not None
    request.transport.close()
    return socket


async def closed(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"too busy")
    return socket


async def quiet(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    tell("opened")
    await socket.receive()
    return socket


async def flood(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    filling = "x" * 1000
    for number in range(FLOOD):
        await socket.send_json({"n": number, "filling": filling})
    await socket.send_json({"last": True})
    await socket.receive()
    return socket


async def main(port: int, behaviour: str) -> None:
    if behaviour == "exits":
        print("the settings are wrong:", *(f"line {n}" for n in range(1, 31)), sep="\n")
        sys.exit(3)
    if behaviour == "never-listens":
        tell("started")
        await asyncio.sleep(3600)
    if behaviour == "never-ready":
        tell("started")
    if behaviour == "shows-secrets":
        print("my environment is", {**os.environ}, file=sys.stderr, flush=True)
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, lambda *_: tell("told to stop"))
    application = web.Application()
    handlers = [text, dies, again, slow, huge, endless, garbage, echo]
    handlers += [refused, dropped, closed, quiet, flood]
    for handler in handlers:
        application.router.add_route("*", f"/{handler.__name__}", handler)
    application.router.add_put("/admin/devices/{id}", keep_device)
    if behaviour != "never-ready":
        application.router.add_get("/health", health)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
