"""The files of the page over HTTP; what it does in a browser is tested in ../page/."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.mock_nrfcloud.admin.serving import Bench, play

MEDIA = {
    "/": "text/html; charset=utf-8",
    "/page/main.js": "text/javascript; charset=utf-8",
    "/page/style.css": "text/css; charset=utf-8",
    "/page/icon.svg": "image/svg+xml",
}


@pytest.mark.parametrize("at", ["", "/__ns/a"])
@pytest.mark.parametrize("path", MEDIA)
def test_a_file_is_served(path: str, at: str) -> None:
    async def scenario(bench: Bench) -> None:
        bench.spaces.make("a")
        url = f"{bench.url}{at}/__admin{path}"
        async with bench.http.get(url) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == MEDIA[path]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            body, etag = await response.read(), response.headers["ETag"]
            assert body
        async with bench.http.head(url) as response:
            assert (response.status, await response.read()) == (200, b"")
            assert response.headers["Content-Length"] == str(len(body))
        for known, status in ((etag, 304), ('"other"', 200)):
            async with bench.http.get(url, headers={"If-None-Match": known}) as response:
                assert (response.status, response.headers["ETag"]) == (status, etag)
        assert bench.spaces.root.journal.next == 1

    play(scenario)


def test_all_that_the_page_names_is_there() -> None:
    async def scenario(bench: Bench) -> None:
        async with bench.http.get(f"{bench.url}/__admin/") as response:
            named = set(re.findall(r'(?:href|src)="([^"#]+)"', await response.text()))
        assert {"page/main.js", "page/style.css", "openapi.json"} <= named
        for each in named:
            async with bench.http.get(f"{bench.url}/__admin/{each}") as response:
                assert response.status == 200, each

    play(scenario)


@pytest.mark.parametrize("at", ["", "/__ns/a"])
def test_the_slash_at_the_end_may_be_left_out(at: str) -> None:
    async def scenario(bench: Bench) -> None:
        bench.spaces.make("a")
        async with bench.http.get(f"{bench.url}{at}/__admin") as response:
            assert response.status == 200
            assert str(response.url) == f"{bench.url}{at}/__admin/"

    play(scenario)


@pytest.mark.parametrize(
    "path", ["/page", "/page/", "/page/none.js", "/page/../page.py", "/page/%2e%2e/page.py"]
)
def test_nothing_else_is_served(path: str) -> None:
    async def scenario(bench: Bench) -> None:
        # As it is written: a client would tidy it up.
        host, _, port = bench.url.rpartition("/")[2].partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /__admin{path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        assert b" 404 " in await reader.readline()
        writer.close()
        await writer.wait_closed()

    play(scenario)


def test_who_may_not_use_the_api_does_not_get_the_page() -> None:
    async def scenario(bench: Bench) -> None:
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer t0ken"}, 200),
            ({"Authorization": "Bearer t0ken", "Sec-Fetch-Site": "cross-site"}, 403),
        ):
            async with bench.http.get(f"{bench.url}/__admin/", headers=headers) as response:
                assert response.status == status

    play(scenario, token="t0ken")
