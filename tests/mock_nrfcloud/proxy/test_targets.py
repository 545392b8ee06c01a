"""The forms of a request's target, credentials, and headers for one connection only."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import BddError
from mock_nrfcloud.proxy.targets import (
    Target,
    absolute_target,
    credentials,
    end_to_end,
    tunnel_target,
)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("api.nrfcloud.com:443", "api.nrfcloud.com", 443),
        ("API.nRFCloud.com.:443", "api.nrfcloud.com", 443),
        ("192.0.2.7:8443", "192.0.2.7", 8443),
        ("[2001:db8::1]:443", "2001:db8::1", 443),
        ("my_service:80", "my_service", 80),
    ],
)
def test_a_tunnel(text: str, host: str, port: int) -> None:
    assert tunnel_target(text) == Target(host, port)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it has no name of a host"),
        ("host", "it has no port"),
        (":443", "it has no name of a host"),
        ("host:0", "it is not host:port"),
        ("host:65536", "Port out of range"),
        ("host:x", "Port could not be cast"),
        ("user@host:443", "it is not host:port"),
        ("host:443/path", "it is not host:port"),
        ("a b:443", "it has no name of a host"),
        ("größe:443", "it has no name of a host"),
        ("[::1:443", "Invalid IPv6 URL"),
        ("[fe80::1%25eth0]:443", "it has no name of a host"),
        ("-:443", "it has no name of a host"),
        (f"{'a' * 254}:443", "it has no name of a host"),
    ],
)
def test_what_is_no_tunnel(text: str, why: str) -> None:
    with pytest.raises(BddError, match=r"is nothing that a proxy can be asked for") as caught:
        tunnel_target(text)
    assert why in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("http://h", Target("h", 80, "http", "/")),
        ("HTTP://h:8080/a%20b?x=/y", Target("h", 8080, "http", "/a%20b?x=/y")),
        ("https://[::1]?x=1#f", Target("::1", 443, "https", "/?x=1")),
    ],
)
def test_a_url(text: str, target: Target) -> None:
    assert absolute_target(text) == target


@pytest.mark.parametrize("text", ["ftp://h/", "h/", "http:/h", "http://u:p@h/", "http:///x", "x:"])
def test_what_is_no_url(text: str) -> None:
    with pytest.raises(BddError, match="nothing that a proxy can be asked for"):
        absolute_target(text)


def test_a_target_is_shown_as_in_a_url() -> None:
    assert absolute_target("http://[::1]/x?y").url == "http://[::1]:80/x?y"


@given(st.text(max_size=300))
def test_any_text_is_a_target_or_a_plain_error(text: str) -> None:
    for parse in (tunnel_target, absolute_target):
        try:
            target = parse(text)
        except BddError:
            continue
        assert 0 < target.port < 65536
        assert target.host


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ("", "")),
        (basic("run-1:x"), ("run-1", "x")),
        (basic(":t0ken:with colon"), ("", "t0ken:with colon")),
        (basic("alone"), ("alone", "")),
        (basic("a%2Eb:x").replace("Basic", "BASIC"), ("a.b", "x")),
    ],
)
def test_credentials(header: str | None, expected: tuple[str, str]) -> None:
    assert credentials(header) == expected


@pytest.mark.parametrize("header", ["", "Bearer abc", "Basic ???", "Basic /w==", "Basic é"])
def test_what_are_no_credentials(header: str) -> None:
    with pytest.raises(BddError, match="not of the scheme Basic"):
        credentials(header)


def test_headers_of_one_connection_are_left_out() -> None:
    headers = (
        ("Connection", "close, X-Mine"),
        ("x-mine", "1"),
        ("Transfer-Encoding", "chunked"),
        ("Proxy-Authorization", "Basic eDp5"),
        ("Content-Length", "3"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    assert end_to_end(iter(headers)) == headers[4:]
