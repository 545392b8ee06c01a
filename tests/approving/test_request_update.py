"""Expected requests and what was seen: the smallest changes after which they hold."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.capabilities.blocks import request_block
from harness.core.http_text import HttpRequest, format_request, parse_request
from harness.core.placeholders import Where
from harness.core.template import parse_template
from mock_nrfcloud.conditions import differences
from mock_nrfcloud.values import ROOT_HOST, CallPattern
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


names = st.sampled_from(["a", "b", "deviceIds", "x y", "å&=+"])
texts = st.sampled_from(["", "1", "a b", "${x}", "<variant.y>", "å/&=+%", str(VALUES["deviceId"])])
pairs = st.lists(st.tuples(names, texts), max_size=4).map(tuple)
bodies = st.sampled_from(
    [None, b"", b"{}", b"text", b'{"a": 1}', b'{"a": 2, "b": [1]}', b'["${x}", "#uuid"]']
)
requests = st.builds(
    HttpRequest,
    st.sampled_from(["GET", "POST"]),
    st.lists(texts.filter(bool), min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts)),
    pairs,
    st.lists(
        st.tuples(st.sampled_from(["X-One", "Accept"]), st.sampled_from(["1", "a, b", "${x}"])),
        max_size=2,
        unique_by=lambda pair: pair[0],
    ).map(tuple),
    bodies,
)


def written(request: HttpRequest) -> str:
    """A request as a block in which all of it stands for itself."""
    text = format_request(request).replace("${", "${'$'}{").replace("<variant.", "${'<'}variant.")
    return text.replace('"#', '"\\u0023')


@given(requests, requests, st.booleans())
def test_what_is_proposed_holds(expected: HttpRequest, seen: HttpRequest, exact: bool) -> None:
    new, _ = changed(written(expected), seen, language="http", exact=exact)
    rendered = parse_template(new, Where.HTTP).render(VALUES, now=0)
    pattern = request_block(rendered.text)
    wanted = CallPattern(
        pattern.method,
        pattern.path,
        query=pattern.query,
        headers=pattern.headers,
        body=pattern.body,
        body_partial=not exact,
    )
    assert differences(wanted, ROOT_HOST, seen) == []
    assert changed(new, seen, language="http", exact=exact) == (new, ())


@given(requests, st.booleans())
def test_what_holds_stays_as_it_is(request_: HttpRequest, exact: bool) -> None:
    text = written(request_)
    assert changed(text, request_, language="http", exact=exact) == (text, ())
