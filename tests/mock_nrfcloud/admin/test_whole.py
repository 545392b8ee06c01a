"""Health, settings, namespaces and metrics."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.mock_nrfcloud.admin.serving import Bench, play, until


def test_health() -> None:
    async def scenario(bench: Bench) -> None:
        status, health = await bench.admin("GET", "/health")
        assert status == 200
        assert health["status"] == "healthy"
        assert health["uptimeInSeconds"] >= 0
        assert health["version"]

    play(scenario)


def test_settings() -> None:
    async def scenario(bench: Bench) -> None:
        settings = {"exhausted": "repeat", "hosts": ["api.nrfcloud.com"], "faultSeed": 0}
        assert await bench.admin("GET", "/settings") == (200, settings)
        hosts = ["api.nrfcloud.com", "h.example"]
        settings = {"exhausted": "not-found", "hosts": hosts, "faultSeed": 7}
        new = {"exhausted": "not-found", "hosts": ["H.example"], "faultSeed": 7}
        assert await bench.admin("PUT", "/settings", new) == (200, settings)
        assert await bench.admin("PUT", "/settings", {}) == (200, settings)
        assert (await bench.admin("PUT", "/settings", {"exhausted": "no"}))[0] == 422

    play(scenario)


def test_reset() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin("POST", "/mappings", {"request": {"method": "GET", "url": "/x"}})
        await bench.get("/x")
        assert await bench.admin("POST", "/reset") == (204, None)
        assert (await bench.admin("GET", "/requests"))[1]["requests"] == []
        assert await bench.get("/x") == 404

    play(scenario)


def test_namespaces_do_not_see_each_other() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin("PUT", "/settings", {"exhausted": "not-found", "faultSeed": 3})
        status, made = await bench.admin("PUT", "/namespaces/a", {})
        assert (status, made) == (201, {"name": "a", "path": "/__ns/a"})
        await bench.admin("PUT", "/namespaces/b", {"exhausted": "repeat", "hosts": ["h.example"]})
        assert (await bench.admin("PUT", "/namespaces/b", {}))[0] == 409
        assert (await bench.admin("PUT", "/namespaces/b%20c", {}))[0] == 422
        new = {"request": {"method": "GET", "url": "/x"}}
        await bench.admin("POST", "/mappings", new, at="/__ns/a")
        assert (await bench.admin("GET", "/settings", at="/__ns/a"))[1]["exhausted"] == "not-found"
        assert (await bench.admin("GET", "/settings", at="/__ns/b"))[1] == {
            "exhausted": "repeat",
            "hosts": ["api.nrfcloud.com", "h.example"],
            "faultSeed": 3,
        }
        assert await bench.get("/x") == 404
        assert await bench.get("/__ns/b/x") == 404
        assert await bench.get("/__ns/a/x") == 200
        assert await bench.get("/x", **{"X-Mock-Namespace": "a"}) == 404, "it is used up"
        assert await bench.get("/__ns/b/h.example/y") == 404
        _, found = await bench.admin("GET", "/requests", at="/__ns/a")
        assert [each["request"]["urlPath"] for each in found["requests"]] == ["/x", "/x"]
        _, found = await bench.admin("GET", "/requests", headers={"X-Mock-Namespace": "b"})
        assert [each["request"]["host"] for each in found["requests"]] == [
            "h.example",
            "api.nrfcloud.com",
        ]
        _, found = await bench.admin("GET", "/namespaces")
        assert [each["name"] for each in found["namespaces"]] == ["a", "b"]
        assert await bench.admin("DELETE", "/namespaces/a") == (204, None)
        assert (await bench.admin("DELETE", "/namespaces/a"))[0] == 404

    play(scenario)


def test_a_request_for_a_namespace_that_is_not_there_is_told_so_and_recorded() -> None:
    async def scenario(bench: Bench) -> None:
        async with bench.http.get(f"{bench.url}/__ns/a/v1/x") as response:
            assert response.status == 404
            problem = await response.json(content_type="application/problem+json")
        assert "there is no namespace 'a'" in problem["title"]
        status, _ = await bench.admin("GET", "/health", at="/__ns/a")
        assert status == 404
        assert await bench.get("/v1/y", **{"X-Mock-Namespace": "a"}) == 404
        _, found = await bench.admin("GET", "/requests")
        assert [each["request"]["urlPath"] for each in found["requests"]] == [
            "/v1/y",
            "/__ns/a/v1/x",
        ]

    play(scenario)


def test_there_are_not_too_many_namespaces() -> None:
    async def scenario(bench: Bench) -> None:
        for number in range(100):
            assert (await bench.admin("PUT", f"/namespaces/n{number}", {}))[0] == 201
        status, problem = await bench.admin("PUT", "/namespaces/more", {})
        assert status == 409
        assert "100 namespaces" in problem["title"]

    play(scenario)


def watched(bench: Bench) -> bool:
    return bool(bench.spaces.root.journal.waits.watching)


NEW = {"request": {"method": "GET", "url": "/a"}}


@pytest.mark.parametrize(
    ("change", "member"),
    [
        (("POST", "/mappings", NEW), "stubs"),
        (("DELETE", "/mappings"), "changes"),
        (("DELETE", "/requests"), "first"),
        (("PUT", "/namespaces/a", {}), "changes"),
        (("PUT", "/settings", {}), "changes"),
        ((), "next"),
    ],
)
def test_a_change_is_told_when_it_happens(change: tuple[Any, ...], member: str) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.get("/x")
        _, before = await bench.admin("GET", "/changes")
        assert before == {"first": 1, "next": 2, "changes": 0, "stubs": 0}
        waiting = asyncio.create_task(
            bench.admin("GET", "/changes?first=1&next=2&changes=0&timeout=60")
        )
        await until(lambda: watched(bench))
        await (bench.admin(*change) if change else bench.get("/x"))
        status, after = await waiting
        assert status == 200
        assert after[member] > before[member]
        assert not watched(bench)

    play(scenario)


def test_what_only_looks_is_no_change_and_a_watch_ends() -> None:
    async def scenario(bench: Bench) -> None:
        started = time.monotonic()
        waiting = asyncio.create_task(bench.admin("GET", "/changes?first=1&next=1&timeout=0.2"))
        await until(lambda: watched(bench))
        await bench.admin("POST", "/requests/count", {})
        await bench.admin("POST", "/near-misses/request", NEW["request"])
        assert await waiting == (200, {"first": 1, "next": 1, "changes": 0, "stubs": 0})
        assert time.monotonic() - started >= 0.2
        assert not watched(bench)

    play(scenario)


def test_a_watch_ends_with_its_namespace() -> None:
    async def scenario(bench: Bench) -> None:
        space = bench.spaces.make("a")
        path = "/changes?first=1&next=1&timeout=60"
        waiting = asyncio.create_task(bench.admin("GET", path, at="/__ns/a"))
        await until(lambda: bool(space.journal.waits.watching))
        await bench.admin("DELETE", "/namespaces/a")
        assert (await waiting)[0] == 200
        assert (await bench.admin("GET", path, at="/__ns/a"))[0] == 404

    play(scenario)
