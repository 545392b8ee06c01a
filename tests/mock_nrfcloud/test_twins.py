"""Twins beside stubs: the same for a mock in this process and for one elsewhere."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from types import ModuleType, SimpleNamespace
from typing import cast

import aiohttp
import pytest

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud import twins
from mock_nrfcloud.admin.dispatch import Dispatcher
from mock_nrfcloud.client import InProcessMock, Mock
from mock_nrfcloud.remote import RemoteMock
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.twins import Command, Reply, Surroundings, Twins
from mock_nrfcloud.values import ROOT_HOST, CallPattern, Outage, Stub

OTHER = "counter.example"


class Counter:
    """Counts what it is asked; POST /count counts up."""

    hosts = frozenset({ROOT_HOST, OTHER})

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.count = 0
        self.cancel: Callable[[], None] = lambda: None

    def answer(self, host: str, request: HttpRequest) -> HttpResponse | None:
        assert host in self.hosts
        if request.path != "/count":
            return None
        self.count += request.method == "POST"
        return HttpResponse(200, body=str(self.count).encode())

    def command(self, command: Command) -> Reply:
        match command:
            case {"count": int(least)}:
                return {"count": self.count, "holds": self.count >= least}
            case {"later": float(seconds)}:
                self.cancel = self.surroundings.later(seconds, self.tick)
                return {}
        raise BddError("this twin only counts")

    def tick(self) -> None:
        self.count += 1
        self.surroundings.publish("count", str(self.count).encode())
        self.surroundings.changed()

    def received(self, topic: str, payload: bytes) -> None:
        if topic == "count":
            self.count += int(payload)

    def resend(self) -> None:
        self.surroundings.publish("count", str(self.count).encode())

    def snapshot(self) -> object:
        return self.count

    def begin(self, inherited: Sequence[object]) -> None:
        self.count = max(each for each in inherited if isinstance(each, int))

    def close(self) -> None:
        self.cancel()


@pytest.fixture(autouse=True)
def counter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        sys.modules, "counter_twin", cast("ModuleType", SimpleNamespace(Twin=Counter))
    )
    monkeypatch.setattr(twins, "_TWINS", {"counter": "counter_twin:Twin"})


@asynccontextmanager
async def in_process() -> AsyncIterator[Mock]:
    mock = InProcessMock()
    await mock.start()
    try:
        yield mock
    finally:
        await mock.stop()


@asynccontextmanager
async def elsewhere() -> AsyncIterator[Mock]:
    spaces = Spaces(lambda _: Space(), time.monotonic)
    server = MockServer(spaces, admin=Dispatcher(spaces, None))
    await server.start()
    mock = RemoteMock(server.url)
    try:
        await mock.start()
        try:
            yield mock
        finally:
            await mock.stop()
    finally:
        await server.stop()


@pytest.fixture(params=[in_process, elsewhere])
def play(request: pytest.FixtureRequest) -> Callable[[Callable[[Mock], Awaitable[None]]], None]:
    def run(scenario: Callable[[Mock], Awaitable[None]]) -> None:
        async def play() -> None:
            async with request.param() as mock:
                await scenario(mock)

        asyncio.run(play())

    return run


Play = Callable[[Callable[[Mock], Awaitable[None]]], None]


async def ask(mock: Mock, method: str = "GET", path: str = "/count") -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.request(method, mock.url + path) as got:
        return got.status, await got.text()


def test_a_twin_answers_once_it_was_asked_for(play: Play) -> None:
    async def scenario(mock: Mock) -> None:
        assert (await ask(mock))[0] == 404
        assert await mock.twin("counter", {"count": 1}) == {"count": 0, "holds": False}
        assert await ask(mock, "POST") == (200, "1")
        assert await ask(mock, path=f"/{OTHER}/count") == (200, "1")
        assert (await ask(mock, path="/else"))[0] == 404

    play(scenario)


def test_a_stub_that_matches_wins_and_calls_are_journalled(play: Play) -> None:
    async def scenario(mock: Mock) -> None:
        await mock.twin("counter", {"count": 0})
        await mock.add(Stub("GET", "/count", HttpResponse(200, body=b"stub")))
        assert await ask(mock) == (200, "stub")
        assert await ask(mock, "POST") == (200, "1")
        assert [each.stub for each in await mock.calls(CallPattern("POST", "/count"))] == [
            "twin:counter"
        ]
        assert await mock.unmatched() == []

    play(scenario)


def test_outages_hit_twins(play: Play) -> None:
    async def scenario(mock: Mock) -> None:
        await mock.twin("counter", {"count": 0})
        await mock.add_outage(Outage(1, HttpResponse(503)))
        assert (await ask(mock, "POST"))[0] == 503
        assert await ask(mock, "POST") == (200, "1")

    play(scenario)


def test_the_state_follows_the_rule_for_stubs(play: Play) -> None:
    async def scenario(mock: Mock) -> None:
        await mock.twin("counter", {"count": 0})
        await ask(mock, "POST")
        left = await mock.snapshot()
        await ask(mock, "POST")
        more = await mock.snapshot()
        await mock.begin()
        assert (await ask(mock))[0] == 404
        await mock.begin([left])
        assert await ask(mock) == (200, "1")
        await mock.begin([more, left])
        assert await ask(mock) == (200, "2")

    play(scenario)


def test_what_is_waited_for_wakes(play: Play) -> None:
    async def scenario(mock: Mock) -> None:
        waiting = asyncio.ensure_future(mock.twin("counter", {"count": 2}, 30))
        await mock.twin("counter", {"later": 0.0})
        await ask(mock, "POST")
        assert await waiting == {"count": 2, "holds": True}
        assert await mock.twin("counter", {"count": 3}, 0.01) == {"count": 2, "holds": False}

    play(scenario)


def test_what_cannot_be_done_is_said(play: Play) -> None:
    async def scenario(mock: Mock) -> None:
        with pytest.raises(BddError, match=r"no twin 'countr'.*did you mean"):
            await mock.twin("countr", {})
        with pytest.raises(BddError, match="only counts"):
            await mock.twin("counter", {})

    play(scenario)


def test_messages_go_both_ways() -> None:
    async def run() -> list[tuple[str, bytes]]:
        sent: list[tuple[str, bytes]] = []
        both = Twins()
        await both.command("counter", {"later": 0.0})  # nobody listens: it goes nowhere
        await both.command("counter", {"count": 1}, 30)
        both.publish = lambda topic, payload: sent.append((topic, payload))
        both.received("count", b"5")
        await both.command("counter", {"later": 0.0})
        await both.command("counter", {"count": 7}, 30)
        return sent

    assert asyncio.run(run()) == [("count", b"7")]


def test_timers_end_with_the_twin() -> None:
    async def run() -> None:
        both = Twins()
        await both.command("counter", {"later": 0.0})
        both.begin()
        sent: list[str] = []
        both.publish = lambda topic, _: sent.append(topic)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sent == []

    asyncio.run(run())
