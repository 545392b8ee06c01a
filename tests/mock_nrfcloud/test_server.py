"""The server, asked by a real client over a real socket."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from harness.core.http_text import HttpResponse, Pairs, parse_response
from harness.core.redaction import Redactor
from mock_nrfcloud.journal import Journal, JournalError
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.stubs import StubStore
from mock_nrfcloud.values import Stub


@dataclass
class Bench:
    store: StubStore
    journal: Journal
    server: MockServer
    http: aiohttp.ClientSession

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    def answer(self, block: str, method: str = "GET", path: str = "/x") -> None:
        self.store.add(Stub(method, path, parse_response(block)))

    async def raw(self, text: str | bytes, *, vanish: bool = False) -> bytes:
        """The first line that answers bytes which no client would send."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(text.encode() if isinstance(text, str) else text)
            await writer.drain()
            return b"" if vanish else await asyncio.wait_for(reader.readline(), 30)
        finally:
            writer.close()
            await writer.wait_closed()


@asynccontextmanager
async def serving(
    *, max_body: int = 1000, body_seconds: float = 30.0, secrets: tuple[str, ...] = ()
) -> AsyncIterator[Bench]:
    space = Space(redactor=Redactor(secrets))
    spaces = Spaces(lambda _: space, time.monotonic)
    server = MockServer(spaces, max_body=max_body, body_seconds=body_seconds)
    await server.start()
    try:
        async with aiohttp.ClientSession(server.url) as http:
            yield Bench(space.store, space.journal, server, http)
    finally:
        await server.stop()


def play(scenario: Callable[[Bench], Awaitable[None]], **options: object) -> None:
    async def run() -> None:
        async with serving(**options) as bench:  # type: ignore[arg-type]  # options of serving
            await scenario(bench)

    asyncio.run(run())


def test_a_response_is_sent_as_it_was_written() -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer(
            "HTTP/1.1 299 Strange But True\nX-A: b:c\nSet-Cookie: a=1\nSet-Cookie: b=2\n"
            "Content-Type: text/plain\nContent-Length: 7\nTransfer-Encoding: chunked\n\ngrüße"
        )
        async with bench.http.get("/x") as response:
            assert (response.status, response.reason) == (299, "Strange But True")
            assert response.headers["X-A"] == "b:c"
            assert response.headers.getall("Set-Cookie") == ["a=1", "b=2"]
            assert response.headers["Content-Length"] == "7"
            assert "Transfer-Encoding" not in response.headers
            assert await response.text() == "grüße"

    play(scenario)


@pytest.mark.parametrize("written", [("Content-Length", "999"), ("transfer-encoding", "chunked")])
def test_the_true_length_replaces_a_written_one(written: tuple[str, str]) -> None:
    async def scenario(bench: Bench) -> None:
        bench.store.add(Stub("GET", "/x", HttpResponse(200, "", (written,), b"four")))
        async with bench.http.get("/x") as response:
            assert response.headers.getall("Content-Length") == ["4"]
            assert await response.read() == b"four"

    play(scenario)


@pytest.mark.parametrize(("status", "length"), [(202, "0"), (404, "0"), (204, None), (304, None)])
def test_an_empty_response_has_the_length_that_its_status_allows(
    status: int, length: str | None
) -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer(f"HTTP/1.1 {status}")
        async with bench.http.get("/x") as response:
            assert (response.status, response.headers.get("Content-Length")) == (status, length)
            assert "Content-Type" not in response.headers
            assert await response.read() == b""

    play(scenario)


def test_head_gets_the_headers_alone() -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("HTTP/1.1 200 OK\nA: b\n\nfour", "HEAD")
        for _ in range(2):  # a body that was sent would break the second answer
            async with bench.http.head("/x") as response:
                assert (response.status, response.headers["A"]) == (200, "b")
                assert response.headers["Content-Length"] == "4"
        async with bench.http.head("/y") as response:
            assert response.status == 404
            assert int(response.headers["Content-Length"]) > 0

    play(scenario)


def test_the_body_of_a_request_is_read_and_kept() -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("HTTP/1.1 200", "POST")
        async with bench.http.post("/x?a=b", data=b"\x00\xff") as response:
            assert response.status == 200
        async with bench.http.post("/x", data=b"y" * 900, expect100=True) as response:
            assert response.status == 200
        calls = list(bench.journal.calls())
        assert [call.request.body for call in calls] == [b"\x00\xff", b"y" * 900]
        assert calls[0].request.query == (("a", "b"),)
        assert calls[0].request.header("content-length") == "2"
        assert calls[0].at > 1e9
        assert 0 < calls[0].took < 60

    play(scenario)


def test_a_body_that_is_too_large_is_refused() -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("HTTP/1.1 200", "POST")
        async with bench.http.post("/x", data=b"x" * 1001) as response:
            assert response.status == 413
            problem = await response.json(content_type="application/problem+json")
            assert problem["title"] == "The body is larger than 1,000 bytes"
        bomb = gzip.compress(b"x" * 1_000_000)[:999]
        headers = {"Content-Encoding": "gzip"}
        async with bench.http.post("/x", data=bomb, headers=headers) as response:
            assert response.status in {400, 413}
        async with bench.http.post("/x", data=b"x") as response:
            assert response.status == 200
        assert next(bench.journal.calls()).response.status == 413

    play(scenario)


def test_a_body_that_does_not_arrive_is_given_up() -> None:
    async def scenario(bench: Bench) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
        writer.write(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx")
        assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
        writer.close()
        await writer.wait_closed()
        (call,) = bench.journal.calls()
        assert call.response.status == 408

    play(scenario, body_seconds=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "GET /x HTTP/1.1\r\nbad header\r\n\r\n",
        "G(T /x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x00\xff\xfe\r\n\r\n",
        "GET /x HTTP/9.9\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nX: " + "y" * 100_000 + "\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxy",
    ],
    ids=range(9),
)
def test_malformed_http_is_a_bad_request(
    text: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("HTTP/1.1 200")
        bench.answer("HTTP/1.1 200", "POST")
        assert b" 400 " in await bench.raw(text)
        async with bench.http.get("/x") as response:
            assert response.status == 200

    play(scenario)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_client_that_vanishes_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("HTTP/1.1 200")
        await bench.raw("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx", vanish=True)
        await bench.raw("GET /x HTT", vanish=True)
        async with bench.http.get("/x") as response:
            assert response.status == 200

    play(scenario)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(
    "target", ["/%ff%00", "//", "/x?%ff=%", "http://h.example/x", "/?" + "a&" * 2000]
)
def test_no_target_is_too_strange(target: str) -> None:
    async def scenario(bench: Bench) -> None:
        assert b" 404 " in await bench.raw(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n")
        assert len(list(bench.journal.calls())) == 1

    play(scenario)


def test_hosts_have_their_own_stubs() -> None:
    async def scenario(bench: Bench) -> None:
        bench.store.add(Stub("GET", "/x", HttpResponse(201), host="h.example"))
        bench.store.add(Stub("GET", "/x", HttpResponse(202)))
        statuses = []
        for path, headers in [("/x", {}), ("/h.example/x", {}), ("/x", {"Host": "h.example"})]:
            async with bench.http.get(path, headers=headers) as response:
                statuses.append(response.status)
        assert statuses == [202, 201, 201]
        assert [call.host for call in bench.journal.calls()] == [
            "api.nrfcloud.com",
            "h.example",
            "h.example",
        ]

    play(scenario)


def met(field: str, value: str) -> dict[str, str]:
    return {"field": field, "what": "", "expected": f'"{value}"', "actual": f'"{value}"'}


def test_a_request_without_a_stub_is_told_why() -> None:
    async def scenario(bench: Bench) -> None:
        query: Pairs = (("a", "1"), ("b", "s3cret"))
        bench.store.add(Stub("GET", "/x", HttpResponse(200), query=query))
        async with bench.http.get("/x?a=2&b=s3cret&fingerprint=f") as response:
            assert response.status == 404
            assert response.content_type == "application/problem+json"
            assert await response.json(content_type=None) == {
                "type": "about:blank",
                "title": "No stub answers this request",
                "status": 404,
                "request": "GET /x?a=2&b=[redacted]&fingerprint=[redacted]",
                "nearest": [
                    {
                        "stub": "queued GET /x?a=1&b=[redacted]",
                        "reasons": ['query a: expected "1", got "2"'],
                        "criteria": [
                            met("method", "GET"),
                            met("host", "api.nrfcloud.com"),
                            met("path", "/x"),
                            {
                                "field": "query a",
                                "what": 'expected "1", got "2"',
                                "expected": '"1"',
                                "actual": '"2"',
                            },
                            met("query b", "[redacted]"),
                        ],
                    }
                ],
            }

    play(scenario, secrets=("s3cret",))


def test_a_stopped_server_has_closed_its_connections() -> None:
    async def scenario() -> None:
        async with serving() as bench:
            reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await reader.readline()
            await bench.server.stop()
            await reader.read()  # comes to an end
            writer.close()
            await writer.wait_closed()
            with pytest.raises(OSError, match="Connect"):
                await asyncio.open_connection("127.0.0.1", bench.port)

    asyncio.run(scenario())


def test_a_port_that_is_taken_is_an_error() -> None:
    async def scenario(bench: Bench) -> None:
        second = MockServer(Spaces(lambda _: Space(), time.monotonic))
        with pytest.raises(OSError, match="address already in use"):
            await second.start(port=bench.port)
        assert second.url == ""

    play(scenario)


def test_an_ipv6_address_is_written_in_brackets() -> None:
    async def scenario() -> None:
        server = MockServer(Spaces(lambda _: Space(), time.monotonic))
        try:
            await server.start("::1")
        except OSError:
            pytest.skip("no IPv6 here")
        assert server.url.startswith("http://[::1]:")
        await server.stop()

    asyncio.run(scenario())


def test_what_cannot_be_recorded_is_not_answered(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(bench: Bench) -> None:
        def fails(*_: object) -> None:
            raise JournalError("disk full")

        bench.answer("HTTP/1.1 200 OK")
        monkeypatch.setattr(bench.journal, "record", fails)
        async with bench.http.get("/x") as response:
            assert response.status == 500
            problem = await response.json(content_type="application/problem+json")
        assert problem["title"] == "The journal cannot be written: disk full"

    play(scenario)
    assert [record.message for record in caplog.records] == [
        "the journal cannot be written: disk full"
    ]
