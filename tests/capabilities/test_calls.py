from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from harness.capabilities.call_texts import SHOWN, SHOWN_BODY
from harness.capabilities.calls import Calls
from harness.core.http_text import HttpRequest, parse_request
from harness.core.ids import StoryIds
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.drivers.rest import RestClient
from harness.errors import StepFailure
from mock_nrfcloud.client import InProcessMock

Ask = Callable[..., int]


@contextmanager
def asked(
    loop: LoopThread, scale: float = 0.001, **options: int
) -> Iterator[tuple[Calls, Ask, StoryIds]]:
    """The calls as a feature sees them, how to make one (`METHOD /target`), and whose IDs are
    whose."""
    mock, client = InProcessMock(hosts=["h.example"], **options), RestClient()
    loop.call(mock.start())
    loop.call(mock.begin())

    def ask(request: str, body: bytes | None = None) -> int:
        method, _, target = request.partition(" ")
        return loop.call(client.request(method, mock.url + target, body=body)).status

    try:
        keys = {"default": "key-1", "elite": "key-2"}
        ids = StoryIds(["mine"], ["other-device"])
        redactor = Redactor({"key-1"})
        yield Calls(loop, mock, Budgets(scale=scale), keys, ids, lambda: redactor), ask, ids
    finally:
        loop.call(client.close())
        loop.call(mock.stop())


def requests(*lines: str) -> list[HttpRequest]:
    return [parse_request(line) for line in lines]


def test_what_the_journal_no_longer_has_is_said(loop: LoopThread) -> None:
    with asked(loop, max_entries=3) as (mine, ask, _):
        for number in range(5):
            ask(f"GET /v1/{number}")
        with pytest.raises(StepFailure) as caught:
            mine.check_called(HttpRequest("GET", "/v1/0"))
    assert "4 other requests were seen." in caught.value.details
    assert "2 older requests are no longer in the journal." in caught.value.details


def test_a_call_is_seen_whenever_it_came(loop: LoopThread) -> None:
    with asked(loop) as (mine, ask, _):
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
    with asked(loop) as (mine, _, _), pytest.raises(StepFailure, match=message) as caught:
        mine.check_shadow_requested("oob-1", account)
    assert caught.value.final


def test_exactly_so_often_is_decided_as_soon_as_it_can_be(loop: LoopThread) -> None:
    a = HttpRequest("GET", "/a")
    with asked(loop, scale=1000) as (mine, ask, _):  # it would wait for hours
        mine.check_exactly(a, 0)
        late = [threading.Thread(target=ask, args=["GET /a"]) for _ in range(2)]
        for each in late:
            each.start()
        mine.check_exactly(a, 2)
        for each in late:
            each.join()
        mine.check_exactly(a, 2)
        mine.check_called(a, times=2)
        with pytest.raises(
            StepFailure, match="was called 2 times, not exactly once, with"
        ) as caught:
            mine.check_exactly(a, 1)
    assert caught.value.final


def test_too_few_are_told_with_how_many_there_were(loop: LoopThread) -> None:
    with asked(loop) as (mine, ask, _):
        ask("GET /a")
        ask("GET /b")
        for check in (
            lambda: mine.check_exactly(HttpRequest("GET", "/a"), 10**17),
            lambda: mine.check_called(HttpRequest("GET", "/a"), times=10**17),
        ):
            with pytest.raises(
                StepFailure, match=r"was called once, not .* 10{17} times"
            ) as caught:
                check()
            assert caught.value.details == (
                "The nearest request: GET /b",
                '  path: expected "/a", got "/b"',
            )


def test_an_order_is_found_if_there_is_one(loop: LoopThread) -> None:
    with asked(loop) as (mine, ask, _):
        for path in "abacab":
            ask(f"GET /{path}")
        for order in ("abacab", "aaab", "bcb", "c", ""):
            mine.check_order(requests(*[f"GET /{path}" for path in order]))
        for order, missing in (("cc", "GET /c after GET /c"), ("bbb", "GET /b after GET /b")):
            with pytest.raises(StepFailure, match=f"there was no {missing}, in") as caught:
                mine.check_order(requests(*[f"GET /{path}" for path in order]))
            assert "It was called so only before that." in caught.value.details


def test_the_whole_order_has_one_budget(loop: LoopThread) -> None:
    with asked(loop, scale=1000) as (mine, ask, _):
        late = threading.Thread(target=ask, args=["GET /b"])
        ask("GET /a")
        late.start()
        mine.check_order(requests("GET /a", "GET /b"))
        late.join()


def test_no_other_requests_than_those_that_were_asserted(loop: LoopThread) -> None:
    with asked(loop) as (mine, ask, _):
        mine.check_no_others()
        ask("GET /a")
        ask("POST /b", b'{"x": 1, "y": 2}')
        ask("GET /h.example/c")
        with pytest.raises(StepFailure, match="was called with 2 other requests") as caught:
            mine.check_no_others()
        assert caught.value.final
        assert caught.value.details[-1] == "No call was asserted so far."
        mine.check_called(HttpRequest("GET", "/a"))
        mine.check_order(requests('POST /b\n\n{"x": 1}'))
        mine.check_no_others()
        ask("GET /a")
        mine.check_no_others()
        with pytest.raises(StepFailure, match="the HTTP API Mock was called with another request"):
            mine.check_no_others(third_party=True)
        mine.check_exactly(HttpRequest("GET", "/h.example/c"), 1, third_party=True)
        mine.check_no_others(third_party=True)
        ask("GET /h.example/c")
        with pytest.raises(StepFailure, match="with another request") as caught:
            mine.check_no_others(third_party=True)
        assert "  GET /h.example/c, exactly once" in caught.value.details


def test_what_did_not_hold_is_not_asserted(loop: LoopThread) -> None:
    with asked(loop) as (mine, ask, _):
        ask("GET /a")
        for check in (
            lambda: mine.check_called(HttpRequest("GET", "/a"), times=2),
            lambda: mine.check_exactly(HttpRequest("GET", "/a"), 2),
            lambda: mine.check_order(requests("GET /a", "GET /b")),
            lambda: mine.check_not_called(HttpRequest("GET", "/a")),
            mine.check_no_others,
        ):
            with pytest.raises(StepFailure):
                check()


def test_calls_about_others_are_left_out(loop: LoopThread) -> None:
    with asked(loop) as (mine, ask, ids):
        ask("GET /v1/devices?deviceIds=other-device,another")
        ask("POST /v1/a", b'{"deviceIdentifiers": ["other-device"]}')
        mine.check_no_others()
        ask("GET /v1/devices?deviceIds=other-device,mine")
        with pytest.raises(StepFailure, match="another request"):
            mine.check_no_others()
        ids.add("another")
        with pytest.raises(StepFailure, match="2 other requests"):
            mine.check_no_others()


def test_what_is_shown_of_many_and_large_calls_is_bounded(loop: LoopThread) -> None:
    with asked(loop) as (mine, ask, _):
        for number in range(SHOWN + 5):
            ask(f"POST /{number}", b"key-1 \xff\n\x1b[31m" + b"x" * (SHOWN_BODY - 27) + b"key-1")
        with pytest.raises(StepFailure) as caught:
            mine.check_no_others()
    lines = caught.value.details
    assert lines[2 * SHOWN] == "  … 5 more"
    assert lines[1].startswith(r"    [redacted] \xff ")
    assert len(lines[1]) < SHOWN_BODY + 20
    assert not lines[1].endswith("key-…")


def test_what_the_journal_no_longer_has_may_be_what_should_not_be_there(loop: LoopThread) -> None:
    with asked(loop, max_entries=2) as (mine, ask, _):
        for path in "aabb":
            ask(f"GET /{path}")
        b = HttpRequest("GET", "/b")
        mine.check_called(b, times=2)
        for check in (
            lambda: mine.check_not_called(HttpRequest("GET", "/a")),
            lambda: mine.check_exactly(b, 2),
            mine.check_no_others,
        ):
            with pytest.raises(
                StepFailure, match="cannot be told: 2 older requests are no"
            ) as caught:
                check()
            assert caught.value.final


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        ("GET /v1/jobs/1?a=1&b=2", "/v1/jobs/1"),
        ("GET /v1/jobs/2?a=1", "/v1/jobs/1"),
        ("POST /v1/jobs/1?a=1", "/v1/jobs/1"),
        ("GET /v1/tasks/2?a=1", None),
        ("GET /v1/jobs/2", None),
        ("POST /v1/jobs/2?a=1", None),
    ],
)
def test_the_nearest_call_is_what_was_seen_if_it_can_be_meant(
    loop: LoopThread, expected: str, path: str | None
) -> None:
    with asked(loop) as (mine, ask, _):
        ask("GET /v1/jobs/1?a=1")
        with pytest.raises(StepFailure) as caught:
            mine.check_called(parse_request(expected))
        seen = caught.value.seen
        assert (seen.value.path if seen else None) == path  # type: ignore[attr-defined]


def test_what_a_third_party_was_asked_is_seen_with_its_host(loop: LoopThread) -> None:
    with asked(loop) as (mine, ask, _):
        ask("GET /h.example/a?x=1")
        with pytest.raises(StepFailure) as caught:
            mine.check_called(parse_request("GET /h.example/a"), third_party=True)
        assert caught.value.seen is not None
        assert caught.value.seen.value.path == "/h.example/a"  # type: ignore[attr-defined]
        with pytest.raises(StepFailure) as caught:
            mine.check_called(parse_request("GET /h.example/a"), times=2, third_party=True)
        assert caught.value.seen is None
