"""Requests against real servers on loopback: what goes over the wire, and every way to fail."""

from __future__ import annotations

import asyncio
import gc
import json
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.drivers.network import ConnectionRefused
from harness.drivers.rest import RestClient
from harness.errors import StepFailure

T = TypeVar("T")
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
RawServer = Callable[..., AbstractAsyncContextManager[str]]  # the fixture of conftest.py


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Like asyncio.run; what is left behind warns, and a warning is an error."""
    result = asyncio.run(coroutine)
    gc.collect()
    return result


@asynccontextmanager
async def http_server(handler: Callable[[web.BaseRequest], Any]) -> AsyncIterator[str]:
    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def client(**options: Any) -> AsyncIterator[RestClient]:
    rest = RestClient(**options)
    try:
        yield rest
    finally:
        await rest.close()


def answering(raw: bytes) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()

    return handler


async def echo(request: web.BaseRequest) -> web.Response:
    seen = {
        "line": f"{request.method} {request.raw_path}",
        "headers": [[name.decode(), value.decode()] for name, value in request.raw_headers],
        "body": (await request.read()).decode(),
    }
    return web.Response(status=207, reason="Echoed", text=json.dumps(seen), headers={"X-A": "1"})


def test_what_goes_over_the_wire_is_what_was_said() -> None:
    async def main() -> None:
        async with http_server(echo) as url, client() as rest:
            answer = await rest.request(
                "PATCH", f"{url}/a%2Fb?x=a+b&y=*", [("X-One", "1"), ("X-One", "2: 3")], b"hello"
            )
            assert (answer.status, answer.reason, answer.header("x-a")) == (207, "Echoed", "1")
            seen = answer.json()
            assert isinstance(seen, dict)
            assert seen["line"] == "PATCH /a%2Fb?x=a+b&y=*"
            assert seen["body"] == "hello"
            assert seen["headers"] == [
                ["Host", url.removeprefix("http://")],
                ["X-One", "1"],
                ["X-One", "2: 3"],
                ["User-Agent", "nrfcloud-bdd"],
                ["Accept-Encoding", "identity"],
                ["Content-Length", "5"],
            ]

    run(main())


def test_own_headers_win_over_the_clients() -> None:
    async def main() -> None:
        async with http_server(echo) as url, client() as rest:
            answer = await rest.request("GET", url, [("user-agent", "mine")])
            seen = answer.json()
            assert isinstance(seen, dict)
            agents = [value for name, value in seen["headers"] if name.lower() == "user-agent"]
            assert agents == ["mine"]
            assert seen["line"] == "GET /"

    run(main())


def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    cookies: list[str | None] = []

    async def redirect(request: web.BaseRequest) -> web.Response:
        cookies.append(request.headers.get("Cookie"))
        headers = {"Location": "/elsewhere", "Set-Cookie": "a=b"}
        return web.Response(status=302, headers=headers)

    async def main() -> None:
        async with http_server(redirect) as url, client() as rest:
            for _ in range(2):
                answer = await rest.request("GET", url)
                assert (answer.status, answer.header("Location")) == (302, "/elsewhere")

    run(main())
    assert cookies == [None, None]


def test_a_head_request_has_headers_and_no_body() -> None:
    async def main() -> None:
        async with http_server(echo) as url, client() as rest:
            answer = await rest.request("HEAD", url)
            assert answer.body == b""
            assert int(answer.header("Content-Length") or 0) > 0

    run(main())


def test_a_refused_connection_can_be_told_from_other_failures(raw_server: RawServer) -> None:
    async def main() -> None:
        async with raw_server(answering(b"")) as host:
            pass
        async with client() as rest:
            with pytest.raises(ConnectionRefused, match="is the service running") as caught:
                await rest.request("GET", f"http://{host}/device?fingerprint=92b.y7i24q&x=1")
            assert str(caught.value) == (
                f"GET http://{host}/device?fingerprint=[redacted]&x=1: {host} refused the"
                " connection: is the service running?"
            )
            with pytest.raises(ConnectionRefused):  # on both of its addresses
                await rest.request("GET", f"http://{host}".replace("127.0.0.1", "localhost"))

    run(main())


def test_a_host_without_an_address() -> None:
    async def main() -> None:
        async with client() as rest:
            with pytest.raises(StepFailure, match=r"the host no\.such\.invalid has no address"):
                await rest.request("GET", "http://no.such.invalid/")

    run(main())


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the connection was closed before an answer came"),
        (b"HTTP/1.1 20", "the connection was closed before an answer came"),
        (b"garbage\r\n\r\n", "the answer is not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "the answer is not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", "not proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "broke off in the middle"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
            "broke off in the middle of its body",
        ),
    ],
)
def test_a_broken_answer(raw_server: RawServer, raw: bytes, message: str) -> None:
    async def main() -> None:
        async with raw_server(answering(raw)) as host, client() as rest:
            with pytest.raises(StepFailure, match=message) as caught:
                await rest.request("POST", f"http://{host}")
            assert str(caught.value).startswith(f"POST http://{host}: ")
            assert len(str(caught.value)) < 500

    run(main())


heads = [b"HTTP/1.1 200 OK", b"HTTP/1.1 204 No", b"HTTP/9.9 99999 x", b"HTTP/1.1 101 Up", b"\xff"]
lines = [
    b"Content-Length: 3",
    b"Content-Length: -1",
    b"Transfer-Encoding: chunked",
    b": x",
    b"Content-Encoding: gzip",
    b"Set-Cookie: ;;=",
    b"Connection: upgrade",
    b"\x00: \x00",
]
bodies = [b"abc", b"3\r\nabc\r\n0\r\n\r\n", b"zz\r\n", b"3\r\nabcdef", b"", b"f" * 70_000]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(heads), st.lists(st.sampled_from(lines), max_size=3), st.sampled_from(bodies)
)
def test_no_answer_is_too_odd(
    raw_server: RawServer, head: bytes, headers: list[bytes], body: bytes
) -> None:
    raw = b"\r\n".join([head, *headers, b"", body])

    async def main() -> None:
        async with raw_server(answering(raw)) as host, client(request_timeout=5) as rest:
            with suppress(StepFailure):
                await rest.request("GET", f"http://{host}")

    asyncio.run(main())


def test_a_connection_that_is_reset(raw_server: RawServer) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        await writer.drain()
        writer.transport.abort()

    async def main() -> None:
        async with raw_server(reset) as host, client() as rest:
            with pytest.raises(StepFailure, match=r"broke off|failed"):
                await rest.request("GET", f"http://{host}")

    run(main())


def test_no_answer_in_time(raw_server: RawServer) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.write(b"too late")

    async def main() -> None:
        async with raw_server(silent) as host, client(request_timeout=30) as rest:
            with pytest.raises(StepFailure, match=r"no complete answer within 0\.05 s"):
                await rest.request("GET", f"http://{host}", timeout=0.05)

    run(main())


def test_an_answer_that_drips_is_not_waited_for_either(raw_server: RawServer) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while True:
            writer.write(b"x")
            await asyncio.sleep(0.005)

    async def main() -> None:
        async with raw_server(drip) as host, client(request_timeout=0.1) as rest:
            with pytest.raises(StepFailure, match=r"no complete answer within 0\.1 s"):
                await rest.request("GET", f"http://{host}")

    run(main())


@pytest.mark.parametrize("length", [b"Content-Length: 100000000\r\n", b""])
def test_a_huge_answer_is_not_read_to_its_end(raw_server: RawServer, length: bytes) -> None:
    sent = 0

    async def huge(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n")
        while sent < 100_000_000:
            writer.write(b"x" * 100_000)
            await writer.drain()
            sent += 100_000

    async def main() -> None:
        async with raw_server(huge) as host, client(max_body=1_000_000) as rest:
            with pytest.raises(
                StepFailure, match="the answer is larger than 1,000,000 b"
            ) as caught:
                await rest.request("GET", f"http://{host}")
            assert caught.value.final

    run(main())
    assert sent < 50_000_000  # what the kernel's buffers hold


def test_an_answer_as_large_as_the_limit_is_read(raw_server: RawServer) -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000

    async def main() -> None:
        async with raw_server(answering(raw)) as host, client(max_body=1000) as rest:
            assert len((await rest.request("GET", f"http://{host}")).body) == 1000

    run(main())


def test_a_compressed_answer_comes_as_it_was_sent(raw_server: RawServer) -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00"

    async def main() -> None:
        async with raw_server(answering(raw)) as host, client() as rest:
            assert (await rest.request("GET", f"http://{host}")).body == b"\x1f\x8b\x08\x00"

    run(main())


def test_headers_that_are_not_utf8_do_no_harm(raw_server: RawServer) -> None:
    raw = b"HTTP/1.1 200 \xff\r\nX-A: \xe6\r\nContent-Length: 0\r\n\r\n"

    async def main() -> None:
        async with raw_server(answering(raw)) as host, client() as rest:
            answer = await rest.request("GET", f"http://{host}")
            assert answer.header("X-A") == "\ufffd"
            (answer.reason + str(answer.headers)).encode()

    run(main())


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", [("X-A", "one\r\nX-B: two")]),
        ("GET", [("X A", "one")]),
        ("GET /x HTTP/1.1\r\nX: y", []),
    ],
)
def test_what_cannot_be_sent_fails_for_good(method: str, headers: list[tuple[str, str]]) -> None:
    async def main() -> None:
        async with http_server(echo) as url, client() as rest:
            with pytest.raises(StepFailure, match="it cannot be sent") as caught:
                await rest.request(method, url, headers)
            assert caught.value.final
            assert (await rest.request("GET", url)).status == 207

    run(main())


def test_connections_are_used_again() -> None:
    peers = set()

    async def note(request: web.BaseRequest) -> web.Response:
        assert request.transport
        peers.add(request.transport.get_extra_info("peername"))
        return web.Response()

    async def main() -> None:
        async with http_server(note) as url, client() as rest:
            for _ in range(5):
                await rest.request("GET", url)

    run(main())
    assert len(peers) == 1


def test_a_closed_client_can_be_used_again() -> None:
    async def main() -> None:
        async with http_server(echo) as url, client() as rest:
            await rest.request("GET", url)
            await rest.close()
            await rest.close()
            assert (await rest.request("GET", url)).status == 207

    run(main())


def certificate(folder: Path) -> ssl.SSLContext:
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1"
        f" -subj /CN=localhost -keyout {folder}/key.pem -out {folder}/cert.pem"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_that_is_not_trusted(raw_server: RawServer, tmp_path: Path) -> None:
    async def main() -> None:
        context = certificate(tmp_path)
        async with raw_server(answering(b""), ssl=context) as host, client() as rest:
            with pytest.raises(StepFailure, match=r"the certificate of .* is not trusted: self"):
                await rest.request("GET", f"https://{host}")

    run(main())


def test_tls_where_there_is_none(raw_server: RawServer) -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async def main() -> None:
        async with raw_server(garbage) as host, client() as rest:
            with pytest.raises(StepFailure, match="does not speak TLS as expected"):
                await rest.request("GET", f"https://{host}")

    run(main())
