"""What the proxy answers itself, what it refuses, and who may have what."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode

import aiohttp
import pytest
from aiohttp import web

from harness.errors import UsageError
from mock_nrfcloud.proxy import gate
from mock_nrfcloud.proxy.authority import Authority
from mock_nrfcloud.proxy.gate import Proxy
from mock_nrfcloud.spaces import HEADER
from tests.mock_nrfcloud.proxy.bench import Bench, origin, play, proxying


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["api.nrfcloud.com", "hooks.example.com", "192.0.2.7", "[::2]"])
def test_it_answers_as_the_host_that_is_asked_for(scheme: str, host: str) -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("/v1/a b", b"hello", host=host)
        url = f"{scheme}://{host}/v1/a%20b?token=1&x=%2B"
        assert await bench.ask(url, data=b"sent", method="GET") == (200, b"hello")
        (call,) = await bench.calls()
        assert (call.host, call.request.path, call.request.body) == (host, "/v1/a b", b"sent")
        assert call.request.query == (("token", "[redacted]"), ("x", "+"))

    play(scenario)


def test_a_connection_is_kept_for_many_requests() -> None:
    async def scenario(bench: Bench) -> None:
        large = b"x" * 1_000_000
        bench.answer("/large", large)
        bench.answer("/large", method="HEAD")
        bench.answer("/large", method="POST")
        connector = aiohttp.TCPConnector(limit=1, ssl=bench.trust)
        async with aiohttp.ClientSession("https://api.nrfcloud.com", connector=connector) as http:
            for _ in range(3):
                async with http.get("/large", proxy=bench.server.url) as response:
                    assert await response.read() == large
                async with http.head("/large", proxy=bench.server.url) as response:
                    assert response.status == 200
                async with http.post("/large", proxy=bench.server.url, data=large) as response:
                    assert response.status == 200
            assert len(connector._conns) == 1
        assert bench.spaces.root.journal.next == 10

    play(scenario)


def test_the_host_with_its_port_comes_first() -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("/x", b"with", host="a.example:8443")
        bench.answer("/x", b"without", host="a.example")
        assert await bench.ask("https://a.example:8443/x") == (200, b"with")
        assert await bench.ask("https://a.example:8444/x") == (200, b"without")

    play(scenario)


def test_paths_of_the_mock_are_those_of_the_host_in_the_proxy() -> None:
    async def scenario(bench: Bench) -> None:
        for scheme in ("http", "https"):
            status, body = await bench.ask(f"{scheme}://api.nrfcloud.com/__admin/health")
            assert (status, json.loads(body)["title"]) == (404, "No stub answers this request")

    play(scenario)


def test_the_mock_itself_is_asked_as_ever() -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("/x", b"direct")
        async with aiohttp.ClientSession(bench.server.url) as http:
            async with http.get("/x") as response:
                assert await response.read() == b"direct"
            async with http.get("/__admin/health") as response:
                assert response.status == 200

    play(scenario)


def test_other_hosts_are_refused_and_it_is_told_how_to_get_there() -> None:
    async def scenario(bench: Bench) -> None:
        bench.spaces.root.store.configure_hosts(["hooks.example.com"])
        for first in ("CONNECT hook.example.com:443", "GET http://hook.example.com/?token=abcd"):
            status, problem = await bench.refused(f"{first} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert status == 403
            assert problem["title"] == (
                'The proxy does not answer for hook.example.com: did you mean "hooks.example.com"?'
            )
            assert "--forward HOST" in problem["detail"]
            assert problem["hosts"] == ["api.nrfcloud.com", "hooks.example.com"]
        tunnel, request = await bench.calls()
        assert (tunnel.request.method, tunnel.host, tunnel.request.path) == (
            "CONNECT",
            "hook.example.com",
            ":443",
        )
        assert (request.host, request.response.status) == ("hook.example.com", 403)

    play(scenario)


@pytest.mark.parametrize(
    ("sent", "status", "title"),
    [
        ("GET ftp://a.example/ HTTP/1.1\r\nHost: x", 400, "it is no URL of http or https"),
        ("CONNECT a.example HTTP/1.1\r\nHost: x", 400, "it has no port"),
        ("CONNECT my_host:443 HTTP/1.1\r\nHost: x", 502, "no certificate can be made"),
        (
            "CONNECT api.nrfcloud.com:443 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Digest a",
            400,
            "not of the scheme Basic",
        ),
        (
            f"GET http://api.nrfcloud.com/x HTTP/1.1\r\nHost: x\r\n{HEADER}: nobody",
            404,
            "there is no namespace 'nobody'",
        ),
    ],
)
def test_what_it_cannot_do_is_told(sent: str, status: int, title: str) -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("/", host="my_host")
        found, problem = await bench.refused(f"{sent}\r\n\r\n".encode())
        assert found == status
        assert title in problem["title"]
        (call,) = await bench.calls()
        assert call.response.status == status

    play(scenario)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_namespace_is_the_user_of_the_proxy_or_a_header(scheme: str) -> None:
    async def scenario(bench: Bench) -> None:
        one, two = bench.spaces.make("one"), bench.spaces.make("two")
        bench.answer("/x", b"root", host="a.example")
        url = f"{scheme}://a.example/x"
        assert await bench.ask(url) == (200, b"root")
        assert await bench.ask(url, user="-") == (200, b"root")
        # This namespace does not know the host, but may be asked for it within a tunnel.
        headers = {HEADER: "one"}
        status, _ = await bench.ask(url, headers=headers)
        assert status == (403 if scheme == "http" else 404)
        api = f"{scheme}://api.nrfcloud.com/y"
        assert (await bench.ask(api, user="one"))[0] == 404
        assert (await bench.ask(api, user="one", headers={HEADER: "two"}))[0] == 404
        assert len(await bench.calls()) == 2
        assert len(await bench.calls(one)) == 2
        (call,) = await bench.calls(two)
        assert "Proxy-Authorization" not in dict(call.request.headers)

    play(scenario)


def test_a_namespace_that_is_gone_is_told_within_its_tunnel() -> None:
    async def scenario(bench: Bench) -> None:
        status, body = await bench.ask("https://api.nrfcloud.com/", headers={HEADER: "gone"})
        assert (status, json.loads(body)["title"][:30]) == (404, "there is no namespace 'gone': ")

    play(scenario)


async def hello(request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(text=f"hello {request.method} {request.raw_path}")


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("forward", ["*", "LOCALHOST"])
def test_it_forwards_what_it_is_told_to(scheme: str, forward: str) -> None:
    async def scenario(bench: Bench) -> None:
        async with origin(hello, tls=scheme == "https") as port:
            url = f"{scheme}://localhost:{port}/x?y"
            assert await bench.ask(url) == (200, b"hello GET /x?y")
        assert await bench.calls() == []

    play(scenario, forward=[forward])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_with_a_token_only_who_has_it_is_forwarded(scheme: str) -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("/x", b"stub")
        assert await bench.ask(f"{scheme}://api.nrfcloud.com/x") == (200, b"stub")
        async with origin(hello, tls=scheme == "https") as port:
            url = f"{scheme}://127.0.0.1:{port}/"
            assert await bench.ask(url, user="", password="t0ken") == (200, b"hello GET /")
            if scheme == "http":
                assert (await bench.ask(url))[0] == 407
                assert (await bench.ask(url, user="t0ken", password="x"))[0] == 404
        line = f"CONNECT localhost:1 HTTP/1.1\r\nHost: {'x'}\r\n"
        wrong = b64encode(b"-:wrong").decode()
        for header in ("", f"Proxy-Authorization: Basic {wrong}\r\n"):
            status, problem = await bench.refused(f"{line}{header}\r\n".encode())
            assert (status, "admin token" in problem["title"]) == (407, True)

    play(scenario, forward=["*"], token="t0ken")


def test_a_host_that_does_not_answer() -> None:
    async def scenario(bench: Bench) -> None:
        async with origin(hello) as port:
            pass
        for first in (f"CONNECT 127.0.0.1:{port}", f"GET http://127.0.0.1:{port}/"):
            status, problem = await bench.refused(f"{first} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert status == 502
            assert problem["title"].startswith(f"127.0.0.1:{port} cannot be reached: ")

    play(scenario, forward=["*"])


def test_it_does_not_forward_to_itself() -> None:
    async def scenario(bench: Bench) -> None:
        for first in (f"CONNECT localhost:{bench.port}", f"GET http://localhost:{bench.port}/"):
            status, problem = await bench.refused(f"{first} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert (status, "itself" in problem["title"]) == (508, True)

    play(scenario, forward=["*"])


def test_there_are_only_so_many_tunnels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MAX_TUNNELS", 1)

    async def scenario(bench: Bench) -> None:
        connect = b"CONNECT api.nrfcloud.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
        writer.write(connect)
        assert b" 200 " in await reader.readline()
        assert (await bench.refused(connect))[0] == 503
        writer.close()
        await writer.wait_closed()

    play(scenario)


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01", b"GET / HTTP/1.1\r\n"])
def test_the_end_of_the_mock_is_that_of_its_tunnels(sent: bytes) -> None:
    async def scenario() -> None:
        async with proxying() as bench:
            reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
            writer.write(b"CONNECT api.nrfcloud.com:443 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            writer.write(sent)
            await bench.ask("http://api.nrfcloud.com/")  # what was sent has arrived by then
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(scenario())


def test_the_hosts_own_name_is_not_forwarded() -> None:
    async def scenario(bench: Bench) -> None:
        with pytest.raises(UsageError, match="the mock answers for it"):
            Proxy(bench.spaces, Authority(), forward=["api.nRFCloud.com"])

    play(scenario)
