"""What all operations have in common: who may, what is no JSON, what is not there."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64encode

import pytest

from tests.mock_nrfcloud.admin.serving import Bench, play

WAIT = "/requests/wait"


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "truncated"),
        (b"{", 400, "truncated"),
        (b"{]", 400, "malformed"),
        (b"nope", 400, "malformed"),
        (b"\xff", 400, "malformed"),
        (b'{"method": "\xff"}', 400, "UTF-8"),
        (b'{"jsonBody":' + b"[" * 50_000, 400, "nested too deeply"),
        (b'{"method": 1}', 422, "Expected `str`, got `int`"),
        (b'{"methd": "GET"}', 422, 'did you mean \\"method\\"?'),
        (b"[]", 422, "Expected `object`, got `array`"),
        (b'{"method": "get me", "url": "/"}', 422, "matching regex"),
        (b"x" * 200_000, 413, "too large"),
    ],
)
def test_a_body_that_is_wrong(body: bytes, status: int, message: str) -> None:
    async def scenario(bench: Bench) -> None:
        got, problem = await bench.admin("POST", WAIT, data=body)
        assert got == status
        assert message in json.dumps(problem)
        assert (await bench.admin("GET", "/health"))[0] == 200

    play(scenario)


def test_only_json_is_taken() -> None:
    async def scenario(bench: Bench) -> None:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json5"):
            status, _ = await bench.admin("POST", WAIT, {}, headers={"Content-Type": kind})
            assert status == 415
        kind = "application/json; charset=utf-8"
        status, _ = await bench.admin("POST", "/requests/count", {}, headers={"Content-Type": kind})
        assert status == 200

    play(scenario)


def test_a_body_that_does_not_arrive() -> None:
    async def scenario(bench: Bench) -> None:
        host, _, port = bench.url.rpartition("/")[2].partition(":")
        head = (
            b"POST /__admin/begin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        )
        for rest, status in ((b"Content-Length: 9\r\n\r\n{", b"408"), (_CHUNKS, b"400")):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(head + rest)
            assert status in await asyncio.wait_for(reader.readline(), 30)
            writer.close()
            await writer.wait_closed()

    play(scenario, body_seconds=0.05)


_CHUNKS = b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("POST", "", 404),
        ("POST", "/", 404),
        ("GET", "/mappings/", 404),
        ("GET", "/mappings/a/b", 404),
        ("GET", "/Health", 404),
        ("PATCH", "/health", 405),
        ("GET", "/requests?nope=1", 422),
        ("GET", "/requests?limit=1&limit=2", 422),
        ("GET", "/requests?limit=0", 422),
        ("GET", "/requests?limit=x", 422),
        ("GET", "/health?x", 422),
        ("GET", "/health?", 200),
    ],
)
def test_what_is_not_there(method: str, path: str, status: int) -> None:
    async def scenario(bench: Bench) -> None:
        assert (await bench.admin(method, path))[0] == status

    play(scenario)


def test_methods_are_told() -> None:
    async def scenario(bench: Bench) -> None:
        async with bench.http.put(f"{bench.url}/__admin/mappings") as response:
            assert response.status == 405
            assert set(re.split(", ", response.headers["Allow"])) == {"GET", "POST", "DELETE"}
        # A path that is written out is not taken for an ID.
        async with bench.http.delete(f"{bench.url}/__admin/mappings/unmatched") as response:
            assert (response.status, response.headers["Allow"]) == (405, "GET")

    play(scenario)


def test_who_may_not() -> None:
    async def scenario(bench: Bench) -> None:
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer other"}, 401),
            ({"Authorization": "Bearer t0ken", "Origin": "https://evil.example"}, 403),
            ({"Authorization": "Bearer t0ken"}, 200),
        ):
            got, problem = await bench.admin("GET", "/health", headers=headers)
            assert got == status
            assert "t0ken" not in json.dumps(problem)
        async with bench.http.get(f"{bench.url}/__admin/health") as response:
            assert response.headers.getall("WWW-Authenticate") == ['Bearer realm="mock"']
        # A browser, which knows no Bearer, asks its person for the password.
        browser = {"Accept": "text/html,*/*;q=0.8"}
        async with bench.http.get(f"{bench.url}/__admin/", headers=browser) as response:
            assert response.status == 401
            offered = response.headers.getall("WWW-Authenticate")
            assert [each.split()[0] for each in offered] == ["Bearer", "Basic"]
        given = {"Authorization": f"Basic {b64encode(b'whoever:t0ken').decode()}"}
        async with bench.http.get(f"{bench.url}/__admin/", headers=given) as response:
            assert response.status == 200
        # Services need no token.
        assert await bench.get("/v1/x") == 404

    play(scenario, token="t0ken")


def test_the_admin_api_is_not_in_the_journal_and_does_not_hide_paths() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin("GET", "/health")
        assert bench.spaces.root.journal.next == 1
        for path in ("/__administrator", "/__admi", "/x/__admin/health", "/_admin/x"):
            assert await bench.get(path) == 404
        assert bench.spaces.root.journal.next == 5

    play(scenario)
