"""Stubs and shadow data over the admin API."""

from __future__ import annotations

from tests.mock_nrfcloud.admin.serving import Bench, play

SHADOW = "/v1/devices?deviceIds=a%2Fb&includeState=true&includeStateMeta=true&pageLimit=100"


def new(path: str, status: int = 200, **more: object) -> dict[str, object]:
    return {"request": {"method": "GET", "urlPath": path}, "response": {"status": status}, **more}


def test_stubs_are_added_listed_and_removed() -> None:
    async def scenario(bench: Bench) -> None:
        status, added = await bench.admin("POST", "/mappings", new("/x", 201))
        assert status == 201
        assert added["state"] == "waiting"
        assert await bench.get("/x") == 201
        await bench.admin("POST", "/mappings", new("/y", kind="kept"))
        status, found = await bench.admin("GET", "/mappings")
        assert found["meta"] == {"total": 2}
        assert [each["state"] for each in found["mappings"]] == ["served", "kept"]
        _, page = await bench.admin("GET", "/mappings?limit=1&offset=1")
        assert page == {"mappings": found["mappings"][1:], "meta": {"total": 2}}
        assert await bench.admin("GET", f"/mappings/{added['id']}") == (
            200,
            added | {"state": "served", "answered": 1, "answeredTogether": 1},
        )
        assert await bench.admin("DELETE", f"/mappings/{added['id']}") == (204, None)
        assert (await bench.admin("DELETE", f"/mappings/{added['id']}"))[0] == 404
        assert (await bench.admin("GET", f"/mappings/{added['id']}"))[0] == 404
        assert await bench.get("/x") == 404
        assert await bench.admin("DELETE", "/mappings") == (204, None)
        assert await bench.get("/y") == 404

    play(scenario)


def test_it_is_counted_how_often_a_stub_has_answered() -> None:
    async def scenario(bench: Bench) -> None:
        for status in (201, 202, 203):
            await bench.admin("POST", "/mappings", new("/x", status))
        for _ in range(2):
            await bench.get("/x")

        async def counts() -> list[tuple[int, str, int, int]]:
            _, found = await bench.admin("GET", "/mappings")
            return [
                (each["response"]["status"], *(each[name] for name in names))
                for each in found["mappings"]
            ]

        names = ("state", "answered", "answeredTogether")
        # The one that was served first can no longer answer.
        assert await counts() == [(202, "served", 1, 2), (203, "waiting", 0, 2)]
        for _ in range(3):
            await bench.get("/x")
        assert await counts() == [(203, "served", 3, 5)]
        snapshot = await bench.admin("POST", "/snapshots", {})
        await bench.admin("POST", "/begin", {"inherit": [snapshot[1]["id"]]})
        assert await counts() == [(203, "served", 0, 0)]

    play(scenario)


def test_secrets_are_matched_but_not_listed() -> None:
    async def scenario(bench: Bench) -> None:
        stub = new("/x")
        stub["request"] = {
            "method": "GET",
            "url": "/x?fingerprint=p1",
            "headers": {"Authorization": "Bearer k1"},
        }
        stub["response"] = {"jsonBody": {"token": "t1"}}
        _, added = await bench.admin("POST", "/mappings", stub)
        assert await bench.get("/x?fingerprint=p1", Authorization="Bearer k1") == 200
        for path in ("/mappings", "/requests", f"/mappings/{added['id']}"):
            text = str((await bench.admin("GET", path))[1])
            assert "[redacted]" in text
            assert not any(secret in text for secret in ("p1", "k1", "t1"))

    play(scenario)


def test_what_nobody_asked_for_is_listed() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin("POST", "/mappings", new("/x"))
        await bench.admin("POST", "/mappings", new("/y"))
        await bench.get("/x")
        _, found = await bench.admin("GET", "/mappings/unmatched")
        assert [each["request"]["urlPath"] for each in found["mappings"]] == ["/y"]
        await bench.admin("POST", "/mappings/reset")
        _, found = await bench.admin("GET", "/mappings/unmatched")
        assert found == {"mappings": [], "meta": {"total": 0}}

    play(scenario)


def test_shadows() -> None:
    async def scenario(bench: Bench) -> None:
        page = {"items": [{"id": "a/b"}], "total": 1, "more": [None, 1.5]}
        assert await bench.admin("PUT", "/shadows/a%2Fb", {"page": page}) == (204, None)
        async with bench.http.get(bench.url + SHADOW) as response:
            assert await response.json() == page
        assert await bench.admin("GET", "/shadows") == (200, {"devices": ["a/b"]})
        assert await bench.admin("DELETE", "/shadows/a%2Fb") == (204, None)
        assert (await bench.admin("DELETE", "/shadows/a%2Fb"))[0] == 404
        assert await bench.get(SHADOW) == 404
        status, problem = await bench.admin("PUT", "/shadows/a", {"page": {}})
        assert status == 422
        assert "has no array `items`" in problem["detail"]

    play(scenario)


def test_a_feature_begins_with_what_others_have_left() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin("POST", "/mappings", new("/x"))
        _, left = await bench.admin("POST", "/snapshots")
        await bench.admin("POST", "/begin", {})
        assert await bench.get("/x") == 404
        await bench.admin("POST", "/begin", {"inherit": [left["id"]]})
        assert await bench.get("/x") == 200
        status, problem = await bench.admin("POST", "/begin", {"inherit": ["nope"]})
        assert status == 422
        assert "no snapshot 'nope'" in problem["detail"]

    play(scenario)


def test_a_stub_that_cannot_work_is_refused() -> None:
    async def scenario(bench: Bench) -> None:
        for path in ("/x?a=/(/", "/x?a=/b/z"):
            stub = {"request": {"method": "GET", "url": path}}
            status, problem = await bench.admin("POST", "/mappings", stub)
            assert status == 422
            assert "no valid regular expression" in problem["detail"]
        for response in (
            {"statusMessage": "a\r\nb"},
            {"headers": {"a b": "c"}},
            {"headers": {"a": "b\nc"}},
            {"status": 100},
        ):
            stub = {"request": {"method": "GET", "url": "/x"}, "response": response}
            assert (await bench.admin("POST", "/mappings", stub))[0] == 422, response
        assert (await bench.admin("GET", "/mappings"))[1]["meta"] == {"total": 0}

    play(scenario)
