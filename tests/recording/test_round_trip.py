"""What was recorded is what the scenario says: read as a run reads it, it is the same calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from harness.core.document import Step
from harness.core.http_text import (
    HttpRequest,
    HttpResponse,
    Pairs,
    parse_request,
    parse_request_line,
    parse_response,
)
from harness.core.markdown import parse
from harness.core.rendering import RenderedStep, render_step
from harness.recording.compose import compose
from harness.recording.model import Observed, Options, Recording
from mock_nrfcloud.values import ROOT_HOST
from tests.recording import calls
from tests.recording.strategies import flows, json_bodies

FILE = "a.feature.md"
OPTIONS = Options(allow=frozenset({"imei", "iccid"}))  # whose form numbers may have by chance
_QUOTED = re.compile(r"`([^`]*)`")
_PATTERN = re.compile(r"/.+/[a-z]*", re.DOTALL)


def steps(text: str) -> Iterator[RenderedStep]:
    """The steps of a file as they run."""
    document = parse(text, FILE)
    of: list[Step] = [step for scenario in document.scenarios for step in scenario.steps]
    for step in of:
        yield render_step(step, FILE, {"ts": 0}, now=0)


def same(one: bytes | None, other: bytes | None, headers: Pairs) -> bool:
    """Whether two bodies say the same."""
    if "json" in dict(headers).get("Content-Type", ""):
        return (
            HttpResponse(200, body=one or b"").json() == HttpResponse(200, body=other or b"").json()
        )
    return (one or b"") == (other or b"")


def named(title: str) -> tuple[str, str, str, Pairs]:
    """Host, method, path and query that a step answers."""
    request = _QUOTED.findall(title)[0]
    host = ROOT_HOST
    if "HTTP API Mock" in title:
        method, url = request.split(" ")
        host, _, target = url.removeprefix("https://").partition("/")
        request = f"{method} /{target}"
    return host, *parse_request_line(request)


def answers(of: list[RenderedStep]) -> dict[tuple[str, str, str, Pairs], HttpResponse]:
    return {
        named(each.title): parse_response(each.text or "") for each in of if "queued" in each.title
    }


def requests(of: list[RenderedStep]) -> dict[tuple[str, str, str], HttpRequest]:
    """By host, method and path."""
    found = {}
    for each in of:
        if "have been called" in each.title:
            request = parse_request(each.text or "")
            host, path = ROOT_HOST, request.path
            if "HTTP API Mock" in each.title:
                host, _, path = path[1:].partition("/")
                path = f"/{path}"
            found[host, request.method, path] = request
    return found


@given(flows())
def test_what_comes_out_are_the_calls_that_went_in(flow: tuple[Observed, ...]) -> None:
    composed = compose(Recording(flow), OPTIONS)
    of = list(steps(composed.text))
    found, asked = answers(of), requests(of)
    for call in flow:
        request, response = call.request, call.response
        assert response
        query = tuple(pair for pair in request.query if not _PATTERN.fullmatch(pair[1]))
        answer = found[call.host, request.method, request.path, query]
        assert answer.status == response.status
        assert same(answer.body, response.body, response.headers)
        if request.method != "GET":
            sent = asked[call.host, request.method, request.path]
            assert sent.query == request.query
            assert same(sent.body, request.body, request.headers)


@given(json_bodies)
def test_a_trigger_is_sent_as_it_was(body: bytes) -> None:
    call = calls.user(0, "PUT /device/a%20b/état", query=(("a", "${x}"),))
    call = Observed(
        call.at,
        call.took,
        "service",
        "",
        HttpRequest("PUT", call.request.path, call.request.query, calls.JSON, body),
        call.response,
    )
    text = compose(Recording((call,), values={"APIURL": "http://x.example"}), OPTIONS).text
    document = parse(text, FILE)
    when = next(each for each in document.scenarios[0].steps if each.keyword == "When")
    ran = render_step(when, FILE, {"APIURL": "http://x.example"}, now=0)
    method, url = _QUOTED.findall(ran.title)
    assert (method, *parse_request_line(f"{method} {url.removeprefix('http://x.example')}")) == (
        "PUT",
        "PUT",
        call.request.path,
        call.request.query,
    )
    sent = HttpResponse(200, body=(ran.text or "").encode())
    assert sent.json() == HttpResponse(200, body=body).json()


@given(st.lists(json_bodies, min_size=2, max_size=6))
def test_answers_come_in_the_order_in_which_they_came(bodies: list[bytes]) -> None:
    flow = [
        Observed(
            calls.BEGIN + at,
            0.01,
            "cloud",
            ROOT_HOST,
            HttpRequest("POST", "/v1/x"),
            HttpResponse(200, "", calls.JSON, body),
        )
        for at, body in enumerate(bodies)
    ]
    of = list(steps(compose(Recording(tuple(flow)), OPTIONS).text))
    queued = [parse_response(each.text or "").json() for each in of if "queued" in each.title]
    recorded = [HttpResponse(200, body=each).json() for each in bodies]
    # As the mock does: the last one is repeated.
    assert [*queued, *queued[-1:] * (len(recorded) - len(queued))] == recorded
