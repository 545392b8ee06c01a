"""Requests that are sent on to where they are really answered: whatever that does, the service gets
it, the journal has it, and the real key is nowhere else."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp
import brotli
import pytest
from aiohttp import web
from yarl import URL

from harness.core.http_text import HttpResponse
from mock_nrfcloud.journal import MemoryJournal
from mock_nrfcloud.kept import KEPT
from mock_nrfcloud.proxy import relay
from mock_nrfcloud.proxy.authority import Authority
from mock_nrfcloud.proxy.gate import Proxy
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.upstream import UPSTREAM, Keys, Upstream
from mock_nrfcloud.values import ROOT_HOST, Call, Outage, Stub
from tests.mock_nrfcloud.proxy.bench import origin

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass
class Bench:
    space: Space
    upstream: Upstream
    server: MockServer
    http: aiohttp.ClientSession

    def calls(self) -> list[Call]:
        return list(self.space.journal.calls())

    async def ask(self, path: str, method: str = "GET", **options: Any) -> tuple[int, bytes]:
        async with self.http.request(method, path, allow_redirects=False, **options) as answer:
            return answer.status, await answer.read()

    async def only(self, path: str = "/", **options: Any) -> tuple[Call, str]:
        """The one call that is in the journal once this has been asked, and its note."""
        await self.ask(path, **options)
        (call,) = self.calls()
        return call, self.upstream.notes.get(call.number, "")


@asynccontextmanager
async def before(
    urls: Mapping[str, str], keys: Keys | None = None, *, on_miss: bool = False
) -> AsyncIterator[Bench]:
    """A mock that sends on what it is asked."""
    space = Space()
    space.store.configure_hosts(urls)
    upstream = Upstream(urls, keys, on_miss=on_miss)
    server = MockServer(Spaces(lambda _: space, lambda: 0.0), beyond=upstream)
    await server.start()
    try:
        async with aiohttp.ClientSession(server.url, auto_decompress=False) as http:
            yield Bench(space, upstream, server, http)
    finally:
        await server.stop()


def play(
    handler: Handler,
    scenario: Callable[[Bench], Awaitable[None]],
    keys: Keys | None = None,
    *,
    on_miss: bool = False,
    base: str = "",
) -> None:
    async def run() -> None:
        async with origin(handler) as port:
            url = f"http://127.0.0.1:{port}{base}"
            async with before({ROOT_HOST: url}, keys, on_miss=on_miss) as bench:
                await scenario(bench)

    asyncio.run(run())


async def echo(request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(body=await request.read(), headers={"X-Seen": request.raw_path})


def test_who_has_the_whole_answer_may_go(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(web.StreamResponse):
        async def write_eof(self, _data: bytes = b"") -> None:
            raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")

    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=b"all of it")

    async def scenario(bench: Bench) -> None:
        call, note = await bench.only("/")
        assert (call.response.body, note) == (b"all of it", "")

    monkeypatch.setattr(relay, "web", SimpleNamespace(StreamResponse=Gone))
    play(handler, scenario)


def test_a_request_reaches_the_upstream_and_its_answer_the_service() -> None:
    seen: list[tuple[str, str, bytes]] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        seen.append((request.method, request.raw_path, await request.read()))
        return web.json_response({"jobId": "1"}, status=201, reason="Made")

    async def scenario(bench: Bench) -> None:
        asked = await bench.ask("/v1/fota-jobs?x=%20y", "POST", json={"bundleId": "b"})
        assert asked == (201, b'{"jobId": "1"}')
        (call,) = bench.calls()
        assert call.stub == UPSTREAM
        assert (call.request.method, call.request.path) == ("POST", "/v1/fota-jobs")
        assert call.request.query == (("x", " y"),)
        assert call.request.body == b'{"bundleId": "b"}'
        assert (call.response.status, call.response.reason) == (201, "Made")
        assert call.response.body == b'{"jobId": "1"}'
        assert call.response.header("Content-Type") == "application/json; charset=utf-8"
        assert not bench.upstream.notes

    play(handler, scenario, base="/prefix")
    assert seen == [("POST", "/prefix/v1/fota-jobs?x=%20y", b'{"bundleId": "b"}')]


@pytest.mark.parametrize("path", ["/a%2Fb/c", "/", "/%E2%82%AC?q=%2F", "//x"])
def test_what_is_encoded_stays_encoded(path: str) -> None:
    async def scenario(bench: Bench) -> None:
        async with bench.http.get(URL(bench.server.url + path, encoded=True)) as answer:
            assert answer.headers["X-Seen"] == path

    play(echo, scenario)


def test_another_host_has_its_own_upstream_and_gets_no_key() -> None:
    keys = Keys({"made-up": "real"}, "real")
    seen: list[tuple[str, str | None]] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        seen.append((request.raw_path, request.headers.get("Authorization")))
        return web.Response()

    async def run() -> None:
        async with origin(handler) as port:
            urls = {"h.example": f"http://127.0.0.1:{port}"}
            async with before(urls, keys) as bench:
                headers = {"Authorization": "Bearer made-up"}
                await bench.ask("/h.example/a?b", headers=headers)
                assert (await bench.ask("/v1/devices", headers=headers))[0] == 404
                first, second = bench.calls()
                assert (first.host, first.request.path) == ("h.example", "/a")
                assert (second.host, second.stub) == (ROOT_HOST, "")

    asyncio.run(run())
    assert seen == [("/a?b", "Bearer made-up")]


@pytest.mark.parametrize(
    ("keys", "sent", "got"),
    [
        (Keys({"made-up": "real"}), "Bearer made-up", "Bearer real"),
        (Keys({"made-up": "real"}), "Bearer other", "Bearer other"),
        (Keys({"made-up": "real"}, "only"), "Bearer other", "Bearer only"),
        (Keys({}, "only"), "Basic abc", "Basic abc"),
        (Keys({}, "only"), None, None),
        (Keys(), "Bearer made-up", "Bearer made-up"),
    ],
)
def test_the_real_key_takes_the_place_of_a_made_up_one(
    keys: Keys, sent: str | None, got: str | None
) -> None:
    seen: list[str | None] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request.headers.get("Authorization"))
        return web.Response()

    async def scenario(bench: Bench) -> None:
        call, _ = await bench.only(headers={} if sent is None else {"Authorization": sent})
        assert call.request.header("Authorization") == sent

    play(handler, scenario, keys)
    assert seen == [got]
    assert "real" not in repr(keys)


def test_a_redirect_is_left_to_the_service() -> None:
    asked: list[str] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.raw_path)
        return web.Response(status=307, headers={"Location": "https://elsewhere.example/x"})

    async def scenario(bench: Bench) -> None:
        call, _ = await bench.only(headers={"Authorization": "Bearer made-up"})
        assert call.response.status == 307
        assert call.response.header("Location") == "https://elsewhere.example/x"

    play(handler, scenario, Keys({"made-up": "real"}))
    assert asked == ["/"]


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)], ids=["gzip", "br"]
)
def test_what_is_packed_goes_on_packed_and_is_kept_unpacked(
    coding: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(b'{"a": 1}')

    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=packed, headers={"Content-Encoding": coding})

    async def scenario(bench: Bench) -> None:
        async with bench.http.get("/") as answer:
            assert answer.headers["Content-Encoding"] == coding
            assert await answer.read() == packed
        (call,) = bench.calls()
        assert call.response.body == b'{"a": 1}'
        assert call.response.header("Content-Encoding") is None

    play(handler, scenario)


@pytest.mark.parametrize(
    ("accepted", "asked"),
    [("gzip, br;q=0.5, zstd", "gzip, br;q=0.5"), ("zstd", "identity"), ("*", "identity")],
)
def test_only_what_can_be_unpacked_is_asked_for(accepted: str, asked: str) -> None:
    seen: list[str] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request.headers["Accept-Encoding"])
        return web.Response()

    async def scenario(bench: Bench) -> None:
        await bench.ask("/", headers={"Accept-Encoding": accepted})

    play(handler, scenario)
    assert seen == [asked]


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"{not json", "å".encode("latin-1")])
def test_bodies_of_any_kind_go_through(body: bytes) -> None:
    async def scenario(bench: Bench) -> None:
        assert await bench.ask("/", "POST", data=body) == (200, body)
        (call,) = bench.calls()
        assert call.request.body == call.response.body == body

    play(echo, scenario)


def test_a_body_in_chunks_goes_through() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"abc"

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        async for chunk in request.content.iter_any():
            await response.write(chunk)
        return response

    async def scenario(bench: Bench) -> None:
        assert await bench.ask("/", "POST", data=chunks()) == (200, b"abc" * 3)
        (call,) = bench.calls()
        assert call.request.body == call.response.body == b"abc" * 3

    play(handler, scenario)


def test_of_a_hundred_megabytes_the_beginning_is_kept() -> None:
    chunk = b"x" * 100_000

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        async for received in request.content.iter_any():
            await response.write(received)
        return response

    async def large() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield chunk

    async def scenario(bench: Bench) -> None:
        tracemalloc.start()
        size = 0
        async with bench.http.post("/", data=large()) as answer:
            async for part in answer.content.iter_any():
                size += len(part)
        assert size == 100_000_000
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 60_000_000  # twice what is kept, and copies of it
        (call,) = bench.calls()
        assert call.request.body == call.response.body == b"x" * KEPT
        cut = f"a body of 100,000,000 bytes is cut after {KEPT:,}"
        assert bench.upstream.notes == {1: f"of the request {cut}; {cut}"}

    play(handler, scenario)


def test_a_client_that_waits_with_its_body_is_told_to_go_on() -> None:
    async def scenario(bench: Bench) -> None:
        asked = await bench.ask("/", "POST", data=b"abc", expect100=True)
        assert asked == (200, b"abc")

    play(echo, scenario)


def test_an_upstream_that_is_down() -> None:
    async def run() -> None:
        async with before({ROOT_HOST: "http://127.0.0.1:1"}) as bench:
            call, note = await bench.only()
            assert (call.stub, call.response.status) == ("", 502)
            assert note.startswith("127.0.0.1:1 cannot be reached: Cannot connect")

    asyncio.run(run())


def test_an_upstream_whose_certificate_nobody_vouches_for() -> None:
    async def run() -> None:
        async with (
            origin(echo, tls=True) as port,
            before({ROOT_HOST: f"https://127.0.0.1:{port}"}) as bench,
        ):
            _, note = await bench.only()
            assert "certificate verify failed" in note

    asyncio.run(run())


def test_an_upstream_that_speaks_no_tls() -> None:
    async def run() -> None:
        async with (
            origin(echo) as port,
            before({ROOT_HOST: f"https://127.0.0.1:{port}"}) as bench,
        ):
            _, note = await bench.only()
            assert note.startswith(f"127.0.0.1:{port} cannot be reached: ")

    asyncio.run(run())


def test_a_silent_upstream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "SILENT_SECONDS", 0.05)

    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def scenario(bench: Bench) -> None:
        call, note = await bench.only()
        assert call.response.status == 504
        assert note.endswith(" does not answer")

    play(handler, scenario)


def test_an_upstream_that_hangs_up() -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    async def scenario(bench: Bench) -> None:
        _, note = await bench.only()
        assert " cannot be reached: " in note

    play(handler, scenario)


def test_an_answer_that_breaks_off_is_kept_so_far() -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "10"})
        await response.prepare(request)
        await response.write(b"half")
        request.protocol.force_close()
        return response

    async def scenario(bench: Bench) -> None:
        with pytest.raises(aiohttp.ClientPayloadError):
            await bench.ask("/")
        (call,) = bench.calls()
        assert call.response.body == b"half"
        assert bench.upstream.notes[1].startswith("the answer broke off: ")

    play(handler, scenario)


def test_what_is_under_way_at_the_end_is_in_the_journal() -> None:
    came = asyncio.Event()

    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        came.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def scenario(bench: Bench) -> None:
        asking = asyncio.ensure_future(bench.ask("/"))
        await came.wait()
        await bench.server.stop()
        with pytest.raises(aiohttp.ClientError):
            await asking
        (call,) = bench.calls()
        assert call.stub == ""
        assert bench.upstream.notes[1].endswith(" had not answered when the recording ended")

    play(handler, scenario)


def test_many_at_once_are_kept_apart() -> None:
    async def scenario(bench: Bench) -> None:
        bodies = [f"{n}".encode() * 1000 for n in range(50)]
        answers = await asyncio.gather(*(bench.ask("/", "POST", data=each) for each in bodies))
        assert [body for _, body in answers] == bodies
        assert all(call.request.body == call.response.body for call in bench.calls())
        assert {call.request.body for call in bench.calls()} == set(bodies)

    play(echo, scenario)


def test_on_a_miss_only() -> None:
    async def scenario(bench: Bench) -> None:
        body = b'{"a": 1}'
        store = bench.space.store
        store.add(Stub("POST", "/x", HttpResponse(200, body=b"stub"), body=body, kind="kept"))
        store.add(Stub("GET", "/y", HttpResponse(200, body=b"stub")))
        assert await bench.ask("/x", "POST", data=body) == (200, b"stub")
        assert await bench.ask("/x", "POST", data=b'{"a": 2}') == (200, b'{"a": 2}')
        assert await bench.ask("/y") == (200, b"stub")
        assert await bench.ask("/z") == (200, b"")
        store.add_outage(Outage(1, HttpResponse(503)))
        assert (await bench.ask("/z"))[0] == 503
        answered = [call.stub == UPSTREAM for call in bench.calls()]
        assert answered == [False, True, False, True, False]

    play(echo, scenario, on_miss=True)


def test_all_but_on_a_miss_passes_stubs_by() -> None:
    async def scenario(bench: Bench) -> None:
        bench.space.store.add(Stub("GET", "/y", HttpResponse(200, body=b"stub")))
        assert await bench.ask("/y") == (200, b"")

    play(echo, scenario)


def test_notes_leave_with_their_calls() -> None:
    async def run() -> None:
        async with before({ROOT_HOST: "http://127.0.0.1:1"}) as bench:
            bench.space.journal = MemoryJournal(max_entries=2)
            for _ in range(5):
                await bench.ask("/")
            assert bench.space.journal.first == 4
            assert list(bench.upstream.notes) == [3, 4, 5]

    asyncio.run(run())


def test_what_comes_through_the_proxy_is_sent_on_too() -> None:
    async def run() -> None:
        async with origin(echo) as port:
            spaces = Spaces(lambda _: Space(), lambda: 0.0)
            authority = Authority()
            server = MockServer(
                spaces,
                proxy=Proxy(spaces, authority),
                beyond=Upstream({ROOT_HOST: f"http://127.0.0.1:{port}"}),
            )
            await server.start()
            trust = ssl.create_default_context(cadata=authority.certificate.decode())
            async with aiohttp.ClientSession(proxy=server.url) as http:
                for scheme in ("http", "https"):
                    url = f"{scheme}://{ROOT_HOST}/v1/x?y=1"
                    async with http.post(url, data=b"body", ssl=trust) as answer:
                        assert answer.headers["X-Seen"] == "/v1/x?y=1"
                        assert await answer.read() == b"body"
            await server.stop()
            calls = list(spaces.root.journal.calls())
            assert [(call.stub, call.request.path) for call in calls] == [(UPSTREAM, "/v1/x")] * 2

    asyncio.run(run())
