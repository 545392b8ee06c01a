"""What is only seen below the interface of steps: snapshots that are gone, searching, resetting."""

from __future__ import annotations

import asyncio

import pytest

from harness.core.http_text import HttpResponse
from harness.errors import BddError
from mock_nrfcloud import space as module
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.space import Space
from mock_nrfcloud.values import CallPattern, SnapshotId, Stub
from tests.mock_nrfcloud.seen import seen

OK = Answer("s", HttpResponse(200))


def record(space: Space, path: str, answer: Answer = OK) -> None:
    space.journal.record(seen(path), answer)


def test_a_snapshot_that_is_not_here_is_an_error() -> None:
    space = Space()
    space.store.add(Stub("GET", "/x", HttpResponse(200)))
    with pytest.raises(BddError, match="the mock has no snapshot 'nope'"):
        space.begin([SnapshotId("nope")])
    assert space.store.count() == 1, "nothing has begun"


def test_the_oldest_snapshots_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SNAPSHOTS", 2)
    space = Space()
    first, second, third = space.snapshot(), space.snapshot(), space.snapshot()
    space.begin([second, third])
    with pytest.raises(BddError):
        space.begin([first])


def test_calls_are_searched_in_both_directions_between_two_numbers() -> None:
    async def scenario() -> None:
        space = Space()
        for number in range(1, 1300):
            record(space, f"/{number % 2}")
        pattern = CallPattern("GET", "/1")
        forth = [call.number async for call in space.calls(pattern, after=1, before=1200)]
        back = [
            call.number
            async for call in space.calls(pattern, after=1, before=1200, newest_first=True)
        ]
        assert forth == list(range(3, 1200, 2))
        assert back == forth[::-1]

    asyncio.run(scenario())


def test_a_reset_forgets_stubs_and_requests() -> None:
    space = Space()
    space.store.add(Stub("GET", "/x", HttpResponse(200)))
    record(space, "/x")
    space.reset()
    assert space.store.held() == []
    assert space.store.unserved() == {}
    assert list(space.journal.calls()) == []
    assert space.journal.next == 2


def test_requests_that_arrive_during_a_long_search_are_found() -> None:
    async def scenario() -> None:
        space = Space()
        for _ in range(2000):
            record(space, "/other")
        waiting = asyncio.create_task(space.wait_for(CallPattern("GET", "/new"), 60))
        await asyncio.sleep(0)
        record(space, "/new")
        result = await waiting
        assert result.found
        assert result.found.number == 2001

    asyncio.run(scenario())


def test_so_many_calls_are_waited_for() -> None:
    async def scenario() -> None:
        space = Space()
        a = CallPattern("GET", "/a")
        record(space, "/a")
        record(space, "/b")
        waiting = asyncio.create_task(space.wait_for(a, 60, times=3))
        later = asyncio.create_task(space.wait_for(a, 60, times=2, after=1))
        for _ in range(2):
            await asyncio.sleep(0)
            record(space, "/a")
        for result, count in ((await waiting, 3), (await later, 2)):
            assert result.found
            assert (result.found.number, result.count, result.others) == (4, count, 1)
        result = await space.wait_for(a, 0, times=4)
        assert (result.found, result.count, result.others) == (None, 3, 0)
        assert result.nearest
        assert result.nearest.call.request.path == "/b", "those that match are not near"
        result = await space.wait_for(a, 0, after=10**9)
        assert (result.found, result.count, result.nearest, result.others) == (None, 0, None, 0)

    asyncio.run(scenario())
