from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from harness.capabilities.nrfcloud import NrfCloud
from harness.core.http_text import HttpRequest, HttpResponse
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.drivers.rest import RestClient
from harness.errors import StepFailure
from mock_nrfcloud.client import InProcessMock

OK = HttpResponse(200, "OK", (), b"ok")
Ask = Callable[[str], int]


@contextmanager
def cloud(loop: LoopThread, **options: int) -> Iterator[tuple[NrfCloud, Ask, str]]:
    """The mock as a feature sees it, how to ask it for `METHOD /target`, and its URL."""
    mock, client = InProcessMock(**options), RestClient()
    loop.call(mock.start())
    loop.call(mock.begin())

    def ask(request: str) -> int:
        method, _, target = request.partition(" ")
        return loop.call(client.request(method, mock.url + target)).status

    try:
        keys = {"default": "key-1", "elite": "key-2"}
        budgets = Budgets(scale=0.001)
        yield NrfCloud(loop, mock, budgets, keys, lambda: Redactor({"key-1"})), ask, mock.url
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
        assert mine.unanswered() == []
        mine.queue("POST /v1/a", OK)
        mine.queue("GET /v1/b?page=1&size=1", OK)
        assert ask("POST /v1/a") == 200
        assert ask("GET /v1/a") == 404
        assert ask("GET /v1/b?fingerprint=secret&page=1") == 404
        assert ask("GET /v1/a") == 404
        assert ask("GET /v1/b?page=1&id=other-device") == 404
        assert ask("GET /v1/nothing-like-it") == 404
        lines = mine.unanswered(["other-device"])
    assert [line for line in lines if "nearest" not in line] == [
        "  GET /v1/b?fingerprint=[redacted]&page=1",
        "  GET /v1/a",
    ]
    assert lines[-1].startswith("    nearest: queued POST /v1/a: ")


def test_only_the_latest_of_them_are_shown(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        mine.queue("GET /v1/a?page=one", OK)
        for number in range(10):
            ask(f"GET /v1/a?page={number}")
        lines = mine.unanswered()
    assert lines[::2] == [f"  GET /v1/a?page={number}" for number in (7, 8, 9)]


def test_what_the_journal_no_longer_has_is_said(loop: LoopThread) -> None:
    with cloud(loop, max_entries=3) as (mine, ask, _):
        for number in range(5):
            ask(f"GET /v1/{number}")
        with pytest.raises(StepFailure) as caught:
            mine.check_called(HttpRequest("GET", "/v1/0"))
    assert "4 other requests were seen." in caught.value.details
    assert "2 older requests are no longer in the journal." in caught.value.details


def test_a_call_is_seen_whenever_it_came(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        ask("GET /v1/a")
        ask("GET /v1/b")
        for _ in range(2):  # it is not used up
            mine.check_called(HttpRequest("GET", "/v1/a"))
        mine.check_not_called(HttpRequest("GET", "/v1/c"))
        with pytest.raises(StepFailure, match="was called once with what should not") as caught:
            mine.check_not_called(HttpRequest("GET", "/v1/b"))
    assert caught.value.final


@pytest.mark.parametrize(
    ("account", "message"),
    [("elit", "did you mean “elite”"), ("x", "set it in the environment")],
)
def test_an_account_without_a_key(loop: LoopThread, account: str, message: str) -> None:
    with cloud(loop) as (mine, _, _), pytest.raises(StepFailure, match=message) as caught:
        mine.check_shadow_requested("oob-1", account)
    assert caught.value.final


def test_a_malformed_shadow(loop: LoopThread) -> None:
    with cloud(loop) as (mine, ask, _):
        for page in ([], None, {"items": 1}):
            with pytest.raises(StepFailure, match="items") as caught:
                mine.set_shadow("oob-1", page)
            assert caught.value.final
        mine.set_shadow("oob-1", {"items": []})
        query = "includeState=true&includeStateMeta=true&pageLimit=100&deviceIds=oob-1"
        assert ask(f"GET /v1/devices?{query}") == 200
