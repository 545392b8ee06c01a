"""The plain data of the mock, and how it is shown."""

from __future__ import annotations

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.values import (
    Call,
    CallPattern,
    Difference,
    ShadowPattern,
    Stub,
    address,
    device_ids,
)

OK = HttpResponse(200)


def test_everything_is_shown_in_one_line_without_secrets() -> None:
    query = (("a", "1"), ("fingerprint", "92b.y7i24q"))
    request = HttpRequest("GET", "/x", query, (("Authorization", "secret"),), b"")
    assert str(Stub("GET", "/x", OK, query=query)) == "queued GET /x?a=1&fingerprint=[redacted]"
    assert str(Stub("PUT", "/x", OK, host="h.example", kind="kept")) == "kept PUT /h.example/x"
    assert str(CallPattern("GET", "/x", query=query)) == "GET /x?a=1&fingerprint=[redacted]"
    assert str(ShadowPattern("oob-1")) == "GET /v1/devices for the shadow of oob-1"
    assert (
        str(Call(1, 0.0, 0.0, "h.example", request, OK, ""))
        == "GET /h.example/x?a=1&fingerprint=[redacted] -> 200"
    )
    assert str(Difference("body a", "expected 1, got 2", "1", "2")) == "body a: expected 1, got 2"


def test_every_condition_makes_a_stub_more_specific() -> None:
    assert Stub("GET", "/", OK).specificity == 0
    pairs = (("a", "1"), ("b", "2"))
    assert Stub("GET", "/", OK, query=pairs, headers=pairs, body=b"").specificity == 5


def test_an_address_names_the_host_but_for_the_root() -> None:
    assert address("api.nrfcloud.com", "/v1/x") == "/v1/x"
    assert address("h.example", "/v1/x") == "/h.example/v1/x"


def test_device_ids_may_be_joined_and_repeated() -> None:
    query = (("deviceIds", "a, b"), ("x", "y"), ("deviceIds", "c"), ("deviceIds", "a"))
    assert device_ids(query) == ["a", "b", "c"]
    assert device_ids(()) == []


def test_what_is_shown_can_be_printed() -> None:
    str(CallPattern("GET", "/\udcff")).encode()
