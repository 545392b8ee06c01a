"""What docs/mock.md shows is true."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import aiohttp

from harness.core.http_text import HttpResponse
from mock_nrfcloud.client import InProcessMock, Stub

PAGE = (Path(__file__).parents[2] / "docs" / "mock.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_example_in_python_runs() -> None:
    (example,) = blocks("python")
    exec(compile(example, "docs/mock.md", "exec"), {"__name__": "example"})


def test_the_answer_to_a_request_without_a_stub_is_the_one_shown() -> None:
    async def ask() -> object:
        mock = InProcessMock()
        await mock.start()
        try:
            query = (("deviceIds", "oob-2"),)
            await mock.add(Stub("GET", "/v1/devices", HttpResponse(200), query=query))
            url = f"{mock.url}/v1/devices?deviceIds=oob-1"
            async with aiohttp.ClientSession() as http, http.get(url) as response:
                return await response.json(content_type="application/problem+json")
        finally:
            await mock.stop()

    (shown,) = blocks("json")
    assert json.loads(shown) == asyncio.run(ask())
