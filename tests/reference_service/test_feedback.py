"""Feedback goes to the webhook."""

from __future__ import annotations

import pytest
from aiohttp import web

from tests.reference_service.world import run, world

FEEDBACK = {"stars": 4, "suggestion": "More", "email": "alex@example.com", "browser": "Lynx"}
HOOK = "/hooks/secret-part"


def test_feedback_is_passed_on(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        async with world(webhook="{cloud}" + HOOK) as w:
            w.cloud.answer("POST", HOOK, {})
            assert await w.ask("POST", "/feedback", FEEDBACK) == (201, None)
            call = await w.cloud.called("POST", HOOK)
            assert call.headers["content-type"] == "application/json; charset=utf-8"
            assert "authorization" not in call.headers
            assert call.body["sections"][0]["facts"][0] == {"name": "Rating", "value": "★★★★☆"}
        assert "webhook: POST -> ok" in caplog.messages
        assert "secret-part" not in caplog.text

    caplog.set_level("INFO")
    run(test)


def test_what_is_no_feedback_is_not_passed_on() -> None:
    async def test() -> None:
        async with world(webhook="{cloud}" + HOOK) as w:
            status, answer = await w.ask("POST", "/feedback", FEEDBACK | {"stars": 6})
            assert (status, answer["detail"]) == (400, "stars must be a whole number from 1 to 5")
            assert w.cloud.calls == []

    run(test)


def test_a_webhook_that_does_not_take_it() -> None:
    async def test() -> None:
        async with world(webhook="{cloud}" + HOOK) as w:
            status, answer = await w.ask("POST", "/feedback", FEEDBACK)
            assert (status, answer["title"]) == (502, "Bad Gateway")

            async def drop(request: web.Request) -> web.Response:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()

            w.cloud.answer_by("POST", HOOK, drop)
            assert (await w.ask("POST", "/feedback", FEEDBACK))[0] == 502

    run(test)


def test_without_a_webhook() -> None:
    async def test() -> None:
        async with world() as w:
            status, answer = await w.ask("POST", "/feedback", FEEDBACK)
            assert status == 503
            assert "--webhook" in answer["detail"]

    run(test)
