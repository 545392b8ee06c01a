"""The client of nRF Cloud's REST API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from reference_service.nrfcloud import MAX_PAGES, NrfCloud, Refusal
from tests.reference_service.world import FakeNrfCloud, fake_nrfcloud, run


@asynccontextmanager
async def clients(patience: float = 10) -> AsyncIterator[tuple[FakeNrfCloud, NrfCloud]]:
    async with fake_nrfcloud() as (fake, url), aiohttp.ClientSession() as http:
        yield fake, NrfCloud(http, url + "/", {"default": "secret-key"}, patience)


def test_an_account_without_a_key_is_refused() -> None:
    async def test() -> None:
        async with clients() as (fake, cloud):
            answer = await cloud.fota_job("unknown", "1")
            assert answer == Refusal(None, "the account is not configured")
            assert (cloud.has_account("default"), cloud.has_account("unknown")) == (True, False)
            assert fake.calls == []

    run(test)


def test_no_answer_in_time_is_a_refusal() -> None:
    async def test() -> None:
        async with clients(patience=0.05) as (fake, cloud):
            over = asyncio.Event()

            async def never(_request: web.Request) -> web.Response:
                await over.wait()
                return web.Response()

            async def drip(request: web.Request) -> web.StreamResponse:
                response = web.StreamResponse(headers={"Content-Length": "1000"})
                await response.prepare(request)
                await response.write(b"[")
                await over.wait()
                return response

            for answer in (never, drip):
                fake.answer_by("GET", "/v1/fota-jobs/1", answer)
                assert await cloud.fota_job("default", "1") == Refusal(None, "no answer in time")
            over.set()

    run(test)


def test_nobody_there_is_a_refusal(unused_tcp_port: int) -> None:
    async def test() -> None:
        async with aiohttp.ClientSession() as http:
            cloud = NrfCloud(http, f"http://127.0.0.1:{unused_tcp_port}", {"default": "k"})
            assert await cloud.fota_job("default", "1") == Refusal(None, "ClientConnectorError")

    run(test)


@pytest.fixture
def unused_tcp_port() -> int:
    """A port that nobody listens on: 1 needs rights that tests do not have."""
    return 1


def test_redirects_are_not_followed() -> None:
    async def test() -> None:
        async with clients() as (fake, cloud):

            async def elsewhere(_request: web.Request) -> web.Response:
                raise web.HTTPFound("/v1/elsewhere")

            fake.answer_by("GET", "/v1/fota-jobs/1", elsewhere)
            assert await cloud.fota_job("default", "1") == Refusal(302, "Found")
            assert len(fake.calls) == 1

    run(test)


def test_pages_end_at_a_bound() -> None:
    async def test() -> None:
        async with clients() as (fake, cloud):

            async def endless(request: web.Request) -> web.Response:
                token = int(request.query.get("pageNextToken", "0")) + 1
                return web.json_response({"items": [token], "pageNextToken": str(token)})

            fake.answer_by("GET", "/v1/firmwares", endless)
            items, refusal = await cloud.firmwares("default")
            assert items == list(range(1, MAX_PAGES + 1))
            assert refusal == Refusal(None, f"more than {MAX_PAGES} pages")

    run(test)


@pytest.mark.parametrize("token", [None, "", 5, ["next"], {}])
def test_a_token_that_is_none_ends_the_pages(token: object) -> None:
    async def test() -> None:
        async with clients() as (fake, cloud):
            fake.answer("GET", "/v1/firmwares", {"items": [1], "pageNextToken": token})
            assert await cloud.firmwares("default") == ([1], None)
            assert len(fake.calls) == 1

    run(test)


def test_what_was_read_before_a_refusal_is_kept() -> None:
    async def test() -> None:
        async with clients() as (fake, cloud):
            pages: list[dict[str, Any]] = [{"items": [1], "pageNextToken": "a"}, {"items": "none"}]
            fake.answer_pages("/v1/firmwares", pages)
            items, refusal = await cloud.firmwares("default")
            assert (items, refusal) == ([1], Refusal(None, "the answer has no items"))

    run(test)


def test_calls_are_logged_when_their_outcome_changes(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reference_service.nrfcloud._REMEMBERED_CALLS", 1)

    async def test() -> None:
        async with clients() as (fake, cloud):
            path = "/v1/fota-jobs/1"
            for _ in range(3):
                await cloud.fota_job("default", "1")
            fake.answer("GET", path, {"status": "CREATED"})
            for _ in range(3):
                await cloud.fota_job("default", "1")
            await cloud.fota_job("default", "2")
            for _ in range(2):
                await cloud.cancel_fota_job("default", "1")
        assert [line for line in caplog.messages if "nRF Cloud" in line] == [
            f"nRF Cloud (default): GET {path} -> 404 Not Found",
            f"nRF Cloud (default): GET {path} -> ok",
            "nRF Cloud (default): GET /v1/fota-jobs/2 -> 404 Not Found",
            f"nRF Cloud (default): PUT {path}/cancel -> 404 Not Found",
            f"nRF Cloud (default): PUT {path}/cancel -> 404 Not Found",
        ]
        assert "secret" not in caplog.text

    caplog.set_level("INFO")
    run(test)
