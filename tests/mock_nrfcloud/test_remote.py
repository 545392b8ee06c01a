"""The mock elsewhere: the same as in this process, and what happens when it is not there."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from harness.core.http_text import HttpResponse, parse_response
from harness.core.redaction import Redactor
from harness.errors import BddError
from mock_nrfcloud import remote as module
from mock_nrfcloud.admin.dispatch import Dispatcher
from mock_nrfcloud.client import InProcessMock, Mock
from mock_nrfcloud.faults import Fault, UniformDelay
from mock_nrfcloud.remote import RemoteMock
from mock_nrfcloud.server import MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.values import Call, CallPattern, Outage, ShadowPattern, SnapshotId, Stub

REDACTOR = Redactor(["s3cret"])
SHADOW = "/v1/devices?deviceIds=a&includeState=true&includeStateMeta=true&pageLimit=100"


@asynccontextmanager
async def elsewhere(token: str | None = "t0ken") -> AsyncIterator[tuple[RemoteMock, Spaces]]:
    spaces = Spaces(lambda _: Space(), time.monotonic)
    server = MockServer(spaces, admin=Dispatcher(spaces, token))
    await server.start()
    mock = RemoteMock(f"{server.url}/", token, redactor=REDACTOR)
    try:
        await mock.start()
        try:
            yield mock, spaces
        finally:
            await mock.stop()
    finally:
        await server.stop()


def play(scenario: Callable[[RemoteMock, Spaces], Awaitable[None]]) -> None:
    async def run() -> None:
        async with elsewhere() as (mock, spaces):
            await scenario(mock, spaces)
        assert spaces.named == {}

    asyncio.run(run())


async def get(mock: Mock, path: str, **headers: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(mock.url + path, headers=headers) as got:
        await got.read()
        return got.status


async def story(mock: Mock) -> list[object]:
    """All that steps may do; what they see of it."""
    seen: list[object] = []
    await mock.begin()
    seen.append((await mock.wait_for(CallPattern("GET", "/x"), 0)).nearest)
    headers = (("Authorization", "Bearer s3cret"),)
    answer = parse_response("HTTP/1.1 201 Made\nSet-Cookie: a\nX: s3cret\n\n{'é': 1}")
    await mock.add(Stub("GET", "/x", answer, query=(("a", "/s3/"),), headers=headers))
    await mock.add(Stub("GET", "/x", HttpResponse(202, body=b"\xff"), host="h.example"))
    await mock.add(Stub("PUT", "/never", HttpResponse(200), body=b'{"token": "x"}', kind="kept"))
    await mock.add_shadow("a", {"items": [{"s": "s3cret"}], "total": 1})
    seen.append(list((await mock.unserved()).values()))
    seen.append(await get(mock, "/x?a=s3cret&fingerprint=f", Authorization="Bearer s3cret"))
    left = await mock.snapshot()
    seen.append(await get(mock, "/h.example/x"))
    seen.append(await get(mock, "/x?a=1"))
    seen.append(await get(mock, SHADOW, Authorization="Bearer s3cret"))
    seen.append(await mock.calls())
    seen.append(await mock.calls(CallPattern("GET", "/x", query=(("a", "1"),))))
    seen.append(await mock.unmatched())
    patterns = (
        ShadowPattern("a", headers),
        ShadowPattern("a", (("Authorization", "Bearer other"),)),
        CallPattern("GET", "/x", query=(("a", "s3cret"), ("fingerprint", "f"))),
        CallPattern("GET", "/x", query=(("a", "s3cret"), ("fingerprint", "g"))),
        CallPattern("PUT", "/y", host="h.example", body=b"\xfe"),
    )
    seen += [await mock.wait_for(each, 0) for each in patterns]
    await mock.add_outage(Outage(2, HttpResponse(503), path="/out"))
    await mock.add_outage(Outage(1, fault=Fault(UniformDelay(1, 2)), host="h.example"))
    seen += [await get(mock, path) for path in ("/out", "/x", "/h.example/x", "/h.example/x")]
    await mock.end_outages()
    seen.append(await get(mock, "/out"))
    seen.append(await mock.calls())
    await get(mock, "/x?a=1")
    again = CallPattern("GET", "/x", query=(("a", "1"),))
    first = await mock.wait_for(again, 0)
    assert first.found
    seen += [first, await mock.wait_for(again, 0, times=2), await mock.wait_for(again, 0, times=3)]
    seen.append(await mock.wait_for(again, 0, after=first.found.number))
    seen.append(await mock.wait_for(again, 0, times=2, after=first.found.number))
    seen.append(await mock.dropped())
    await mock.begin([left])
    seen.append(await mock.calls())
    seen.append(await get(mock, "/h.example/x"))
    seen.append(list((await mock.unserved()).values()))
    with pytest.raises(BddError) as caught:
        await mock.add(Stub("GET", "/x", HttpResponse(200), query=(("a", "/(/"),)))
    seen.append(str(caught.value))
    with pytest.raises(BddError) as caught:
        await mock.add_outage(Outage(1))
    seen.append(str(caught.value))
    with pytest.raises(BddError) as caught:
        await mock.add_shadow("a", {})
    seen.append(str(caught.value))
    with pytest.raises(BddError) as caught:
        await mock.begin([SnapshotId("nope")])
    seen.append(str(caught.value))
    return seen


def alike(seen: object) -> object:
    """What was seen without what differs between two runs."""
    match seen:
        case list() | tuple():
            return [alike(each) for each in seen]
        case Call():
            stub = "" if not seen.stub else "some"
            headers = [pair for pair in seen.request.headers if pair[0] != "Host"]
            return replace(
                seen, at=0.0, took=0.0, stub=stub, request=replace(seen.request, headers=headers)
            )
        case _ if hasattr(seen, "__dataclass_fields__"):
            names = [name for name in seen.__dataclass_fields__ if name != "waited"]
            return [type(seen).__name__, *(alike(getattr(seen, name)) for name in names)]
    return seen


def test_steps_see_the_same_of_both() -> None:
    async def here() -> list[object]:
        mock = InProcessMock(redactor=REDACTOR)
        await mock.start()
        try:
            return await story(mock)
        finally:
            await mock.stop()

    async def there() -> list[object]:
        async with elsewhere() as (mock, _):
            return await story(mock)

    one, other = asyncio.run(here()), asyncio.run(there())
    for a, b in zip(alike(one), alike(other), strict=True):  # type: ignore[call-overload]  # lists
        assert a == b
    assert "s3cret" not in str(other)
    assert len(one) == 33


def test_secrets_do_not_come_back_even_if_only_the_run_knows_them() -> None:
    async def scenario(mock: RemoteMock, spaces: Spaces) -> None:
        await get(mock, "/x?q=s3cret")
        (space,) = spaces.named.values()
        assert [call.request.query for call in space.journal.calls()] == [(("q", "s3cret"),)]
        (call,) = await mock.calls()
        assert call.request.query == (("q", "[redacted]"),)

    play(scenario)


def test_a_long_wait_is_several_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.01)

    async def scenario(mock: RemoteMock, _: Spaces) -> None:
        pattern = CallPattern("GET", "/x")
        waiting = asyncio.create_task(mock.wait_for(pattern, 60))
        result = await mock.wait_for(pattern, 0.05)
        assert result.found is None
        assert result.waited >= 0.05
        twice = asyncio.create_task(mock.wait_for(pattern, 60, times=2))
        await get(mock, "/x")
        assert (await waiting).found
        await get(mock, "/x")
        assert (await twice).count == 2

    play(scenario)


def test_markers_are_tried_over_there() -> None:
    async def scenario(mock: RemoteMock, _: Spaces) -> None:
        await get(mock, "/x")  # no body counts as {}
        optional = CallPattern("GET", "/x", body=b'{"id": "##uuid"}')
        assert len(await mock.calls(optional)) == 1
        needed = await mock.wait_for(CallPattern("GET", "/x", body=b'{"id": "#uuid"}'), 0)
        assert needed.nearest
        assert [str(each) for each in needed.nearest.differences] == [
            "body id: expected a UUID (#uuid), got nothing"
        ]
        literal = await mock.wait_for(CallPattern("GET", "/x", body=b'{"id": "\\u0023uuid"}'), 0)
        assert literal.nearest
        assert [str(each) for each in literal.nearest.differences] == [
            'body id: expected "#uuid", got nothing'
        ]

    play(scenario)


def test_long_lists_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)

    async def scenario(mock: RemoteMock, _: Spaces) -> None:
        for number in range(5):
            await mock.add(Stub("PUT", f"/{number}", HttpResponse(200)))
            await get(mock, f"/{number}")
        paths = [f"/{number}" for number in range(5)]
        assert [call.request.path for call in await mock.calls()] == paths
        assert [miss.call.request.path for miss in await mock.unmatched()] == paths
        assert [stub.path for stub in (await mock.unserved()).values()] == paths

    play(scenario)


def test_what_utf_8_cannot_write_is_an_error() -> None:
    async def scenario(mock: RemoteMock, _: Spaces) -> None:
        with pytest.raises(BddError, match="surrogate"):
            await mock.add(Stub("GET", "/\ud800", HttpResponse(200)))

    play(scenario)


def test_a_wrong_token() -> None:
    async def run() -> None:
        async with elsewhere() as (mock, _):
            base = mock.url.partition("/__ns")[0]
            for token in (None, "other"):
                wrong = RemoteMock(base, token)
                with pytest.raises(BddError, match="the admin token is missing or wrong: see"):
                    await wrong.start()
                await wrong.stop()

    asyncio.run(run())


def test_nobody_there() -> None:
    async def run() -> None:
        mock = RemoteMock("http://127.0.0.1:1", redactor=REDACTOR)
        with pytest.raises(BddError, match=r"the mock at http://127\.0\.0\.1:1: .*connect"):
            await mock.start()
        with pytest.raises(BddError, match="not in use"):
            await mock.snapshot()
        for url in ("http://", "http://localhost:99999", "http://[::1"):
            with pytest.raises(BddError, match="the mock at http"):
                await RemoteMock(url).start()
        with pytest.raises(BddError, match="has a user name in it") as caught:
            await RemoteMock("http://me:pa55@localhost").start()
        assert "pa55" not in str(caught.value)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (web.Response(status=404), "it answers with status 404: is it a mock"),
        (web.Response(status=302), "it answers with status 302: is it a mock"),
        (
            web.Response(
                status=422,
                text='{"type":"a","title":"T","status":422,"errors":[{"path":"$.a","message":"M"}]}',
            ),
            r"T: \$\.a: M",
        ),
        (
            web.Response(
                status=403, text='{"type":"a","title":"T","status":403,"detail":"s3cret"}'
            ),
            r"T: \[redacted\]",
        ),
    ],
)
def test_who_answers_is_no_mock(answer: web.Response, message: str) -> None:
    async def run() -> None:
        async def handle(_: web.BaseRequest) -> web.Response:
            return answer

        runner = web.ServerRunner(web.Server(handle))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            with pytest.raises(BddError, match=message):
                await RemoteMock(url, redactor=REDACTOR).start()
        finally:
            await runner.cleanup()

    asyncio.run(run())


def test_an_answer_that_is_not_understood() -> None:
    async def scenario(mock: RemoteMock, _: Spaces) -> None:
        async def nonsense(*_: object) -> bytes:
            return b"{}"

        mock._ask = nonsense  # type: ignore[method-assign]  # a server that has gone wrong
        with pytest.raises(BddError, match="what it answers is not understood"):
            await mock.snapshot()

    play(scenario)


def test_a_mock_that_is_gone_at_the_end_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        spaces = Spaces(lambda _: Space(), time.monotonic)
        server = MockServer(spaces, admin=Dispatcher(spaces, None))
        await server.start()
        mock = RemoteMock(server.url)
        await mock.start()
        await server.stop()
        await mock.stop()
        await mock.stop()

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert "is left behind" in caplog.text
