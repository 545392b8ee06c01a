"""Registering devices, and the service's health."""

from __future__ import annotations

import pytest

from tests.reference_service.world import DEVICE, FINGERPRINT, PROTO, TOKEN, run, world

BODY = {"fingerprint": FINGERPRINT, "model": "PCA20065", "account": "default"}
PATH = f"/admin/devices/{DEVICE}"


def test_health() -> None:
    async def test() -> None:
        async with world() as w:
            health = {"@context": PROTO + "api/health", "version": "1.2.3"}
            assert await w.ask("GET", "/health") == (200, health)

    run(test)


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN},
               {"Authorization": "Bearer \u00fc"}]
)  # fmt: skip
def test_only_those_with_the_token_may(header: dict[str, str]) -> None:
    async def test() -> None:
        async with world() as w:
            status, answer = await w.ask("PUT", PATH, BODY, headers=header)
            assert (status, answer["title"]) == (401, "Unauthorized")
            assert w.store.device(DEVICE) is None

    run(test)


def test_without_a_token_it_is_not_served() -> None:
    async def test() -> None:
        async with world(token=None) as w:
            for header in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
                assert (await w.ask("PUT", PATH, BODY, headers=header))[0] == 404

    run(test)


def test_what_is_refused() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            header = {"Authorization": f"Bearer {TOKEN}"}
            for path, body, status, words in (
                (PATH, BODY | {"account": "third"}, 400, "no account 'third'"),
                (PATH, BODY | {"fingerprint": "x"}, 400, "fingerprint"),
                (PATH, [], 400, "JSON object"),
                ("/admin/devices/a%20b", BODY, 400, "device ID"),
                ("/admin/devices/another", BODY, 409, "another device"),
            ):
                got, answer = await w.ask("PUT", path, body, headers=header)
                assert got == status
                assert words in answer["detail"]

    run(test)
