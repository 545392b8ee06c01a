"""A response as bytes."""

from __future__ import annotations

import pytest

from harness.core.http_text import HttpResponse
from mock_nrfcloud.rendered import Rendered, render


def test_headers_go_out_as_they_were_written_with_the_true_length() -> None:
    headers = (("X-B", "b: c"), ("content-length", "9"), ("X-A", "a"), ("X-B", "ü"))
    assert render(HttpResponse(200, "Fine", headers, b"four")) == Rendered(
        "HTTP/1.1 200 Fine\r\nX-B: b: c\r\nX-A: a\r\nX-B: ü\r\nContent-Length: 4\r\n".encode(),
        b"four",
        closes=False,
        dated=False,
    )


@pytest.mark.parametrize(("status", "line"), [(404, b"404 Not Found"), (299, b"299 ")])
def test_an_empty_reason_stands_for_the_usual_one(status: int, line: bytes) -> None:
    assert render(HttpResponse(status)).head.startswith(b"HTTP/1.1 " + line + b"\r\n")


@pytest.mark.parametrize("status", [204, 304])
def test_what_may_have_no_body_has_none_and_no_length(status: int) -> None:
    rendered = render(HttpResponse(status, "", (), b"body"))
    assert rendered.body == b""
    assert b"Content-Length" not in rendered.head


def test_a_written_date_and_the_end_of_the_connection_are_seen() -> None:
    rendered = render(HttpResponse(200, "", (("DATE", "then"), ("connection", "Close"))))
    assert (rendered.dated, rendered.closes) == (True, True)
