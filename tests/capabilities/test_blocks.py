from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from behave.model import Text
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.capabilities.blocks import (
    body_block,
    expected_block,
    expected_text,
    json_block,
    request_block,
    request_rows,
    response_block,
)
from harness.core.markers import Marker
from harness.errors import StepFailure

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
LIKE_HTTP = st.text("HTP/1.0 2GE:ab\n\r\t{}%?&=+", max_size=60)


def refused(read: Callable[[str], object], text: str) -> StepFailure | None:
    try:
        read(text)
    except StepFailure as failure:
        return failure
    return None


@given(JSON)
@settings(max_examples=50)
def test_a_json_block_is_its_value(value: object) -> None:
    assert json_block(json.dumps(value, indent=2)) == value


def test_markers_are_in_what_is_expected_only() -> None:
    text = '{"id": "#uuid"}'
    assert expected_block(text) == {"id": Marker("#uuid", "uuid")}
    assert json_block(text) == {"id": "#uuid"}
    assert expected_text(text) == text
    assert type(expected_text(Text(text))) is str


@pytest.mark.parametrize(
    ("read", "before"),
    [
        (expected_block, ""),
        (expected_text, ""),
        (request_block, "POST /x HTTP/1.1\nContent-Type: application/json\n\n"),
    ],
)
def test_a_wrong_marker_is_refused_at_its_place(read: Callable[[str], object], before: str) -> None:
    failure = refused(read, before + '{\n  "a": "#regex ("\n}')
    assert failure is not None
    assert failure.final
    assert failure.position == (before.count("\n") + 2, 8)
    assert failure.summary.startswith("#regex ( has an invalid regular expression: ")


def test_a_body_that_is_no_json_has_no_markers() -> None:
    assert request_block('POST /x HTTP/1.1\n\n"#regex" is text').body == b'"#regex" is text'


def test_the_cells_of_a_table_have_no_markers() -> None:
    rows = [{"request": "`POST /x`", "body": '`["#uuid", "#regex"]`'}]
    table = SimpleNamespace(headings=["request", "body"], rows=rows)
    (request,) = request_rows(table)
    assert request.body == b'["\\u0023uuid", "\\u0023regex"]'


@pytest.mark.parametrize("read", [json_block, request_block, response_block])
@given(text=LIKE_HTTP | st.text())
def test_any_text_is_read_or_refused_at_a_place_in_it(
    read: Callable[[str], object], text: str
) -> None:
    failure = refused(read, text)
    if failure is None:
        return
    assert failure.final
    if failure.position:
        line, column = failure.position
        assert 1 <= line <= text.count("\n") + 2
        assert column >= 1


@pytest.mark.parametrize("read", [json_block, request_block, response_block])
def test_a_block_that_is_missing(read: Callable[[str | None], object]) -> None:
    with pytest.raises(StepFailure, match="this step needs a code block") as caught:
        read(None)
    assert caught.value.final


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("", "not JSON: Expecting value", (1, 1)),
        ('{\n  "a": 1,\n}', "not JSON", None),
        ('{"a": {"b": 1, "b": 1}}', "the key 'b' stands twice", None),
        ("[NaN]", "NaN is no JSON number", None),
        ("-Infinity", "-Infinity is no JSON number", None),
        ("[" * 100_000, "nested too deeply", None),
        ("9" * 5000, "a number has 5000 digits", None),
    ],
)
def test_what_is_no_json(text: str, message: str, position: tuple[int, int] | None) -> None:
    with pytest.raises(StepFailure) as caught:
        json_block(text)
    assert message in str(caught.value)
    assert position in (None, caught.value.position)


@pytest.mark.parametrize(
    ("body", "kind", "sent", "media_type"),
    [
        ('{"a": 1}', "json", b'{"a": 1}', "application/json"),
        ('{"a": 1}', "JSON title=x", b'{"a": 1}', "application/json"),
        ("a=1\n\nb = x&y ", "form", b"a=1&b=x%26y", "application/x-www-form-urlencoded"),
        ("a=b=c", "form", b"a=b%3Dc", "application/x-www-form-urlencoded"),
        ("", "form", b"", "application/x-www-form-urlencoded"),
        ("<a/>", "xml", b"<a/>", "application/xml"),
        ("[]", "application/senml+json", b"[]", "application/senml+json"),
        ("ü", "text/plain", b"\xc3\xbc", "text/plain; charset=utf-8"),
        ("ü", "python", b"\xc3\xbc", "text/plain; charset=utf-8"),
        ("", "", b"", "text/plain; charset=utf-8"),
        ("\ud800", "", b"\\ud800", "text/plain; charset=utf-8"),
        (None, "json", None, None),
    ],
)
def test_a_body_is_sent_as_its_info_string_says(
    body: str | None, kind: str, sent: bytes | None, media_type: str | None
) -> None:
    assert body_block(body, kind) == (sent, media_type)


def test_a_form_without_a_name() -> None:
    with pytest.raises(StepFailure, match="“b: 2” is no field of a form") as caught:
        body_block("a=1\n b: 2", "form")
    assert caught.value.position == (2, 1)
