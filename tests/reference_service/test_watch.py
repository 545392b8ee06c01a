"""Keeping what is known of a device fresh."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.reference_service.world import (
    DEVICE,
    HISTORY,
    KEY,
    OTHER_KEY,
    PROTO,
    SHADOWS,
    Socket,
    run,
    shadow,
    world,
)


def item(day: int, service: str = "GNSS", **more: Any) -> dict[str, Any]:
    return {
        "id": f"{day}-{service}",
        "deviceId": DEVICE,
        "serviceType": service,
        "insertedAt": f"2026-01-0{day}T00:00:00.000Z",
        "lat": "63.4",
        "lon": "10.4",
        "uncertainty": "5",
        **more,
    }


async def told_days(socket: Socket, count: int) -> list[int]:
    """The days of the next locations that are told."""
    found = [
        await socket.until(**{"@context": PROTO + "lwm2m/object/update"}) for _ in range(count)
    ]
    return [(each["Resources"]["99"] - 1767225600) // 86400 + 1 for each in found]


def test_the_shadow_is_asked_for_as_the_device_alone() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            async with w.socket():
                call = await w.cloud.called("GET", SHADOWS, 2)
            assert call.query == {
                "deviceIds": DEVICE,
                "includeState": "true",
                "includeStateMeta": "true",
                "pageLimit": "100",
            }
            assert call.headers["authorization"] == f"Bearer {KEY}"
            assert "content-type" not in call.headers

    run(test)


def test_each_account_has_its_key() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device(account="other")
            async with w.socket():
                shadows = await w.cloud.called("GET", SHADOWS)
                history = await w.cloud.called("GET", HISTORY)
            for call in (shadows, history):
                assert call.headers["authorization"] == f"Bearer {OTHER_KEY}"

    run(test)


def test_all_pages_of_the_location_history_are_told_once() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            pages: list[dict[str, Any]] = [
                {"items": [item(4), item(3, "WIFI")], "total": 4, "pageNextToken": "p2"},
                {"items": [item(2, "SCELL"), item(1, "ANCHOR")], "total": 4, "pageNextToken": "p2"},
            ]
            w.cloud.answer_pages(HISTORY, pages)
            async with w.socket() as socket:
                assert await told_days(socket, 4) == [1, 2, 3, 4]
                first = await w.cloud.called("GET", HISTORY)
                second = await w.cloud.called("GET", HISTORY, 2)
                assert first.query == {"deviceId": DEVICE, "pageLimit": "100"}
                assert second.query == first.query | {"pageNextToken": "p2"}
                # A token that comes again ends the paging: the third call is the next poll.
                assert (await w.cloud.called("GET", HISTORY, 3)).query == first.query
                pages[0]["items"].insert(0, item(5, "MCELL"))
                assert await told_days(socket, 1) == [5]
            # Another client is told all of it, and the shadow has the newest.
            async with w.socket() as socket:
                await socket.message()
                message = await socket.message()
                (newest,) = (each for each in message["reported"] if each["ObjectID"] == 14201)
                assert newest["ObjectInstanceID"] == 1
                assert newest["Resources"]["6"] == "MCELL"
                assert await told_days(socket, 5) == [1, 2, 3, 4, 5]

    run(test)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {}),
        (500, b"oops"),
        (302, b""),
        (200, b"<html>"),
        (200, b""),
        (200, []),
        (200, {"items": [{"id": DEVICE, "state": 5}], "total": 1}),
        (200, {"items": None}),
        (200, b'{"items": [' + b"[" * 100_000),
        (200, b" " * 5_000_000),
    ],
)
def test_what_nrf_cloud_refuses_changes_nothing_and_ends_nothing(status: int, body: object) -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow(1))
            async with w.socket() as socket:
                await socket.until(**{"@context": PROTO + "shadow"})
                for path in (SHADOWS, HISTORY):
                    w.cloud.answer("GET", path, body, status)
                    await w.cloud.again("GET", path, 3)
                assert w.store.shadow(DEVICE) == shadow(1)
                w.cloud.answer("GET", HISTORY, {"items": [item(1)]})
                assert await told_days(socket, 1) == [1]
                w.cloud.has_shadow(shadow(2))
                await socket.until(**{"@context": PROTO + "shadow"})

    run(test)


def test_a_connection_that_nrf_cloud_drops_ends_nothing() -> None:
    async def test() -> None:
        async with world() as w:

            async def drop(request: web.Request) -> web.Response:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()

            await w.device()
            w.cloud.answer_by("GET", SHADOWS, drop)
            async with w.socket() as socket:
                await w.cloud.called("GET", SHADOWS, 3)
                w.cloud.has_shadow(shadow(1))
                await socket.until(**{"@context": PROTO + "shadow"})

    run(test)


def test_answers_do_not_overtake_each_other() -> None:
    async def test() -> None:
        async with world() as w:
            go_on = asyncio.Event()

            async def slow(_request: web.Request) -> web.Response:
                await go_on.wait()
                return web.json_response({"items": [{"id": DEVICE, "state": shadow(1)}]})

            await w.device()
            w.cloud.answer_by("GET", SHADOWS, slow)
            async with w.socket() as socket:
                await w.cloud.called("GET", SHADOWS)
                scheduling = asyncio.ensure_future(
                    w.of_device("POST", "/fota/app", {"upgradePath": {"9.9.9": "APP*1e29dfa3*v"}})
                )
                w.cloud.has_shadow(shadow(2))
                go_on.set()
                assert (await scheduling)[0] == 201
                await socket.until(status="SUCCEEDED")
                assert w.store.shadow(DEVICE) == shadow(2)

    run(test)


def test_what_was_learnt_survives_a_restart(tmp_path: Path) -> None:
    async def test() -> None:
        state = tmp_path / "state.sqlite"
        async with world(state) as w:
            await w.device()
            w.cloud.has_shadow(shadow(1))
            w.cloud.answer("GET", HISTORY, {"items": [item(1)]})
            async with w.socket() as socket:
                await told_days(socket, 1)
                before = await w.cloud.called("GET", HISTORY, 2)
                assert before
        async with world(state) as w, w.socket() as socket:
            await socket.message()
            message = await socket.message()
            assert [each["ObjectID"] for each in message["reported"]] == [14401, 14204, 14201]

    run(test)
