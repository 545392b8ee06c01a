"""The websocket endpoint."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import WSMsgType

from reference_service import contexts
from reference_service.hub import MAX_CONNECTIONS
from tests.reference_service.world import (
    DEVICE,
    FINGERPRINT,
    HISTORY,
    PATIENCE,
    PROTO,
    SHADOWS,
    run,
    shadow,
    world,
)

IDENTITY = {"@context": PROTO + "deviceIdentity", "id": DEVICE, "model": "PCA20065"}


@pytest.mark.parametrize(
    "query", ["", "?fingerprint=", "?fingerprint=92b", "?fingerprint=92b.222222"]
)
def test_who_is_refused(query: str) -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await w.http.ws_connect(f"{w.url}/{query}")
            assert caught.value.status == 403
            assert (await w.ask("GET", f"/{query}"))[0] == 403

    run(test)


def test_no_websocket_client() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            status, answer = await w.ask("GET", f"/?fingerprint={FINGERPRINT}")
            assert (status, answer["title"]) == (426, "Upgrade Required")

    run(test)


def test_first_the_identity_then_the_shadow_when_there_is_one() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            async with w.socket() as socket:
                assert await socket.message() == IDENTITY
                await w.cloud.called("GET", SHADOWS, 3)
                w.cloud.has_shadow(shadow(1))
                told = await socket.message()
                assert told["@context"] == PROTO + "shadow"
                assert {each["ObjectID"] for each in told["reported"]} == {14401, 14204}
                # The same version is not told again, another one is.
                await w.cloud.again("GET", SHADOWS, 3)
                w.cloud.has_shadow(shadow(2, "2.0.1"))
                (info,) = (
                    each for each in (await socket.message())["reported"]
                    if each["ObjectID"] == 14204
                )  # fmt: skip
                assert info["Resources"] == {"3": "2.0.1"}
            # Who comes later is told at once what is known.
            async with w.socket() as first, w.socket() as second:
                for socket in (first, second):
                    assert await socket.message() == IDENTITY
                    assert (await socket.message())["@context"] == PROTO + "shadow"

    run(test)


def test_what_was_set_is_told_without_a_shadow() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            update = {
                "@context": contexts.OBJECT_UPDATE,
                "ObjectID": 14240,
                "Resources": {"0": 60, "99": 5},
            }
            await w.of_device("PATCH", "/state", update)
            wanted = {"ObjectID": 14240, "ObjectVersion": "1.0", "Resources": {"0": 60, "99": 5}}
            async with w.socket() as socket:
                assert await socket.message() == IDENTITY
                assert await socket.message() == {
                    "@context": PROTO + "shadow",
                    "desired": [wanted],
                    "reported": [],
                }

    run(test)


def test_an_unsupported_device_gets_its_identity_only() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device(model="unsupported")
            w.cloud.has_shadow(shadow(1, "9.9.9"))
            async with w.socket() as socket:
                assert await socket.message() == IDENTITY | {"model": "unsupported"}
                path = {"upgradePath": {"1.0.0": "APP*1e29dfa3*v2.0.1"}}
                assert (await w.of_device("POST", "/fota/app", path))[0] == 201
                await w.cloud.called("GET", SHADOWS)
                await socket.socket.close()
                assert await socket.socket.receive() == (WSMsgType.CLOSED, None, None)
            assert not w.cloud.seen("GET", HISTORY)

    run(test)


def test_polling_ends_with_the_last_connection() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            async with w.socket(), w.socket():
                await w.cloud.called("GET", SHADOWS, 2)
                watching = [each for each in asyncio.all_tasks() if "watching" in each.get_name()]
                assert len(watching) == 1
            await asyncio.wait_for(watching[0], PATIENCE)
            seen = len(w.cloud.calls)
            await w.of_device("GET", "/fota/jobs")
            assert len(w.cloud.calls) == seen

    run(test)


def test_connections_of_a_device_are_bounded() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            url = f"{w.url}/?fingerprint={FINGERPRINT}"
            sockets = [await w.http.ws_connect(url) for _ in range(MAX_CONNECTIONS)]
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await w.http.ws_connect(url)
            assert caught.value.status == 429
            for socket in sockets:
                await socket.close()

    run(test)


def test_what_clients_send_is_ignored_within_bounds() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            async with w.socket() as socket:
                await socket.message()
                await socket.socket.send_str("[" * 1000)
                await socket.socket.send_bytes(b"\xff")
                w.cloud.has_shadow(shadow(1))
                await socket.until(**{"@context": PROTO + "shadow"})
                await socket.socket.send_str("x" * 5000)
                assert (await socket.socket.receive(timeout=PATIENCE)).data == 1009

    run(test)


def test_a_stop_says_goodbye() -> None:
    async def test() -> None:
        async with aiohttp.ClientSession() as http:
            async with world() as w:
                await w.device()
                socket = await http.ws_connect(f"{w.url}/?fingerprint={FINGERPRINT}")
                await socket.receive_json(timeout=PATIENCE)
                goodbye = asyncio.ensure_future(socket.receive(timeout=PATIENCE))
            assert (await goodbye).data == aiohttp.WSCloseCode.GOING_AWAY

    run(test)
