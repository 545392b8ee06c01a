"""The journal over the admin API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mock_nrfcloud.admin import requests as module
from mock_nrfcloud.admin import table
from tests.mock_nrfcloud.admin.serving import Bench, play, until


def paths(found: dict[str, Any]) -> list[str]:
    return [each["request"]["urlPath"] for each in found["requests"]]


def test_requests_are_listed_newest_first_in_pages_and_filtered() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin(
            "POST", "/mappings", {"request": {"method": "GET", "url": "/a"}, "kind": "kept"}
        )
        for path in ("/a", "/b?x=1", "/a", "/abc"):
            await bench.get(path)
        await bench.http.post(bench.url + "/a", data=b"\xff")
        _, found = await bench.admin("GET", "/requests")
        assert paths(found) == ["/a", "/abc", "/a", "/b", "/a"]
        assert found["requests"][0]["request"]["base64Body"] == "/w=="
        assert found["meta"] == {"total": 5}
        assert not found["more"]
        _, page = await bench.admin("GET", "/requests?limit=2")
        assert page == {"requests": found["requests"][:2], "meta": {"total": 5}, "more": True}
        _, page = await bench.admin("GET", "/requests?limit=2&before=4&after=2")
        assert page == {"requests": found["requests"][2:3], "meta": {"total": 5}, "more": False}
        for query, count in {
            "method=POST": 1,
            "host=other": 0,
            "host=api.nrfcloud.com": 5,
            "path=b": 2,
            "status=404": 3,
            "status=200": 2,
            "status=4xx": 3,
            "status=5xx": 0,
            "text=X%3D1": 1,
            "text=python%2F3": 5,
            "text=no%20STUB": 3,
            "text=.": 5,
            "text=a%2Bb": 0,
            "matched=true": 2,
            "matched=false": 3,
        }.items():
            _, page = await bench.admin("GET", f"/requests?{query}")
            assert len(page["requests"]) == count, query
        for query in ("status=40", "status=x", "status=6xx", "bodies=perhaps"):
            assert (await bench.admin("GET", f"/requests?{query}"))[0] == 422
        _, page = await bench.admin("GET", "/requests?bodies=false&limit=1")
        assert "base64Body" not in page["requests"][0]["request"]
        assert "body" not in page["requests"][0]["response"]
        status, request = await bench.admin("GET", "/requests/2")
        assert status == 200
        assert request.items() >= found["requests"][3].items()
        for number in ("6", "0", "-1", "x", "9" * 30, "²"):
            assert (await bench.admin("GET", f"/requests/{number}"))[0] == 404
        assert await bench.admin("DELETE", "/requests") == (204, None)
        _, page = await bench.admin("GET", "/requests")
        assert page == {"requests": [], "meta": {"total": 0}, "more": False}

    play(scenario)


def test_large_bodies_make_small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_BODIES", 3_000)

    async def scenario(bench: Bench) -> None:
        for _ in range(5):
            await bench.http.post(bench.url + "/a", data=b"x" * 1500)
        for path in ("/requests", "/requests/unmatched"):
            _, page = await bench.admin("GET", path)
            assert [each["number"] for each in page["requests"]] == [5, 4]
            assert page["more"]

    play(scenario)


def test_a_request_is_explained() -> None:
    async def scenario(bench: Bench) -> None:
        asked = {"method": "GET", "url": "/a?x=/[0-9]/", "headers": {"X-Api-Key": "k1"}}
        _, stub = await bench.admin("POST", "/mappings", {"request": asked, "kind": "kept"})
        await bench.get("/a?x=1", **{"X-Api-Key": "k1"})
        await bench.get("/a?x=y")
        _, found = await bench.admin("GET", "/requests/1")
        assert found["nearMisses"] == []
        assert found["answeredBy"]["mapping"] == stub | {"answered": 1, "answeredTogether": 1}
        conditions = found["answeredBy"]["criteria"]
        assert all(each["matched"] for each in conditions)
        assert [(each["field"], each["expected"]) for each in conditions[3:]] == [
            ("query x", '"/[0-9]/"'),
            ("header X-Api-Key", '"[redacted]"'),
        ]
        _, found = await bench.admin("GET", "/requests/2")
        assert found["answeredBy"] is None
        (near,) = found["nearMisses"]
        assert [each["field"] for each in near["criteria"] if not each["matched"]] == [
            "query x",
            "header X-Api-Key",
        ]
        assert "k1" not in str(near)
        await bench.admin("DELETE", "/mappings")
        _, found = await bench.admin("GET", "/requests/1")
        assert (found["stub"], found["answeredBy"]) == (stub["id"], None)

    play(scenario)


def test_requests_are_found_and_counted() -> None:
    async def scenario(bench: Bench) -> None:
        for path in ("/a", "/b?x=1", "/a"):
            await bench.get(path)
        wanted = {"method": "GET", "urlPath": "/a"}
        assert await bench.admin("POST", "/requests/count", wanted) == (
            200,
            {"count": 2, "dropped": 0},
        )
        assert await bench.admin("POST", "/requests/count", {}) == (200, {"count": 3, "dropped": 0})
        _, found = await bench.admin("POST", "/requests/find?limit=1", wanted)
        assert [each["number"] for each in found["requests"]] == [3]
        assert found["more"]
        await bench.admin("POST", "/begin", {})
        assert await bench.admin("POST", "/requests/count", {}) == (200, {"count": 0, "dropped": 0})
        # A listing for a person goes further back.
        assert len((await bench.admin("GET", "/requests"))[1]["requests"]) == 3

    play(scenario)


def test_a_marker_that_cannot_be_tried_is_refused() -> None:
    async def scenario(bench: Bench) -> None:
        wanted = {"method": "GET", "url": "/a", "jsonBody": {"id": "#regex ("}}
        for path in ("/requests/count", "/requests/find", "/requests/wait?timeout=60"):
            status, problem = await bench.admin("POST", path, wanted)
            assert status == 422
            assert "#regex ( has an invalid regular expression" in problem["detail"]

    play(scenario)


def test_a_request_is_awaited() -> None:
    async def scenario(bench: Bench) -> None:
        wanted = {"method": "GET", "url": "/a?x=1"}
        waiting = asyncio.create_task(bench.admin("POST", "/requests/wait?timeout=60", wanted))
        await bench.get("/a?x=2")
        await bench.get("/a?x=1")
        status, result = await waiting
        assert status == 200
        assert result["found"]["number"] == 2
        wanted = {"method": "GET", "url": "/a?x=3"}
        _, result = await bench.admin("POST", "/requests/wait?timeout=0", wanted)
        assert result["found"] is None
        assert result["nearest"]["differences"][0]["field"] == "query x"
        assert result["others"] == 1
        wanted = {"method": "GET", "url": "/a?x=1"}
        waiting = asyncio.create_task(
            bench.admin("POST", "/requests/wait?timeout=60&times=2&after=1", wanted)
        )
        await bench.get("/a?x=1")
        _, result = await waiting
        assert (result["found"]["number"], result["count"]) == (3, 2)
        _, result = await bench.admin("POST", "/requests/wait?timeout=0&times=3", wanted)
        assert (result["found"], result["count"]) == (None, 2)
        for query in ("times=0", "times=x", "after=-1"):
            assert (await bench.admin("POST", f"/requests/wait?{query}", wanted))[0] == 422
        assert (await bench.admin("POST", "/requests/wait", {}))[0] == 422
        assert (await bench.admin("POST", "/requests/wait?timeout=61", wanted))[0] == 422

    play(scenario)


def test_nobody_waits_for_a_client_that_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "LOOK_SECONDS", 0.01)

    async def scenario(bench: Bench) -> None:
        waits = bench.spaces.root.journal.waits
        wanted = {"method": "GET", "url": "/a"}
        waiting = asyncio.create_task(bench.admin("POST", "/requests/wait?timeout=60", wanted))
        await until(lambda: bool(waits.waiting))
        waiting.cancel()
        await bench.http.close()
        await until(lambda: not waits.waiting)

    play(scenario)


def test_requests_without_a_stub_are_listed_with_what_came_near() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin("POST", "/mappings", {"request": {"method": "GET", "url": "/a?x=1"}})
        await bench.get("/a?x=1")
        await bench.get("/a?x=2")
        await bench.get("/a?x=3")
        _, found = await bench.admin("GET", "/requests/unmatched?limit=1")
        (miss,) = found["requests"]
        assert found["more"]
        assert miss["number"] == 3
        assert not miss["wasMatched"]
        (near,) = miss["nearMisses"]
        assert near["stub"] == "queued GET /a?x=1"
        assert near["reasons"] == ['query x: expected "1", got "3"']
        assert [(each["field"], each["matched"]) for each in near["criteria"]] == [
            ("method", True),
            ("host", True),
            ("path", True),
            ("query x", False),
        ]
        assert near["criteria"][3] == {
            "field": "query x",
            "matched": False,
            "what": 'expected "1", got "3"',
            "expected": '"1"',
            "actual": '"3"',
        }

    play(scenario)


def test_a_request_can_be_tried_without_being_sent() -> None:
    async def scenario(bench: Bench) -> None:
        new = {
            "request": {"method": "POST", "url": "/a", "host": "h.example", "jsonBody": {"b": 1}}
        }
        _, stub = await bench.admin("POST", "/mappings", new)
        request = {"method": "POST", "urlPath": "/a", "host": "H.example", "jsonBody": {"b": 1}}
        for _ in range(2):
            status, result = await bench.admin("POST", "/near-misses/request", request)
            assert (status, result) == (200, {"answeredBy": stub, "nearMisses": []})
        request["jsonBody"] = {"b": 2}
        _, result = await bench.admin("POST", "/near-misses/request", request)
        assert result["answeredBy"] is None
        assert result["nearMisses"][0]["reasons"] == ["body b: expected 1, got 2"]
        await bench.admin("PUT", "/shadows/a", {"page": {"items": []}})
        shadow = "/v1/devices?deviceIds=a&includeState=true&includeStateMeta=true&pageLimit=100"
        _, result = await bench.admin(
            "POST", "/near-misses/request", {"method": "GET", "url": shadow}
        )
        assert result["answeredBy"]["id"] == "shadow:a"
        assert (await bench.admin("GET", "/requests"))[1]["requests"] == []

    play(scenario)
