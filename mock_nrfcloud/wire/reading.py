"""What the JSON stands for: the plain data of steps and of the mock. Pure: no I/O."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from typing import TypeVar

from msgspec import UNSET, UnsetType

from harness.core.http_text import HttpRequest, HttpResponse, Pairs, parse_request_line
from harness.errors import BddError
from mock_nrfcloud import faults, values
from mock_nrfcloud.wire import shapes

T = TypeVar("T")


def stub(mapping: shapes.NewMapping) -> values.Stub:
    """Raises BddError for what the classes cannot tell."""
    asked = mapping.request
    path, query = _target(asked)
    return values.Stub(
        asked.method,
        path,
        response(mapping.response),
        host=asked.host,
        query=query,
        headers=pairs(asked.headers),
        body=_body(asked),
        predicate=_given(asked.body_predicate),
        kind=mapping.kind,
        fault=fault(mapping.response),
    )


def outage(new: shapes.NewOutage) -> values.Outage:
    """Raises BddError for what the classes cannot tell."""
    affected = new.request
    return values.Outage(
        new.times,
        None if new.response is UNSET else response(new.response),
        fault(new),
        host=affected.host,
        method=_given(affected.method),
        path=_given(affected.url_path),
        query=pairs(affected.query_parameters),
    )


def fault(given: shapes.Faulty | shapes.FaultyResponse) -> faults.Fault | None:
    """What happens to a response. Raises BddError for what the classes cannot tell."""
    dribble = given.chunked_dribble_delay
    drip = None
    if dribble is not UNSET:
        drip = faults.Drip(dribble.number_of_chunks, dribble.total_duration)
    found = faults.Fault(_delay(given), drip, _given(given.fault))
    return None if found == faults.Fault() else found


def _delay(given: shapes.Faulty | shapes.FaultyResponse) -> faults.Delay | None:
    milliseconds, distribution = given.fixed_delay_milliseconds, given.delay_distribution
    if milliseconds is not UNSET:
        if distribution is not UNSET:
            raise BddError(
                "there is fixedDelayMilliseconds and also delayDistribution",
                hint="write one of the two",
            )
        return faults.FixedDelay(milliseconds)
    match distribution:
        case shapes.Uniform(lower=lower, upper=upper):
            return faults.UniformDelay(lower, upper)
        case shapes.LogNormal(median=median, sigma=sigma):
            return faults.LogNormalDelay(median, sigma)
    return None


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value


def pattern(wanted: shapes.Pattern) -> values.Pattern | None:
    """A pattern, None for one that every request matches.

    Raises BddError for what the classes cannot tell.
    """
    if wanted == shapes.Pattern():
        return None
    headers = pairs(wanted.headers)
    if wanted.shadow_of is not UNSET:
        if wanted != shapes.Pattern(shadow_of=wanted.shadow_of, headers=wanted.headers):
            raise BddError("with shadowOf only headers can be given", hint="leave out the others")
        return values.ShadowPattern(wanted.shadow_of, headers)
    if wanted.method is UNSET:
        raise BddError("there is no method", hint='add "method": "GET", say')
    path, query = _target(wanted)
    partial = wanted.body_match == "partial"
    return values.CallPattern(
        wanted.method,
        path,
        host=wanted.host,
        query=query,
        headers=headers,
        body=_body(wanted),
        body_partial=partial,
    )


def request(asked: shapes.Request) -> HttpRequest:
    """Raises BddError for what the classes cannot tell."""
    path, query = _target(asked)
    return HttpRequest(asked.method, path, query, pairs(asked.headers), _body(asked))


def response(given: shapes.Response) -> HttpResponse:
    """Raises BddError for what the classes cannot tell."""
    headers = pairs(given.headers)
    if given.json_body is not UNSET and "content-type" not in {name.lower() for name, _ in headers}:
        headers = (("Content-Type", "application/json"), *headers)
    return HttpResponse(given.status, given.status_message, headers, _body(given) or b"")


def call(logged: shapes.LoggedRequest) -> values.Call:
    """A request as it was shown."""
    shown = logged.request
    query, headers = pairs(shown.query_parameters), pairs(shown.headers)
    asked = HttpRequest(shown.method, shown.url_path, query, headers, _body(shown) or b"")
    answer = response(logged.response)
    return values.Call(
        logged.number,
        logged.at,
        logged.took,
        shown.host,
        asked,
        answer,
        logged.stub,
        logged.fault,
        problems(logged.problems),
    )


def problems(found: Iterable[shapes.FieldError]) -> tuple[values.Violation, ...]:
    """What is not as an OpenAPI document says."""
    return tuple(values.Violation(each.path, each.message) for each in found)


def shown_stub(mapping: shapes.Mapping) -> values.Stub:
    """A stub as it was shown."""
    asked = mapping.request
    return values.Stub(
        asked.method,
        asked.url_path,
        response(mapping.response),
        host=asked.host,
        query=pairs(asked.query_parameters),
        headers=pairs(asked.headers),
        body=_body(asked),
        predicate=_given(asked.body_predicate),
        kind="kept" if mapping.state == "kept" else "queued",
        fault=fault(mapping.response),
    )


def call_result(result: shapes.CallResult) -> values.CallResult:
    """What became of waiting."""
    near = result.nearest
    return values.CallResult(
        found=None if result.found is None else call(result.found),
        count=result.count,
        nearest=None if near is None else _near_call(near),
        others=result.others,
        dropped=result.dropped,
        waited=result.waited,
    )


def _near_call(near: shapes.NearCall) -> values.NearCall:
    found = (
        values.Difference(each.field, each.what, each.expected, each.actual)
        for each in near.differences
    )
    return values.NearCall(call(near.request), tuple(found))


def unmatched(miss: shapes.UnmatchedRequest) -> values.Unmatched:
    """A request that no stub answered."""
    near = tuple(values.NearMiss(each.stub, _criteria(each)) for each in miss.near_misses)
    return values.Unmatched(call(miss), near)


def _criteria(near: shapes.NearMiss) -> tuple[values.Criterion, ...]:
    return tuple(
        values.Criterion(each.field, each.what, each.expected, each.actual)
        for each in near.criteria
    )


def pairs(grouped: shapes.Values) -> Pairs:
    """Names and values, in the order of the names."""
    return tuple(
        (name, each)
        for name, value in grouped.items()
        for each in ([value] if isinstance(value, str) else value)
    )


def _target(asked: shapes.Target) -> tuple[str, Pairs]:
    """Path and query of what is asked for."""
    if asked.url is not UNSET:
        if asked.url_path is not UNSET or asked.query_parameters:
            raise BddError(
                "there is url and also urlPath or queryParameters", hint="write one of the two"
            )
        _, path, query = parse_request_line(f"GET {asked.url}")
        return path, query
    if asked.url_path is UNSET:
        raise BddError("there is neither url nor urlPath", hint='add "urlPath": "/v1/devices", say')
    return asked.url_path, pairs(asked.query_parameters)


def _body(message: shapes.WithBody) -> bytes | None:
    """The bytes of a body, None if there is none."""
    written = [
        each for each in (message.body, message.json_body, message.base64_body) if each is not UNSET
    ]
    if len(written) > 1:
        raise BddError(
            "the body is written in several ways",
            hint="take one of body, jsonBody and base64Body",
        )
    if message.base64_body is not UNSET:
        try:
            return b64decode(message.base64_body, validate=True)
        except ValueError as error:
            raise BddError(f"base64Body is not Base64: {error}") from None
    if message.json_body is not UNSET:
        return bytes(memoryview(message.json_body))
    return message.body.encode() if message.body is not UNSET else None
