"""HTTP blocks: what they mean, and what is said of those that mean nothing."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.core.http_text import (
    HttpRequest,
    HttpResponse,
    HttpTextError,
    format_request,
    format_response,
    header_problem,
    json_value,
    parse_request,
    parse_request_line,
    parse_response,
    parse_target,
)

methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
# Lone surrogates have no UTF-8.
texts = st.text(st.characters(exclude_categories=["Cs"]))
names = st.text(string.ascii_letters + string.digits + "-_!#$%&'*+.^`|~", min_size=1)
header_values = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(
    lambda value: value.strip(" \t")
)
headers = st.lists(st.tuples(names, header_values), max_size=4).map(tuple)
queries = st.lists(st.tuples(texts, texts), max_size=4).map(tuple)


@example("GET", "", (), (("x", "\xa0"),), None)
@given(methods, texts, queries, headers, st.none() | texts.map(str.encode))
def test_a_request_is_read_as_it_was_written(
    method: str,
    path: str,
    query: tuple[tuple[str, str], ...],
    written: tuple[tuple[str, str], ...],
    body: bytes | None,
) -> None:
    request = HttpRequest(method, f"/{path}", query, written, body)
    assert parse_request(format_request(request)) == request


@given(st.integers(200, 599), header_values, headers, texts.map(str.encode))
def test_a_response_is_read_as_it_was_written(
    status: int, reason: str, written: tuple[tuple[str, str], ...], body: bytes
) -> None:
    response = HttpResponse(status, reason.strip(), written, body)
    assert parse_response(format_response(response)) == response


@given(st.binary())
def test_octets_are_written_as_hex_digits(body: bytes) -> None:
    octets = (("content-type", "Application/Octet-Stream; x=y"),)
    request = HttpRequest("PUT", "/", (), octets, body)
    assert parse_request(format_request(request)) == request
    response = HttpResponse(200, "", octets, body)
    assert parse_response(format_response(response)) == response


@given(st.text())
def test_no_text_leads_to_any_other_error(text: str) -> None:
    for parse in (parse_request, parse_response, parse_request_line):
        found = None
        try:
            parse(text)
        except HttpTextError as error:
            found = error
        if found:
            assert 1 <= found.line <= text.count("\n") + 2
            assert found.column >= 1
            assert found.hint


@given(st.text())
def test_no_target_is_refused(target: str) -> None:
    path, _ = parse_target(target)
    assert path or not target.partition("?")[0]


def test_a_request_block_has_its_parts() -> None:
    request = parse_request(
        "POST /v1/fota-jobs?a=1&b HTTP/1.1\r\nX-Time: 10:20:30\nEmpty:\n\n{\n}\n\n"
    )
    assert request == HttpRequest(
        "POST",
        "/v1/fota-jobs",
        (("a", "1"), ("b", "")),
        (("X-Time", "10:20:30"), ("Empty", "")),
        b"{\n}\n\n",
    )
    assert request.header("x-time") == "10:20:30"
    assert request.header("other") is None
    assert request.json() == {}
    assert request.text == "{\n}\n\n"


def test_a_request_without_an_empty_line_has_no_body() -> None:
    assert parse_request("GET /").body is None
    assert parse_request("GET /\nA: b").body is None
    assert parse_request("GET /\nA: b\n").body == b""
    assert parse_request("GET /\n\n").body == b""


def test_a_response_block_has_its_parts() -> None:
    response = parse_response("HTTP/1.1 404 Not Found\nSet-Cookie: a\nset-cookie: b\n\nnull")
    assert response == HttpResponse(
        404, "Not Found", (("Set-Cookie", "a"), ("set-cookie", "b")), b"null"
    )
    assert response.header("SET-COOKIE") == "a"
    assert response.json() is None
    assert response.text == "null"
    assert parse_response("HTTP/2 202").body == b""


def test_only_hex_digits_become_bytes_and_only_of_octets() -> None:
    octets = "HTTP/1.1 200 OK\nContent-Type: application/octet-stream\n\n"
    assert parse_response(octets + "00fF10\n").body == b"\x00\xff\x10"
    assert parse_response(octets + "not hex").body == b"not hex"
    assert parse_response("HTTP/1.1 200 OK\nContent-Type: text/plain\n\n00ff").body == b"00ff"
    assert parse_response("HTTP/1.1 200 OK\n\n00ff").body == b"00ff"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("GET /", ("GET", "/", ())),
        ("  GET   /  HTTP/1.0 ", ("GET", "/", ())),
        ("GET /a%20b%2Fc", ("GET", "/a b/c", ())),
        ("GET /APP*1e29*v2.0.0", ("GET", "/APP*1e29*v2.0.0", ())),
        ("GET /a+b?c+d=e+f", ("GET", "/a+b", (("c d", "e f"),))),
        ("GET /?a=b=c&&=d&a=", ("GET", "/", (("a", "b=c"), ("", "d"), ("a", "")))),
        (r"GET /?at=/^\d+$/&x=/a+%2Fb/i", ("GET", "/", (("at", r"/^\d+$/"), ("x", "/a+/b/i")))),
        ("GET /grüße?ü=%C3%A4", ("GET", "/grüße", (("ü", "ä"),))),
        ("GET /%ff", ("GET", "/\N{REPLACEMENT CHARACTER}", ())),
    ],
)
def test_a_request_line_has_its_parts(line: str, parts: tuple[object, ...]) -> None:
    assert parse_request_line(line) == parts


def test_a_received_target_has_no_regular_expressions() -> None:
    assert parse_target("/a%20b?x=/a+b/&y") == ("/a b", (("x", "/a b/"), ("y", "")))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "line 1, column 1: the first line is empty: begin with the start line"),
        ("\nGET /", "line 1, column 1: the first line is empty: begin with the start line"),
        ("GET", "line 1, column 4: there is no path: write GET /path"),
        ("get /", "line 1, column 1: the method 'get' is not in upper case: write GET"),
        (
            "G(T /",
            "line 1, column 1: 'G(T' is no method: write METHOD /path, as in GET /v1/devices",
        ),
        (
            "HTTP/1.1 200 OK",
            "line 1, column 1: 'HTTP/1.1' is no method: write METHOD /path, as in GET /v1/devices",
        ),
        ("GET v1", "line 1, column 5: 'v1' is no path: a path begins with /"),
        ("GET /a b", "line 1, column 8: there is a space in the path: write a space as %20"),
        (
            "GET /\nno header\n",
            "line 2, column 1: 'no header' is no header: a header is `Name: value`, and an empty "
            "line stands between headers and body",
        ),
        (
            'POST /\nA: b\n{"a": 1}',
            "line 3, column 1: '{\"a\": 1}' is no header: a header is `Name: value`, and an empty "
            "line stands between headers and body",
        ),
        (
            "GET /\nA: b\x00",
            "line 2, column 3: there is a control character in the header A: remove it",
        ),
        (
            "GET /\nContent-Type: application/octet-stream\n\nabc",
            "line 4, column 1: the body has an odd number of hex digits: "
            "write two digits for each byte",
        ),
    ],
)
def test_a_malformed_request_says_where_and_what_to_do(text: str, error: str) -> None:
    with pytest.raises(HttpTextError) as raised:
        parse_request(text)
    assert str(raised.value) == error


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "200 OK",
            "line 1, column 1: '200' is no HTTP version: a response begins like HTTP/1.1 200 OK",
        ),
        (
            "HTTP/1.1 OK",
            "line 1, column 10: 'OK' is no status of a response: "
            "write a number from 200 to 599, as in HTTP/1.1 200 OK",
        ),
        (
            "HTTP/1.1 101 Switching Protocols",
            "line 1, column 10: '101' is no status of a response: "
            "write a number from 200 to 599, as in HTTP/1.1 200 OK",
        ),
        (
            "HTTP/1.1 ٢٠٠ OK",
            "line 1, column 10: '٢٠٠' is no status of a response: "
            "write a number from 200 to 599, as in HTTP/1.1 200 OK",
        ),
        (
            "HTTP/1.1 200 O\x00K",
            "line 1, column 15: there is a control character in the reason: remove it",
        ),
    ],
)
def test_a_malformed_response_says_where_and_what_to_do(text: str, error: str) -> None:
    with pytest.raises(HttpTextError) as raised:
        parse_response(text)
    assert str(raised.value) == error


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "the body is empty, not JSON"),
        (b"{", "the body is not JSON: Expecting property name"),
        (b'"\xff"', "the body is not JSON: byte 1 is not UTF-8"),
        (b"NaN", "the body is not JSON: NaN is no JSON number"),
        (b"[" * 100_000, "the body is nested too deeply to be read as JSON"),
        (b"1" * 5000, "Exceeds the limit"),
    ],
)
def test_what_is_not_json_is_a_value_error(body: bytes, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        json_value(body)


def test_a_header_can_be_checked() -> None:
    assert header_problem("A", "b: c") is None
    assert header_problem("A b", "c") == "'A b' is no name of a header"
    assert header_problem("A", "b\r\nC: d") == "there is a control character in the header A"
