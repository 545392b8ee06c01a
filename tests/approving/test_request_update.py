"""Expected requests and what was seen: the smallest changes after which they hold."""

from __future__ import annotations

import textwrap

import pytest

from harness.core.http_text import HttpRequest, parse_request
from tests.approving.updating import VALUES, changed

REQUEST = """
    POST /v1/fota-jobs?dry=true&id=${deviceId}&x=1 HTTP/1.1
    Content-Type:  application/json
    X-Gone: 1
    Authorization: Bearer abc

    { "bundleId":  "a",
      "d": "${deviceId}" }"""


def seen_request(text: str) -> HttpRequest:
    return parse_request(textwrap.dedent(text).strip("\n"))


def test_the_smallest_changes_of_a_request() -> None:
    actual = seen_request(
        f"""
        PUT /v1/fota-tasks?id={VALUES["deviceId"]}&dry=false&new=a%20b HTTP/1.1
        content-type: text/plain
        authorization: [redacted]
        other: 1

        {{"bundleId": "{VALUES["oldId"]}", "d": "{VALUES["deviceId"]}", "e": 1}}
        """
    )
    new, notes = changed(REQUEST, actual, language="", exact=False)
    assert new == textwrap.dedent(
        """\
        PUT /v1/fota-tasks?dry=false&id=${deviceId}&new=a%20b HTTP/1.1
        Content-Type:  text/plain
        Authorization: Bearer abc

        { "bundleId":  "${oldId}",
          "d": "${deviceId}" }"""
    )
    assert notes == (
        "query x: it is not there, so it is no longer expected",
        "header X-Gone: it is not there, so it is no longer expected",
        "header Authorization: it is secret, and no stored value, so it stays as it is",
    )


@pytest.mark.parametrize(
    ("block", "actual", "proposed"),
    [
        ("GET /a?x=1&y=2", "GET /a?y=2", "GET /a?y=2"),
        ("GET /a?x=1&y=2", "GET /a", "GET /a"),
        ("GET /a?x=1&y=2&z=3", "GET /a?x=1", "GET /a?x=1"),
        ("GET /a?x=1", "GET /a?y=2&z=3", "GET /a?y=2&z=3"),
        ("GET /a", "GET /a?y=%C3%A5%26", "GET /a?y=%C3%A5%26"),
        ("GET /a/b", "GET /a/${x}", "GET /a/$%7Bx%7D"),
        ("GET /a/b/c", "GET /a/oob-350006660000001", "GET /a/${deviceId}"),
        ("POST /a\n\n", 'POST /a\n\n{"x": 1}', 'POST /a\n\n{ "x": 1 }'),
        ("POST /a\n\nx=1", "POST /a\n\nx=2", "POST /a\n\nx=2"),
        ("POST /a\n\nx=1", "POST /a\n\n```\nx", "POST /a\n\nx=1"),
        ('POST /a\n\n{"a": 1}', "POST /a", "POST /a\n\n{}"),
    ],
)
def test_requests_of_all_kinds(block: str, actual: str, proposed: str) -> None:
    assert changed(block, parse_request(actual), language="http", exact=True)[0] == proposed
