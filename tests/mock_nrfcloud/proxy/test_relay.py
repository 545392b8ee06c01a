"""Requests that are sent on: nothing is lost, added or kept back on the way."""

from __future__ import annotations

import asyncio
import gzip
import io

import aiohttp
import pytest
from aiohttp import web

from mock_nrfcloud.proxy import relay
from mock_nrfcloud.spaces import HEADER
from tests.mock_nrfcloud.proxy.bench import Bench, origin, play


def test_headers_and_body_are_those_that_were_sent() -> None:
    async def scenario(bench: Bench) -> None:
        seen: list[tuple[object, bytes]] = []

        async def host(request: web.BaseRequest) -> web.StreamResponse:
            seen.append((request.headers, await request.read()))
            headers = {
                "Connection": "close, X-Hop",
                "X-Hop": "1",
                "X-End": "2",
                "Location": "/else",
            }
            return web.Response(status=302, reason="Over There", body=b"moved", headers=headers)

        bench.spaces.make("one")
        async with origin(host) as port:
            sent = (
                f"POST http://localhost:{port}/a%2Fb?x=%20 HTTP/1.1\r\nHost: other\r\nX-Mine: 1\r\n"
                f"Connection: close, X-Hop\r\nX-Hop: 1\r\n{HEADER}: one\r\nContent-Length: 4\r\n"
                "Proxy-Authorization: Basic LTp4\r\n\r\nbody"
            )
            reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
            writer.write(sent.encode())
            answer = (await reader.read()).decode()
            writer.close()
            await writer.wait_closed()
        ((headers, body),) = seen
        assert body == b"body"
        assert isinstance(headers, aiohttp.typedefs.CIMultiDictProxy)
        assert sorted(headers) == ["Content-Length", "Host", "Via", "X-Mine"]
        assert headers["Host"] == f"localhost:{port}"
        assert answer.startswith("HTTP/1.1 302 Over There\r\n")
        assert answer.endswith("\r\n\r\nmoved")
        assert "Location: /else\r\nX-End: 2" in answer or "X-End: 2\r\nLocation: /else" in answer
        assert "X-Hop" not in answer
        assert "Via: 1.1 mock-" in answer

    play(scenario, forward=["*"])


@pytest.mark.parametrize("packed", [False, True])
def test_large_bodies_go_through(packed: bool) -> None:
    large = b"x" * 20_000_000

    async def echo(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        async for chunk in request.content.iter_any():
            await response.write(chunk)
        return response

    async def scenario(bench: Bench) -> None:
        body = gzip.compress(large) if packed else large
        headers = {"Content-Encoding": "gzip"} if packed else {}
        async with origin(echo) as port:
            url = f"http://localhost:{port}/"
            assert await bench.ask(url, "POST", data=io.BytesIO(body), headers=headers) == (
                200,
                large,
            )

    play(scenario, forward=["*"])


def test_a_packed_answer_stays_packed() -> None:
    async def host(request: web.BaseRequest) -> web.StreamResponse:
        body = b"" if request.method == "HEAD" else gzip.compress(b"x" * 1000)
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async def scenario(bench: Bench) -> None:
        async with origin(host) as port:
            url = f"http://localhost:{port}/"
            assert await bench.ask(url) == (200, b"x" * 1000)
            assert await bench.ask(url, "HEAD") == (200, b"")

    play(scenario, forward=["*"])


def test_an_answer_that_breaks_off_breaks_off() -> None:
    async def host(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "10"})
        await response.prepare(request)
        await response.write(b"half")
        request.protocol.force_close()
        return response

    async def scenario(bench: Bench) -> None:
        async with origin(host) as port:
            with pytest.raises(aiohttp.ClientPayloadError):
                await bench.ask(f"http://localhost:{port}/")

    play(scenario, forward=["*"])


def test_a_client_that_vanishes_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(bench: Bench) -> None:
        came = asyncio.Event()

        async def host(_: web.BaseRequest) -> web.StreamResponse:
            came.set()
            await asyncio.sleep(0)
            return web.Response(body=b"x" * 1_000_000)

        async with origin(host) as port:
            asking = asyncio.ensure_future(bench.ask(f"http://localhost:{port}/"))
            await came.wait()
            asking.cancel()
            await asyncio.wait([asking])

    play(scenario, forward=["*"])
    assert "Traceback" not in caplog.text


def test_a_host_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "SILENT_SECONDS", 0.05)

    async def scenario(bench: Bench) -> None:
        done = asyncio.Event()

        async def host(_: web.BaseRequest) -> web.StreamResponse:
            await done.wait()
            return web.Response()

        async with origin(host) as port:
            status, body = await bench.ask(f"http://localhost:{port}/")
            done.set()
        assert status == 504
        assert b"does not answer" in body

    play(scenario, forward=["*"])
