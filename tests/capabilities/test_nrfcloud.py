from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from harness.capabilities.nrfcloud import NrfCloud
from harness.core.http_text import HttpResponse
from harness.core.ids import StoryIds
from harness.core.redaction import Redactor
from harness.drivers.loop import LoopThread
from harness.drivers.rest import RestClient
from harness.errors import StepFailure
from mock_nrfcloud.client import InProcessMock

OK = HttpResponse(200, "OK", (), b"ok")
Ask = Callable[[str], int]


@contextmanager
def cloud(loop: LoopThread) -> Iterator[tuple[NrfCloud, Ask, str]]:
    """The mock as a feature sees it, how to ask it for `METHOD /target`, and its URL."""
    mock, client = InProcessMock(), RestClient()
    loop.call(mock.start())
    loop.call(mock.begin())

    def ask(request: str) -> int:
        method, _, target = request.partition(" ")
        return loop.call(client.request(method, mock.url + target)).status

    try:
        ids = StoryIds(earlier=["other-device", "other-job"])
        yield NrfCloud(loop, mock, ids, lambda: "a.feature.md:3:1", Redactor), ask, mock.url
    finally:
        loop.call(client.close())
        loop.call(mock.stop())


@pytest.mark.parametrize(
    ("stub", "asked"),
    [
        ("GET hooks.example.com/a", "GET /hooks.example.com/a"),
        ("GET /hooks.example.com/a", "GET /hooks.example.com/a"),
        ("GET  HOOKS.example.com/a ", "GET /hooks.example.com/a"),
        ("GET https://hooks.example.com:8443/a?b=c", "GET /hooks.example.com/a?b=c"),
        ("GET https://hooks.example.com", "GET /hooks.example.com/"),
        ("GET {mock}/hooks.example.com/a", "GET /hooks.example.com/a"),
        ("GET {mock}/hooks.example.com/a?b=/^c/", "GET /hooks.example.com/a?b=cd"),
        ("GET {mock}0/a", "GET /127.0.0.1/a"),
    ],
)
def test_a_third_party_is_addressed_by_its_url_or_the_mocks(
    loop: LoopThread, stub: str, asked: str
) -> None:
    with cloud(loop) as (mine, ask, url):
        mine.queue_third_party(stub.replace("{mock}", url), OK)
        assert ask(asked) == 200


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ("GET", "names no third party"),
        ("GET /", "names no third party"),
        ("GET ?a=b", "names no third party"),
        ("GET https:///a", "names no third party"),
        ("GET http://[x/", "is no URL"),
        ("get hooks/a", "upper case"),
    ],
)
def test_what_names_no_third_party(loop: LoopThread, request_: str, message: str) -> None:
    with cloud(loop) as (mine, _, _), pytest.raises(StepFailure, match=message) as caught:
        mine.queue_third_party(request_, OK)
    assert caught.value.final


def test_requests_that_nearly_found_a_stub(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        assert mine.unanswered({}, math.inf) == []
        mine.queue("POST /v1/averylong", OK)
        mine.queue("GET /v1/b?page=1&size=1", OK)
        assert ask("POST /v1/averylong") == 200
        assert ask("GET /v1/averylong") == 404
        assert ask("GET /v1/b?fingerprint=secret&page=1") == 404
        assert ask("GET /v1/averylong") == 404
        assert ask("GET /v1/b?page=1&id=other-device") == 404
        assert ask("GET /v1/nothing-like-it") == 404
        lines = mine.unanswered({"path": "averylong", "short": "GET", "n": 1}, math.inf)
    at = lines.index("A step that answers the last:")
    lines, step = lines[:at], lines[at + 1 :]
    assert step == [
        "  Given this nRF Cloud API request is queued for a `GET /v1/${path}` request",
        "",
        "  ```",
        "  HTTP/1.1 200 OK",
        "  Content-Type: application/json",
        "",
        "  {}",
        "  ```",
    ]
    assert [line for line in lines if "nearest" not in line] == [
        "  GET /v1/b?fingerprint=[redacted]&page=1",
        "  GET /v1/averylong",
    ]
    assert lines[-1].startswith("    nearest: queued POST /v1/averylong: ")


def test_only_the_latest_of_them_are_shown(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        mine.queue("GET /v1/a?page=one", OK)
        for number in range(10):
            ask(f"GET /v1/a?page={number}")
        lines = mine.unanswered({}, math.inf)
    assert lines[:6:2] == [f"  GET /v1/a?page={number}" for number in (7, 8, 9)]


def test_a_malformed_shadow(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        for page in ([], None, {"items": 1}):
            with pytest.raises(StepFailure, match="items") as caught:
                mine.set_shadow("oob-1", page)
            assert caught.value.final
        mine.set_shadow("oob-1", {"items": []})
        query = "includeState=true&includeStateMeta=true&pageLimit=100&deviceIds=oob-1"
        assert ask(f"GET /v1/devices?{query}") == 200


def test_what_nobody_has_asked_for(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        mine.queue("GET /v1/averylong", OK)
        mine.queue_third_party("GET hooks.example.com/a", OK)
        mine.queue_third_party("GET hooks.example.com/b", OK, kept=True)
        ask("GET /v1/averylong")
        with pytest.raises(StepFailure, match="1 queued response was not asked for") as caught:
            mine.check_all_asked_for()
        assert caught.value.details == ("  a.feature.md:3:1: queued GET /hooks.example.com/a",)
        assert not caught.value.final
        ask("GET /hooks.example.com/a")
        mine.check_all_asked_for()


def test_jobs_that_are_told_of_are_those_of_the_feature(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        job = HttpResponse(200, body=b'{"jobId": "other-job"}')
        mine.queue("GET /v1/fota-jobs/job", OK)
        ask("GET /v1/fota-jobs/other-job")
        assert mine.unanswered({}, math.inf) == []
        mine.queue("POST /v1/fota-jobs", job)
        assert "\n".join(mine.unanswered({}, math.inf)).count("nearest: ") == 1
        ask("GET /v1/devices?deviceIds=other-device")
        mine.set_shadow("other-device", {"items": [{"jobId": "oob-job"}]})
        assert mine._ids.own == {"other-job", "other-device", "oob-job"}


def test_where_no_stub_is_near_the_requests_of_the_time_are_told_of(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        assert ask("GET /v1/devices/oob-1") == 404
        assert mine.unanswered({}, 0.0) == ["  GET /v1/devices/oob-1"]
        assert mine.unanswered({}, math.inf) == []
