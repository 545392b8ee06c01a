"""Addresses that can be sent to and those that cannot; errors in a person's words."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from harness.drivers.network import (
    Address,
    ConnectionRefused,
    connection_failure,
    parse_address,
    redact_by_form,
    said,
)
from harness.errors import StepFailure

HTTP = ("http", "https")


@pytest.mark.parametrize(
    ("url", "sent", "host", "port"),
    [
        ("http://example.com", "http://example.com", "example.com", 80),
        ("https://example.com/a", "https://example.com/a", "example.com", 443),
        ("http://[::1]:8080/a?b=[c]", "http://[::1]:8080/a?b=[c]", "::1", 8080),
        ("http://h/a%2Fb%2a?x=a+b&y=*", "http://h/a%2Fb%2a?x=a+b&y=*", "h", 80),
        ('http://h/a b?x="æ"|{}', "http://h/a%20b?x=%22%C3%A6%22%7C%7B%7D", "h", 80),
        ("http://h:0/", "http://h:0/", "h", 0),
    ],
)
def test_a_url_is_sent_as_written_if_it_can_be(url: str, sent: str, host: str, port: int) -> None:
    address = parse_address(url, HTTP, redact_by_form)
    assert (address.url, address.host, address.port) == (sent, host, port)


def test_what_is_shown_has_no_secrets() -> None:
    address = parse_address("ws://h/?fingerprint=92b.y7i24q", ("ws",), redact_by_form)
    assert address.shown == "ws://h/?fingerprint=[redacted]"


def test_a_long_url_is_sent_whole_and_shown_in_part() -> None:
    url = f"http://h/{'x' * 10_000}"
    address = parse_address(url, HTTP, redact_by_form)
    assert address.url == url
    assert address.shown == f"{url[:300]}…"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", ""),
        (b"<p>no\n  way</p>", "<p>no way</p>"),
        (b'{"title": "Forbidden", "detail": "unknown", "x": 1}', "Forbidden: unknown"),
        (b'{"message": "no"}', "no"),
        (b'{"title": 1}', '{"title": 1}'),
        (b'["title"]', '["title"]'),
        (b"\xff" * 3, "\ufffd" * 3),
        (b"[" * 200_000, "[" * 300 + "…"),
        (b"x" * 295 + b"?token=abcdef", "x" * 295 + "?toke…"),
        (b"x" * 285 + b" ?token=abcdef", "x" * 285 + " ?token=[redact…"),
    ],
)
def test_what_a_refusal_has_said(body: bytes, text: str) -> None:
    assert said(body, redact_by_form) == text


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "'' is no URL to send to: it is not absolute: it begins with http:// or https://"),
        ("/device", "it is not absolute"),
        ("example.com/a", "it is not absolute"),
        ("ftp://example.com", "its scheme is ftp: it begins with http://"),
        ("http://", "'' is no host name"),
        ("http://:80/", "'' is no host name"),
        ("http://æ.example/", "'æ.example' is no host name: write it in ASCII"),
        ("http://a b/", "'a b' is no host name"),
        ("http://h:99999/", "[Pp]ort out of range"),
        ("http://h:port/", "[Pp]ort could not be cast"),
        ("http://[::1/", "check the host and the port"),
        ("http://h/a\r\nX: y", "it has a line break or a control character in it"),
        ("http://h/\x00", "control character"),
    ],
)
def test_what_is_no_url_fails_for_good(url: str, message: str) -> None:
    with pytest.raises(StepFailure, match=message) as caught:
        parse_address(url, HTTP, redact_by_form)
    assert caught.value.final


def test_a_password_in_a_url_is_refused_and_not_shown() -> None:
    with pytest.raises(StepFailure, match="use a header instead") as caught:
        parse_address("http://me:hunter2@h/", HTTP, redact_by_form)
    assert "hunter2" not in str(caught.value)


def certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError()
    error.verify_message = "self-signed certificate"
    return error


def tls_error() -> ssl.SSLError:
    error = ssl.SSLError()
    error.reason = "WRONG_VERSION_NUMBER"
    return error


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ConnectionRefusedError(), "GET x: h:1 refused the connection: is the service running?"),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "GET x: the host h has no address (Name or service not known):"
            " is its name right, and is the network there?",
        ),
        (
            certificate_error(),
            "GET x: the certificate of h:1 is not trusted: self-signed certificate",
        ),
        (
            tls_error(),
            "GET x: h:1 does not speak TLS as expected (WRONG_VERSION_NUMBER):"
            " is it served without TLS?",
        ),
        (
            ConnectionResetError(errno.ECONNRESET, "odd text"),
            "GET x: the connection to h:1 failed: Connection reset by peer",
        ),
        (
            OSError("all attempts failed"),
            "GET x: the connection to h:1 failed: all attempts failed",
        ),
        (BrokenPipeError(), "GET x: the connection to h:1 failed: BrokenPipeError"),
    ],
)
def test_errors_in_a_persons_words(error: OSError, message: str) -> None:
    failure = connection_failure("GET x", Address("http://h:1", "h", 1, "http://h:1"), error)
    assert str(failure) == message
    assert isinstance(failure, ConnectionRefused) == isinstance(error, ConnectionRefusedError)
    assert not failure.final
