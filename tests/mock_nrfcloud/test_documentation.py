"""What docs/mock.md shows is true."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import aiohttp
import msgspec

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.admin.dispatch import OPERATIONS
from mock_nrfcloud.client import InProcessMock, Stub
from mock_nrfcloud.faults import Damage
from mock_nrfcloud.seeds import plant, read_seed
from mock_nrfcloud.space import Space
from mock_nrfcloud.values import ROOT_HOST
from mock_nrfcloud.wire import reading, shapes

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

    shown, _, _ = blocks("json")
    assert json.loads(shown) == asyncio.run(ask())


def test_the_file_of_stubs_can_be_used(tmp_path: Path) -> None:
    _, _, seed = blocks("json")
    path = tmp_path / "stubs.json"
    path.write_text(seed)
    space = Space()
    plant(read_seed(path), space, str(path))
    assert space.store.count() == 2
    request = HttpRequest("GET", "/v1/fota-jobs", (("pageLimit", "10"),))
    assert space.store.answer(ROOT_HOST, request)


def test_the_outage_can_be_begun() -> None:
    _, shown, _ = blocks("json")
    outage = reading.outage(msgspec.json.decode(shown, type=shapes.NewOutage))
    assert Space().store.add_outage(outage).left == 3


def test_every_fault_is_told() -> None:
    for damage in Damage:
        assert f'| `{damage.words}` | `"fault": "{damage}"` |' in PAGE


def test_every_path_of_the_admin_api_is_named() -> None:
    paths = {each.path.partition("/{")[0] for each in OPERATIONS}
    assert [path for path in sorted(paths) if path not in PAGE] == []
