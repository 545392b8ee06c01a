"""What is written as JSON is read as the same, but for what the documented rules change."""

from __future__ import annotations

from typing import TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.errors import BddError
from mock_nrfcloud import faults, values
from mock_nrfcloud.outages import Happening
from mock_nrfcloud.routes import Left
from mock_nrfcloud.wire import reading, shapes, writing

T = TypeVar("T")

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
METHODS = st.sampled_from(["GET", "POST", "M-SEARCH"])
PATHS = TEXT.map("/{}".format)
PAIRS = st.dictionaries(TEXT, st.lists(TEXT, min_size=1, max_size=3), max_size=3).map(
    lambda grouped: tuple((name, value) for name, values in grouped.items() for value in values)
)
BODIES = st.binary(max_size=6) | TEXT.map(str.encode)
RESPONSES = st.builds(HttpResponse, st.integers(200, 599), TEXT, PAIRS, BODIES)
MILLISECONDS = st.floats(0, faults.MAX_MILLISECONDS)
FAULTS = st.none() | st.builds(
    faults.Fault,
    st.none()
    | st.builds(faults.FixedDelay, MILLISECONDS)
    | st.builds(faults.UniformDelay, MILLISECONDS, MILLISECONDS)
    | st.builds(faults.LogNormalDelay, MILLISECONDS, st.floats(0, faults.MAX_SIGMA)),
    st.none() | st.builds(faults.Drip, st.integers(1, faults.MAX_CHUNKS), MILLISECONDS),
    st.none() | st.sampled_from(faults.Damage),
).filter(lambda fault: fault != faults.Fault())
OUTAGES = st.builds(
    values.Outage,
    st.integers(1, 10**6),
    st.none() | RESPONSES,
    FAULTS,
    host=TEXT,
    method=st.none() | METHODS,
    path=st.none() | PATHS,
    query=PAIRS,
)
STUBS = st.builds(
    values.Stub,
    METHODS,
    PATHS,
    RESPONSES,
    host=TEXT,
    query=PAIRS,
    headers=PAIRS,
    body=st.none() | BODIES,
    predicate=st.none() | TEXT,
    kind=st.sampled_from(["queued", "kept"]),
    fault=FAULTS,
)
PATTERNS = st.builds(
    values.CallPattern,
    METHODS,
    PATHS,
    host=TEXT,
    query=PAIRS,
    headers=PAIRS,
    body=st.none() | BODIES,
    body_partial=st.booleans(),
) | st.builds(values.ShadowPattern, TEXT, PAIRS)
CALLS = st.builds(
    values.Call,
    st.integers(1, 10**12),
    st.floats(0, 1e10),
    st.floats(0, 1e3),
    TEXT,
    st.builds(HttpRequest, METHODS, TEXT, PAIRS, PAIRS, BODIES),
    RESPONSES,
    TEXT,
    TEXT,
)
DIFFERENCES = st.builds(values.Difference, TEXT, TEXT, TEXT, TEXT)
RESULTS = st.builds(
    values.CallResult,
    st.none() | CALLS,
    st.integers(0, 9),
    st.none() | st.builds(values.NearCall, CALLS, st.lists(DIFFERENCES, max_size=2).map(tuple)),
    st.integers(0, 9),
    st.integers(0, 9),
    st.floats(0, 9),
)
CRITERIA = st.builds(values.Criterion, TEXT, TEXT, TEXT, TEXT)
MISSES = st.builds(
    values.Unmatched,
    CALLS,
    st.lists(
        st.builds(values.NearMiss, TEXT, st.lists(CRITERIA, max_size=2).map(tuple)), max_size=2
    ).map(tuple),
)


def sent(shape: T) -> T:
    """A shape as it arrives at the other side."""
    return msgspec.json.decode(msgspec.json.encode(shape), type=type(shape))


@given(STUBS)
def test_stubs(stub: values.Stub) -> None:
    assert reading.stub(sent(writing.new_mapping(stub))) == stub
    shown = sent(writing.mapping(Left("1", stub, served=False), stub))
    assert reading.shown_stub(shown) == stub


@given(OUTAGES)
def test_outages(outage: values.Outage) -> None:
    assert reading.outage(sent(writing.new_outage(outage))) == outage
    shown = sent(writing.outage(Happening("1", outage, 1, None), outage))
    assert (reading.outage(shown), shown.id, shown.left) == (outage, "1", 1)


@given(PATTERNS)
def test_patterns(pattern: values.Pattern) -> None:
    assert reading.pattern(sent(writing.pattern(pattern))) == pattern


@given(CALLS)
def test_calls(call: values.Call) -> None:
    assert reading.call(sent(writing.call(call))) == call


@given(RESULTS)
def test_results(result: values.CallResult) -> None:
    assert reading.call_result(sent(writing.call_result(result))) == result


@given(MISSES)
def test_misses(miss: values.Unmatched) -> None:
    assert reading.unmatched(sent(writing.unmatched(miss))) == miss


def test_a_name_that_occurs_several_times_is_a_list() -> None:
    pairs: Pairs = (("a", "1"), ("b", "2"), ("a", "3"))
    assert writing.grouped(pairs) == {"a": ["1", "3"], "b": "2"}
    assert reading.pairs({"a": ["1", "3"], "b": "2", "c": []}) == (
        ("a", "1"),
        ("a", "3"),
        ("b", "2"),
    )


def mapping(text: str) -> values.Stub:
    return reading.stub(msgspec.json.decode(text, type=shapes.NewMapping))


def test_a_url_is_read_as_a_request_line() -> None:
    stub = mapping('{"request": {"method": "GET", "url": "/a%20b?x=/c+d/i&y=e+f"}}')
    assert (stub.path, stub.query) == ("/a b", (("x", "/c+d/i"), ("y", "e f")))


def test_json_keeps_its_text_and_says_that_it_is_json() -> None:
    stub = mapping(
        '{"request": {"method": "PUT", "urlPath": "/", "jsonBody": [1.0]},'
        ' "response": {"jsonBody": {"a":  12345678901234567890123}, "headers": {"X": "y"}}}'
    )
    assert stub.body == b"[1.0]"
    assert stub.response.body == b'{"a":  12345678901234567890123}'
    assert stub.response.headers == (("Content-Type", "application/json"), ("X", "y"))
    stub = mapping(
        '{"request": {"method": "GET", "urlPath": "/"},'
        ' "response": {"jsonBody": null, "headers": {"content-type": "text/x"}}}'
    )
    assert stub.response.headers == (("content-type", "text/x"),)


@pytest.mark.parametrize(
    ("request_text", "message"),
    [
        ('"method": "GET"', "neither url nor urlPath"),
        ('"method": "GET", "url": "/a", "urlPath": "/a"', "there is url and also"),
        ('"method": "GET", "url": "/a", "queryParameters": {"a": "b"}', "there is url and also"),
        ('"method": "GET", "url": "/a b c"', "there is a space in the path"),
        ('"method": "GET", "urlPath": "/", "body": "", "jsonBody": 1', "in several ways"),
        ('"method": "GET", "urlPath": "/", "base64Body": "%"', "is not Base64"),
    ],
)
def test_what_the_shape_cannot_tell_is_refused(request_text: str, message: str) -> None:
    with pytest.raises(BddError, match=message):
        mapping(f'{{"request": {{{request_text}}}}}')


def test_patterns_that_contradict_themselves_are_refused() -> None:
    assert reading.pattern(shapes.Pattern()) is None
    with pytest.raises(BddError, match="only headers"):
        reading.pattern(shapes.Pattern(shadow_of="a", method="GET"))
    with pytest.raises(BddError, match="there is no method"):
        reading.pattern(shapes.Pattern(url="/"))
