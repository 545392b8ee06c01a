"""The conditions of a stub one by one agree with the differences, and show no secrets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.conditions import differences
from mock_nrfcloud.criteria import criteria
from mock_nrfcloud.values import ROOT_HOST, Stub

NAMES = st.sampled_from(["a", "b", "token"])
VALUES = st.sampled_from(["1", "2", "/[0-9]/"])
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=3).map(tuple)
BODIES = st.sampled_from([None, b"{}", b'{"a": 1}', b'{"a": 2, "b": [1]}', b"text", b"\xff"])
METHODS = st.sampled_from(["GET", "PUT"])
PATHS = st.sampled_from(["/x", "/y", "/h.example/x"])
STUBS = st.builds(
    Stub,
    METHODS,
    PATHS,
    st.just(HttpResponse(200)),
    st.sampled_from([ROOT_HOST, "h.example"]),
    PAIRS,
    PAIRS,
    BODIES,
)
REQUESTS = st.builds(HttpRequest, METHODS, PATHS, PAIRS, PAIRS, BODIES)


@given(STUBS, REQUESTS)
def test_what_is_unmet_are_the_differences(stub: Stub, request: HttpRequest) -> None:
    found = criteria(stub, ROOT_HOST, request)
    unmet = [(each.field, each.what) for each in found if not each.matched]
    different = [(each.field, each.what) for each in differences(stub, ROOT_HOST, request)]
    assert unmet == different
    fields = {each.field.partition(" ")[0] for each in found}
    assert {"method", "host", "path"} <= fields
    assert len(found) >= 3 + stub.specificity
    assert all(each.field for each in found)


def test_each_condition_is_there_in_order() -> None:
    stub = Stub(
        "POST",
        "/x",
        HttpResponse(200),
        query=(("a", "/[0-9]+/"), ("fingerprint", "s3cret1")),
        headers=(("Authorization", "Bearer s3cret2"), ("X-A", "1")),
        body=b'{"a": 1, "b": 2, "c": 3}',
    )
    query = (("a", "12"), ("fingerprint", "s3cret1"))
    headers = (("authorization", "Bearer s3cret2"), ("x-a", "2"))
    request = HttpRequest("POST", "/x", query, headers, b'{"a": 1, "b": 3}')
    found = criteria(stub, ROOT_HOST, request)
    assert [(each.matched, each.field, each.expected) for each in found] == [
        (True, "method", '"POST"'),
        (True, "host", '"api.nrfcloud.com"'),
        (True, "path", '"/x"'),
        (True, "query a", '"/[0-9]+/"'),
        (True, "query fingerprint", '"[redacted]"'),
        (True, "header Authorization", '"[redacted]"'),
        (False, "header X-A", '"1"'),
        (False, "body b", "2"),
        (False, "body c", "3"),
    ]
    assert "s3cret" not in str(found)
    met = criteria(stub, ROOT_HOST, HttpRequest("POST", "/x", query, headers, stub.body))[-1]
    assert (met.matched, met.field, met.expected) == (True, "body", '{"a": 1, "b": 2, "c": 3}')
