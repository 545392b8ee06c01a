"""What differs between a request and what is wanted of it."""

from __future__ import annotations

import pytest

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.errors import BddError
from mock_nrfcloud.conditions import check, differences, distance, matches, segments_apart
from mock_nrfcloud.values import ROOT_HOST, CallPattern, Pattern, ShadowPattern, Stub

OK = HttpResponse(200)
SHADOW: Pairs = (("includeState", "true"), ("includeStateMeta", "true"), ("pageLimit", "100"))


def why(wanted: Stub | Pattern, request: HttpRequest, host: str = ROOT_HOST) -> list[str]:
    return [str(each) for each in differences(wanted, host, request)]


def asked(
    method: str = "GET",
    path: str = "/x",
    query: Pairs = (),
    headers: Pairs = (),
    body: bytes = b"",
) -> HttpRequest:
    return HttpRequest(method, path, query, headers, body)


def stub(query: Pairs = (), headers: Pairs = (), body: bytes | None = None) -> Stub:
    return Stub("GET", "/x", OK, query=query, headers=headers, body=body)


@pytest.mark.parametrize(
    ("wanted", "request_", "reasons"),
    [
        (stub(), asked(query=(("any", "thing"),)), []),
        (stub(), asked("POST"), ['method: expected "GET", got "POST"']),
        (stub(), asked(path="/x/"), ['path: expected "/x", got "/x/"']),
        (stub((("a", "1"),)), asked(), ['query a: expected "1", got nothing']),
        (stub((("a", "1"),)), asked(query=(("a", "2"),)), ['query a: expected "1", got "2"']),
        (stub((("a", "1"),)), asked(query=(("a", "2"), ("a", "1"))), []),
        (
            stub((("a", "1"),)),
            asked(query=(("a", "2"), ("a", "3"))),
            ['query a: expected "1", got ["2", "3"]'],
        ),
        (stub((("a", "/^[0-9]+$/"),)), asked(query=(("a", "12"),)), []),
        (stub((("a", "/B/i"),)), asked(query=(("a", "abc"),)), []),
        (
            stub((("a", "/B/"),)),
            asked(query=(("a", "abc"),)),
            ['query a: expected "/B/", got "abc"'],
        ),
        (
            stub((("fingerprint", "a"),)),
            asked(query=(("fingerprint", "b"),)),
            ["query fingerprint: expected another value (it is secret), got [redacted]"],
        ),
        (stub(headers=(("x-a", "b"),)), asked(headers=(("X-A", "b"),)), []),
        (
            stub(headers=(("x-a", "b"),)),
            asked(headers=(("X-A", "B"),)),
            ['header x-a: expected "b", got "B"'],
        ),
        (
            stub(headers=(("Authorization", "Bearer a"),)),
            asked(headers=(("authorization", "Bearer b"),)),
            ["header Authorization: expected another value (it is secret), got [redacted]"],
        ),
        (
            stub(headers=(("Authorization", "Bearer a"),)),
            asked(),
            ["header Authorization: expected another value (it is secret), got nothing"],
        ),
        (stub(headers=(("host", ROOT_HOST),)), asked(headers=(("Host", "127.0.0.1:8080"),)), []),
        (stub(body=b'{"a": 1}'), asked(body=b'{"b": 2, "a": 1.0}'), []),
        (stub(body=b'{"a": 1}'), asked(body=b'{"a": 2}'), ["body a: expected 1, got 2"]),
        (stub(body=b"a"), asked(body=b"a"), []),
        (stub(body=b"a"), asked(body=b"b"), ['body: expected "a", got "b"']),
        (stub(body=b"{}"), asked(), []),
    ],
)
def test_what_a_stub_asks(wanted: Stub, request_: HttpRequest, reasons: list[str]) -> None:
    assert why(wanted, request_) == reasons
    assert matches(wanted, ROOT_HOST, request_) == (not reasons)


@pytest.mark.parametrize(
    ("wanted", "request_", "reasons"),
    [
        (CallPattern("GET", "/x"), asked(body=b"any"), []),
        (
            CallPattern("GET", "/x"),
            asked(query=(("a", "1"),)),
            ['query a: expected nothing, got "1"'],
        ),
        (
            CallPattern("GET", "/x", query=(("a", "1"), ("b", "2"))),
            asked(query=(("b", "2"), ("a", "1"))),
            [],
        ),
        (
            CallPattern("GET", "/x", query=(("a", "1"), ("a", "1"))),
            asked(query=(("a", "1"),)),
            ['query a: expected ["1", "1"], got "1"'],
        ),
        (
            CallPattern("GET", "/x", query=(("a", "/1/"),)),
            asked(query=(("a", "1"),)),
            ['query a: expected "/1/", got "1"'],
        ),
        (CallPattern("GET", "/x", body=b"{}"), asked(), []),
        (CallPattern("GET", "/x", body=b""), asked(body=b"{}"), []),
        (
            CallPattern("GET", "/x", body=b""),
            asked(body=b"[]"),
            ["body: expected {} (object), got [] (array)"],
        ),
        (CallPattern("GET", "/x", body=b'{"a":1,"b":[2]}'), asked(body=b'{"b": [2], "a": 1}'), []),
        (
            CallPattern("GET", "/x", body=b'{"a":1}'),
            asked(body=b'{"a":1,"b":2}'),
            ["body b: unexpected 2"],
        ),
        (
            CallPattern("GET", "/x", body=b'{"a":1}', body_partial=True),
            asked(body=b'{"a":1,"b":2}'),
            [],
        ),
        (
            CallPattern("GET", "/x", body=b"\xff"),
            asked(body=b"\xfe"),
            ['body: expected "\\\\xff", got "\\\\xfe"'],
        ),
        (CallPattern("GET", "/x", host="H.example"), asked(path="/h.example/x"), []),
    ],
)
def test_what_an_assertion_asks(
    wanted: CallPattern, request_: HttpRequest, reasons: list[str]
) -> None:
    assert why(wanted, request_) == reasons


def test_markers_are_in_what_an_assertion_asks_of_a_body_not_in_what_a_stub_does() -> None:
    wanted = CallPattern("GET", "/x", body=b'{"id": "#uuid"}')
    given = asked(body=b'{"id": "#uuid"}')
    assert why(wanted, given) == ['body id: expected a UUID (#uuid), got "#uuid"']
    assert why(wanted, asked(body=b'{"id": "7d7a2d53-6d86-4f1c-9d0e-0f4b6c1f2b11"}')) == []
    assert why(CallPattern("GET", "/x", body=b'["\\u0023uuid"]'), asked(body=b'["#uuid"]')) == []
    assert why(stub(body=b'{"id": "#uuid"}'), given) == []


def test_a_body_that_is_no_json_has_no_markers() -> None:
    assert why(CallPattern("GET", "/x", body=b'"#uuid" x'), asked(body=b'"#uuid" x')) == []


def test_a_pattern_with_a_marker_that_cannot_be_tried_is_refused() -> None:
    with pytest.raises(BddError, match="the body that is expected: #regex lacks"):
        CallPattern("GET", "/x", body=b'["#regex"]')


def test_the_host_counts() -> None:
    wanted = CallPattern("GET", "/x", host="h.example")
    assert why(wanted, asked(), "h.example") == []
    assert why(wanted, asked(), "other.example") == [
        'host: expected "h.example", got "other.example"'
    ]


def test_what_asks_for_a_shadow() -> None:
    request = asked(path="/v1/devices", query=(("deviceIds", "a,b"), *SHADOW))
    assert why(ShadowPattern("a"), request) == []
    assert why(ShadowPattern("b"), request) == []
    assert why(ShadowPattern("c"), request) == ['query deviceIds: expected "c", got ["a", "b"]']
    assert why(ShadowPattern("a", (("Authorization", "Bearer k"),)), request) == [
        "header Authorization: expected another value (it is secret), got nothing"
    ]
    assert why(ShadowPattern("a"), asked()) == [
        'path: expected "/v1/devices", got "/x"',
        'query includeState: expected "true", got nothing',
        'query includeStateMeta: expected "true", got nothing',
        'query pageLimit: expected "100", got nothing',
        'query deviceIds: expected "a", got nothing',
    ]


def test_a_runaway_regular_expression_matches_nothing() -> None:
    wanted = stub((("a", "/^(a|a)*$/"),))
    assert why(wanted, asked(query=(("a", "a" * 5000 + "b"),)))


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (stub((("a", "/(/"),)), "the query parameter a is no valid regular expression: missing )"),
        (stub((("a", "/b/q"),)), "unknown flag 'q' (known: i, m, s, x, g, u)"),
        (Stub("GET", "/", HttpResponse(101)), "101 is no status of a response"),
        (Stub("GET", "/", HttpResponse(1000)), "1000 is no status of a response"),
        (
            Stub("GET", "/", HttpResponse(200, "", (("A", "b\r\nC: d"),))),
            "there is a control character in the header A",
        ),
        (
            Stub("GET", "/", HttpResponse(200, "", (("A b", "c"),))),
            "'A b' is no name of a header",
        ),
    ],
)
def test_a_stub_that_cannot_work_is_refused(bad: Stub, error: str) -> None:
    with pytest.raises(BddError) as raised:
        check(bad)
    assert error in str(raised.value)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"n": 4}', None),
        (b'{"n": 2}', "expected true, got false"),
        (b"{}", "expected true, got nothing"),
        (
            b'{"n": "x"}',
            "the values a string and 3 either side of operator > must be of the same data type",
        ),
        (b"n=4", "the body is not JSON"),
        (b"", "expected true, got nothing"),
    ],
)
def test_a_predicate_of_a_body_gives_true(body: bytes, reason: str | None) -> None:
    stub = Stub("POST", "/x", HttpResponse(200), predicate="n > 3")
    found = differences(stub, ROOT_HOST, HttpRequest("POST", "/x", body=body))
    assert [str(each) for each in found] == ([f'body where "n > 3": {reason}'] if reason else [])
    assert stub.specificity == 1


def test_a_predicate_that_is_no_jsonata_is_refused() -> None:
    with pytest.raises(BddError, match=r'the predicate "n >": it ends where a value should follow'):
        check(Stub("POST", "/x", HttpResponse(200), predicate="n >"))


def test_the_nearer_the_smaller_the_distance() -> None:
    wanted = CallPattern("GET", "/v1/x/y", query=(("a", "1"),))
    requests = [
        asked(path="/v1/x/y", query=(("a", "1"),)),
        asked(path="/v1/x/y"),
        asked("POST", "/v1/x/y"),
        asked(path="/v1/x/z"),
        asked(path="/v2/q"),
    ]
    distances = [distance(wanted, ROOT_HOST, request) for request in requests]
    assert distances[0] == 0
    assert distances == sorted(set(distances))
    assert distance(ShadowPattern("a"), ROOT_HOST, asked(path="/v1/devices")) > 0
    assert segments_apart("/a/b", "/a/b/c") == 1


def test_a_thousand_parameters_are_compared_in_one_pass() -> None:
    many = tuple((str(number), "x") for number in range(20_000))
    assert why(CallPattern("GET", "/x", query=many), asked(query=many[::-1])) == []
