"""What clients see of faults: real ones, and sockets that are read by hand."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from harness.core.http_text import HttpResponse
from mock_nrfcloud.faults import Damage, Drip, Fault, FixedDelay, UniformDelay
from mock_nrfcloud.journal import wait
from mock_nrfcloud.playing import Pauses
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.values import Outage, Stub

BODY = json.dumps({"jobId": "bc631093", "status": "IN_PROGRESS"}).encode()
OK = HttpResponse(200, "", (("Content-Type", "application/json"),), BODY)
FOREVER = Fault(FixedDelay(600_000))
"""What takes so long that a test which waits for it fails by its own time limit."""
ASK = b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n"


@dataclass
class Bench:
    space: Space
    server: MockServer
    http: aiohttp.ClientSession

    def serve(self, fault: Fault | None, path: str = "/x") -> None:
        for method in ("GET", "POST"):
            self.space.store.add(Stub(method, path, OK, fault=fault, kind="kept"))

    async def raw(self, request: bytes = ASK) -> tuple[bytes, bool]:
        """All that a client gets, and whether its connection was reset."""
        port = int(self.server.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        received = b""
        try:
            writer.write(request)
            while data := await asyncio.wait_for(reader.read(100), 30):
                received += data
        except ConnectionResetError:
            return received, True
        finally:
            writer.close()
        return received, False

    async def arrival(self) -> None:
        """Wait for a request that is not yet there; its answer pauses by then."""
        await wait(self.space.journal, lambda _: True, self.space.journal.next, 30)

    def faults(self) -> list[str]:
        return [call.fault for call in self.space.journal.calls()]


@asynccontextmanager
async def serving() -> AsyncIterator[Bench]:
    space = Space()
    server = MockServer(Spaces(lambda _: space, time.monotonic))
    await server.start()
    try:
        async with aiohttp.ClientSession(server.url) as http:
            yield Bench(space, server, http)
    finally:
        await server.stop()


def play(scenario: Callable[[Bench], Awaitable[None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(60), serving() as bench:
            await scenario(bench)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (Damage.RESET, aiohttp.ClientOSError),
        (Damage.EMPTY, aiohttp.ServerDisconnectedError),
        (Damage.RESET_AFTER_HEADERS, aiohttp.ClientPayloadError),
        (Damage.TRUNCATED, aiohttp.ClientPayloadError),
        (Damage.MALFORMED_JSON, json.JSONDecodeError),
        (Damage.MALFORMED_CHUNK, aiohttp.ClientResponseError),
        (Damage.GARBAGE, aiohttp.ClientResponseError),
    ],
)
def test_what_a_client_sees(damage: Damage, error: type[Exception]) -> None:
    async def scenario(bench: Bench) -> None:
        bench.serve(Fault(damage=damage))
        bench.serve(None, "/after")
        with pytest.raises(error):
            async with bench.http.post("/x") as response:  # a GET is sent again by aiohttp itself
                await response.json()
        async with bench.http.get("/after") as response:
            assert response.status == 200
        assert bench.faults() == [damage.words, ""]

    play(scenario)


@pytest.mark.parametrize(
    ("damage", "head", "body", "reset"),
    [
        (Damage.RESET, False, b"", True),
        (Damage.EMPTY, False, b"", False),
        (Damage.RESET_AFTER_HEADERS, True, b"", True),
        (Damage.TRUNCATED, True, BODY[: len(BODY) // 2], False),
    ],
)
def test_what_goes_over_the_wire(damage: Damage, head: bool, body: bytes, reset: bool) -> None:
    async def scenario(bench: Bench) -> None:
        bench.serve(Fault(damage=damage))
        received, was_reset = await bench.raw()
        written, _, rest = received.partition(b"\r\n\r\n")
        assert written.startswith(b"HTTP/1.1 200 OK\r\n") == head
        assert (f"Content-Length: {len(BODY)}".encode() in written) == head
        assert (rest, was_reset) == (body, reset)

    play(scenario)


def test_a_dripping_answer_arrives_whole_and_the_connection_stays() -> None:
    async def scenario(bench: Bench) -> None:
        bench.serve(Fault(FixedDelay(5), Drip(5, 20)))
        for _ in range(2):
            started = time.perf_counter()
            async with bench.http.get("/x") as response:
                assert await response.read() == BODY
            assert time.perf_counter() - started >= 0.024
        last = ASK.replace(b"h\r\n", b"h\r\nConnection: close\r\n")
        received, _ = await bench.raw(ASK + last)
        assert received.count(b"HTTP/1.1 200 ") == 2

    play(scenario)


def test_a_client_that_leaves_ends_a_pause() -> None:
    async def scenario(bench: Bench) -> None:
        bench.serve(FOREVER)
        bench.serve(Fault(drip=Drip(2, 600_000)), "/drip")
        before = asyncio.all_tasks()
        for request in (ASK, ASK.replace(b"/x", b"/drip")):
            port = int(bench.server.url.rpartition(":")[2])
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            await bench.arrival()
            assert len(bench.server.pauses) == 1
            answering = asyncio.all_tasks() - before
            writer.close()
            await asyncio.wait(answering)
            assert len(bench.server.pauses) == 0

    play(scenario)


def test_a_mock_that_stops_ends_its_pauses() -> None:
    async def scenario(bench: Bench) -> None:
        bench.serve(FOREVER)
        asking = asyncio.create_task(bench.raw())
        await bench.arrival()
        assert len(bench.server.pauses) == 1
        await bench.server.stop()
        assert await asking == (b"", False)

    play(scenario)


def test_a_pause_ends_by_itself() -> None:
    async def run() -> None:
        pauses = Pauses()
        await pauses.pause("a", 0.001)
        pauses.end("a")  # nobody waits any more
        assert len(pauses) == 0

    asyncio.run(run())


def test_a_pause_ends_only_for_the_client_that_left() -> None:
    async def run() -> None:
        pauses = Pauses()
        waiting = [asyncio.create_task(pauses.pause(name, 600)) for name in "ab"]
        await asyncio.sleep(0)
        pauses.end("a")
        with pytest.raises(ConnectionError):
            await waiting[0]
        assert not waiting[1].done()
        pauses.end_all()
        with pytest.raises(ConnectionError):
            await waiting[1]

    asyncio.run(run())


def test_an_outage_goes_before_the_stubs() -> None:
    async def scenario(bench: Bench) -> None:
        for number in (1, 2):
            bench.space.store.add(Stub("GET", "/x", HttpResponse(200 + number)))
        bench.space.store.add_outage(Outage(2, HttpResponse(503)))
        statuses = []
        for _ in range(5):
            async with bench.http.get("/x") as response:
                statuses.append(response.status)
        assert statuses == [503, 503, 201, 202, 202]
        calls = list(bench.space.journal.calls())
        assert all(call.stub for call in calls)
        assert bench.space.unanswered == 0

    play(scenario)


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [(Fault(FixedDelay(1)), [201, 202, 202]), (Fault(damage=Damage.EMPTY), [0, 201, 202])],
)
def test_only_what_arrives_is_served(fault: Fault, statuses: list[int]) -> None:
    async def scenario(bench: Bench) -> None:
        for number in (1, 2):
            bench.space.store.add(Stub("POST", "/x", HttpResponse(200 + number)))
        bench.space.store.add_outage(Outage(1, fault=fault, method="POST", path="/x"))
        found = []
        for _ in range(3):
            try:
                async with bench.http.post("/x") as response:
                    found.append(response.status)
            except aiohttp.ServerDisconnectedError:
                found.append(0)
        assert found == statuses

    play(scenario)


def test_what_no_stub_answers_can_go_wrong_too() -> None:
    async def scenario(bench: Bench) -> None:
        bench.space.store.add_outage(Outage(1, fault=Fault(damage=Damage.MALFORMED_JSON)))
        async with bench.http.get("/x") as response:
            assert response.status == 404
            assert (await response.text()).endswith(",")
        (miss,) = [each async for each in bench.space.unmatched()]
        assert (miss.call.fault, miss.call.stub) == ("malformed JSON", "")

    play(scenario)


def test_a_host_is_known_by_its_outage() -> None:
    async def scenario(bench: Bench) -> None:
        outage = Outage(1, HttpResponse(503), host="H.example")
        bench.space.store.add_outage(outage)
        async with bench.http.get("/x") as response:
            assert response.status == 404
        async with bench.http.get("/h.example/x") as response:
            assert response.status == 503

    play(scenario)


def test_delays_by_chance_are_the_same_in_each_feature() -> None:
    async def scenario(bench: Bench) -> None:
        delays = []
        for _ in range(2):
            bench.space.begin()
            bench.serve(Fault(UniformDelay(0, 3)))
            first = bench.space.journal.next
            for _ in range(3):
                async with bench.http.get("/x") as response:
                    assert response.status == 200
            delays.append([call.fault for call in bench.space.journal.calls(first)])
        assert delays[0] == delays[1]
        assert len(set(delays[0])) > 1

    play(scenario)


def test_a_reset_goes_through_tls(certificate: tuple[Path, Path]) -> None:
    async def run() -> None:
        serving_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving_tls.load_cert_chain(*certificate)
        asking = ssl.create_default_context(cafile=certificate[0])
        space = Space()
        space.store.add(Stub("GET", "/x", OK, fault=Fault(damage=Damage.RESET)))
        server = MockServer(Spaces(lambda _: space, time.monotonic))
        await server.start("127.0.0.1", 0, serving_tls)
        try:
            connector = aiohttp.TCPConnector(ssl=asking)
            async with aiohttp.ClientSession(connector=connector) as http:
                with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
                    await http.get(f"{server.url}/x")
        finally:
            await server.stop()

    asyncio.run(run())
