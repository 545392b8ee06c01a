"""The interface that steps use, over the in-process mock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from harness.core.http_text import HttpResponse, parse_response
from harness.core.redaction import Redactor
from harness.errors import BddError
from mock_nrfcloud.client import (
    CallPattern,
    InProcessMock,
    Mock,
    ShadowPattern,
    Stub,
)


def play(scenario: Callable[[InProcessMock, aiohttp.ClientSession], Awaitable[None]]) -> None:
    async def run() -> None:
        mock = InProcessMock(redactor=Redactor(["s3cret"]), max_body=1000)
        await mock.start()
        try:
            await mock.begin()
            async with aiohttp.ClientSession(mock.url) as http:
                await scenario(mock, http)
        finally:
            await mock.stop()

    asyncio.run(run())


async def get(http: aiohttp.ClientSession, path: str, **headers: str) -> int:
    async with http.get(path, headers=headers) as response:
        await response.read()
        return response.status


def test_it_is_a_mock() -> None:
    mock: Mock = InProcessMock()
    assert mock.url == ""


def test_a_call_is_awaited() -> None:
    async def scenario(mock: InProcessMock, http: aiohttp.ClientSession) -> None:
        await mock.add(Stub("POST", "/v1/fota-jobs", parse_response("HTTP/1.1 200\n\n{}")))
        body = b'{"bundleId": "b"}'
        headers = (("content-type", "application/json"),)
        pattern = CallPattern("POST", "/v1/fota-jobs", headers=headers, body=body)
        waiting = asyncio.create_task(mock.wait_for(pattern, 60))
        await asyncio.sleep(0)
        assert await get(http, "/other") == 404
        async with http.post("/v1/fota-jobs", json={"bundleId": "b"}) as response:
            assert response.status == 200
        result = await waiting
        assert result.found
        assert result.found.number == 2
        assert (result.nearest, result.others, result.dropped) == (None, 1, 0)
        assert 0 < result.waited < 60
        # Once it is there, it is there.
        assert (await mock.wait_for(pattern, 0)).found == result.found

    play(scenario)


def test_what_is_not_called_is_explained_by_the_nearest_call() -> None:
    async def scenario(mock: InProcessMock, http: aiohttp.ClientSession) -> None:
        pattern = CallPattern("GET", "/x", query=(("a", "1"),), headers=(("A", "is s3cret"),))
        result = await mock.wait_for(pattern, 0)
        assert (result.found, result.nearest, result.others) == (None, None, 0)
        await get(http, "/x?a=2", A="b")
        await get(http, "/y?a=1")
        result = await mock.wait_for(pattern, 0)
        assert result.found is None
        assert result.nearest
        assert result.nearest.call.number == 1
        assert [str(each) for each in result.nearest.differences] == [
            'query a: expected "1", got "2"',
            'header A: expected "is [redacted]", got "b"',
        ]
        assert result.others == 1

    play(scenario)


def test_a_call_to_the_same_target_is_nearer_than_any_later_one() -> None:
    async def scenario(mock: InProcessMock, http: aiohttp.ClientSession) -> None:
        async with http.post(f"{mock.url}/x", json={"a": 1, "b": 1, "c": 1}):
            pass
        for _ in range(150):
            await get(http, "/x/polled")
        pattern = CallPattern("POST", "/x", body=b'{"a": 2, "b": 2, "c": 2, "d": 2}')
        result = await mock.wait_for(pattern, 0)
        assert result.nearest
        assert result.nearest.call.number == 1
        assert [each.field for each in result.nearest.differences] == [
            "body a",
            "body b",
            "body c",
            "body d",
        ]

    play(scenario)


def test_of_equally_near_calls_the_newest_is_shown() -> None:
    async def scenario(mock: InProcessMock, http: aiohttp.ClientSession) -> None:
        for _ in range(3):
            await get(http, "/x?a=2")
        result = await mock.wait_for(CallPattern("GET", "/x", query=(("a", "1"),)), 0)
        assert result.nearest
        assert result.nearest.call.number == 3

    play(scenario)


def test_calls_are_those_since_the_feature_began_without_their_secrets() -> None:
    async def scenario(mock: InProcessMock, http: aiohttp.ClientSession) -> None:
        await get(http, "/x")
        await mock.begin()
        assert await mock.calls() == []
        await get(http, "/x?fingerprint=f&a=s3cret", Authorization="Bearer s3cret")
        await get(http, "/y")
        shown, _ = await mock.calls()
        assert shown.number == 2
        assert shown.request.query == (("fingerprint", "[redacted]"), ("a", "[redacted]"))
        assert shown.request.header("Authorization") == "[redacted]"
        # But matching is on what was really sent.
        query = (("fingerprint", "f"), ("a", "s3cret"))
        headers = (("Authorization", "Bearer s3cret"),)
        assert await mock.calls(CallPattern("GET", "/x", query=query, headers=headers)) == [shown]
        assert not (await mock.wait_for(CallPattern("GET", "/z"), 0)).found

    play(scenario)


def test_a_shadow_that_was_asked_for_with_a_key() -> None:
    async def scenario(mock: InProcessMock, http: aiohttp.ClientSession) -> None:
        await mock.add_shadow("a", {"items": [], "total": 0})
        path = "/v1/devices?deviceIds=a,b&includeState=true&includeStateMeta=true&pageLimit=100"
        assert await get(http, path, Authorization="Bearer k") == 200
        right, wrong = ((("Authorization", f"Bearer {key}"),) for key in ("k", "other"))
        assert (await mock.wait_for(ShadowPattern("a", right), 0)).found
        assert (await mock.wait_for(ShadowPattern("b", right), 0)).found
        assert not (await mock.wait_for(ShadowPattern("a", wrong), 0)).found

    play(scenario)


def test_requests_without_a_stub_are_listed_with_what_came_near() -> None:
    async def scenario(mock: InProcessMock, http: aiohttp.ClientSession) -> None:
        await mock.add(Stub("GET", "/x", HttpResponse(200), query=(("a", "1"),)))
        await mock.add(Stub("GET", "/ok", HttpResponse(404)))
        await get(http, "/x")
        await get(http, "/ok")
        async with http.post("/x", data=b"x" * 1001) as response:
            assert response.status == 413
        missed, refused = await mock.unmatched()
        assert missed.call.request.path == "/x"
        near = missed.nearest[0]
        assert near.stub == "queued GET /x?a=1"
        assert near.reasons == ('query a: expected "1", got nothing',)
        assert refused.nearest == ()

    play(scenario)


def test_a_feature_inherits_what_those_it_needs_have_left() -> None:
    async def scenario(mock: InProcessMock, http: aiohttp.ClientSession) -> None:
        await mock.add(Stub("GET", "/x", HttpResponse(201)))
        second = await mock.add(Stub("GET", "/x", HttpResponse(202)))
        assert await get(http, "/x") == 201
        assert list(await mock.unserved()) == [second]
        left = await mock.snapshot()
        await mock.begin()
        assert await get(http, "/x") == 404
        await mock.begin([left])
        assert list(map(str, (await mock.unserved()).values())) == ["queued GET /x"]
        assert await get(http, "/x") == 202
        assert await mock.unserved() == {}

    play(scenario)


def test_what_cannot_work_is_refused() -> None:
    async def scenario(mock: InProcessMock, _: aiohttp.ClientSession) -> None:
        with pytest.raises(BddError):
            await mock.add(Stub("GET", "/x", HttpResponse(1)))
        with pytest.raises(BddError):
            await mock.add_shadow("a", {})

    play(scenario)


def test_requests_that_have_left_the_journal_are_counted() -> None:
    async def run() -> None:
        mock = InProcessMock(max_entries=2)
        await mock.start()
        try:
            async with aiohttp.ClientSession(mock.url) as http:
                for _ in range(5):
                    await get(http, "/x")
            result = await mock.wait_for(CallPattern("GET", "/y"), 0)
            assert (result.dropped, result.others) == (3, 4)
            assert await mock.dropped() == 3
            await mock.begin()
            assert await mock.dropped() == 0
        finally:
            await mock.stop()

    asyncio.run(run())
