"""Outages and faults over the admin API."""

from __future__ import annotations

import aiohttp
import pytest

from tests.mock_nrfcloud.admin.serving import Bench, play


def test_outages_are_added_listed_counted_and_ended() -> None:
    async def scenario(bench: Bench) -> None:
        new = {"response": {"status": 503}, "times": 3, "request": {"urlPath": "/x"}}
        status, added = await bench.admin("POST", "/outages", new)
        assert (status, added["times"], added["left"]) == (201, 3, 3)
        assert added["request"] == {
            "urlPath": "/x",
            "host": "api.nrfcloud.com",
            "queryParameters": {},
        }
        assert [await bench.get(path) for path in ("/x", "/y")] == [503, 404]
        assert await bench.admin("GET", "/outages") == (200, {"outages": [added | {"left": 2}]})
        assert await bench.admin("DELETE", f"/outages/{added['id']}") == (204, None)
        assert (await bench.admin("DELETE", f"/outages/{added['id']}"))[0] == 404
        assert await bench.get("/x") == 404

    play(scenario)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/begin"), ("POST", "/reset"), ("DELETE", "/outages")]
)
def test_outages_end(method: str, path: str) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin("POST", "/outages", {"response": {"status": 503}, "times": 9})
        await bench.admin(method, path, {} if path == "/begin" else None)
        assert await bench.admin("GET", "/outages") == (200, {"outages": []})
        assert await bench.get("/x") == 404

    play(scenario)


def test_the_journal_tells_the_fault() -> None:
    async def scenario(bench: Bench) -> None:
        stub = {
            "request": {"method": "GET", "url": "/x"},
            "response": {
                "body": "0123",
                "chunkedDribbleDelay": {"numberOfChunks": 2, "totalDuration": 4},
                "delayDistribution": {"type": "uniform", "lower": 1, "upper": 1},
                "fault": "CONNECTION_RESET_AFTER_HEADERS",
            },
        }
        status, added = await bench.admin("POST", "/mappings", stub)
        assert status == 201
        assert stub["response"].items() <= added["response"].items()  # type: ignore[attr-defined]
        with pytest.raises(aiohttp.ClientError):
            await bench.get("/x")
        _, found = await bench.admin("GET", "/requests")
        assert [each["fault"] for each in found["requests"]] == [
            "0.001 s late, in 2 parts over 0.004 s, reset after the headers"
        ]
        assert found["requests"][0]["wasMatched"]

    play(scenario)


@pytest.mark.parametrize(
    ("new", "status", "message"),
    [
        ({"times": 1}, 422, "nothing happens in this outage"),
        ({"fault": "RESET"}, 422, "Invalid enum value 'RESET'"),
        ({"fixedDelayMilliseconds": -1}, 422, "Expected `float` >= 0.0"),
        ({"fixedDelayMilliseconds": 1, "times": 0}, 422, "Expected `int` >= 1"),
        (
            {
                "fixedDelayMilliseconds": 1,
                "delayDistribution": {"type": "uniform", "lower": 1, "upper": 2},
            },
            422,
            "there is fixedDelayMilliseconds and also delayDistribution: write one of the two",
        ),
        (
            {"delayDistribution": {"type": "uniform", "lower": 2, "upper": 1}},
            422,
            "the lower bound is above the upper",
        ),
        ({"delayDistribution": {"type": "normal"}}, 422, "Invalid value 'normal'"),
    ],
)
def test_what_is_no_outage(new: dict[str, object], status: int, message: str) -> None:
    async def scenario(bench: Bench) -> None:
        got, problem = await bench.admin("POST", "/outages", new)
        assert got == status
        assert message in str(problem)

    play(scenario)
