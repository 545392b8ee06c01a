"""Recordings of any kind, for property tests."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import strategies as st

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.recording.model import Observed
from mock_nrfcloud.values import ROOT_HOST
from tests.recording.calls import BEGIN

TRAPS = ["${x}", "$${", "<variant.x>", "$number{1}", "#uuid", "##string", "```", "\\${", "\r\n"]

texts = st.lists(
    st.sampled_from(TRAPS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    max_size=3,
).map("".join)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
json_bodies = json_values.map(lambda value: json.dumps(value).encode())
segments = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), max_size=6)
paths = st.lists(segments | st.sampled_from(["${x}", "v1", "a b"]), min_size=1, max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)
queries = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
bodies = st.one_of(
    st.tuples(st.just("application/json"), json_bodies),
    st.tuples(st.just("text/plain"), texts.map(str.encode)),
    st.tuples(st.just("application/octet-stream"), st.binary(max_size=20)),
)


@st.composite
def observed(draw: st.DrawFn, at: float) -> Observed:
    """A call of the service to a third party."""
    kind, answer = draw(bodies)
    asked_kind, asked = draw(bodies)
    method = draw(st.sampled_from(["GET", "POST", "PUT", "DELETE"]))
    headers: Pairs = (("Content-Type", asked_kind),) if asked else ()
    return Observed(
        BEGIN + at,
        0.01,
        "cloud",
        draw(st.sampled_from([ROOT_HOST, "hooks.example.com"])),
        HttpRequest(method, draw(paths), draw(queries), headers, asked or None),
        HttpResponse(draw(st.integers(200, 599)), "", (("Content-Type", kind),), answer),
    )


@st.composite
def flows(draw: st.DrawFn) -> tuple[Observed, ...]:
    """Some calls, none like the one before it."""
    count = draw(st.integers(1, 4))
    calls = [draw(observed(float(number))) for number in range(count)]
    return tuple(
        replace(each, request=replace(each.request, path=f"/{number}{each.request.path}"))
        for number, each in enumerate(calls)
    )
