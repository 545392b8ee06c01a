"""The plain data of steps and of the mock as JSON. Pure: no I/O."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import UNSET, UnsetType

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from mock_nrfcloud import values
from mock_nrfcloud.faults import Fault, FixedDelay, LogNormalDelay, UniformDelay
from mock_nrfcloud.outages import Happening
from mock_nrfcloud.routes import Left
from mock_nrfcloud.wire import shapes

T = TypeVar("T")


def new_mapping(added: values.Stub) -> shapes.NewMapping:
    """A stub to be added."""
    asked = shapes.NewRequest(
        method=added.method,
        url_path=added.path,
        host=added.host,
        query_parameters=grouped(added.query),
        headers=grouped(added.headers),
        body_predicate=_or_unset(added.predicate),
        **_written(added.body),
    )
    return shapes.NewMapping(request=asked, response=_faulty(added), kind=added.kind)


def mapping(
    left: Left, shown: values.Stub, warnings: Sequence[values.Violation] = ()
) -> shapes.Mapping:
    """A stub that the mock has; `shown` and `warnings` are without secrets."""
    state: shapes.State = "kept" if shown.kind == "kept" else "served" if left.served else "waiting"
    asked = HttpRequest(shown.method, shown.path, shown.query, shown.headers, shown.body)
    predicate = _or_unset(shown.predicate)
    wanted = shapes.AskedRequest(body_predicate=predicate, **_request(shown.host, asked))
    return shapes.Mapping(
        id=left.id,
        state=state,
        answered=left.answered,
        answered_together=left.together,
        request=wanted,
        response=_faulty(shown),
        warnings=problems(warnings),
    )


def new_outage(added: values.Outage) -> shapes.NewOutage:
    """An outage to begin."""
    return shapes.NewOutage(**_outage(added))


def outage(happening: Happening, shown: values.Outage) -> shapes.Outage:
    """An outage that goes on; `shown` is without secrets."""
    return shapes.Outage(id=happening.id, left=happening.left, **_outage(shown))


def _outage(shown: values.Outage) -> dict[str, Any]:
    affected = shapes.Affected(
        method=_or_unset(shown.method),
        url_path=_or_unset(shown.path),
        host=shown.host,
        query_parameters=grouped(shown.query),
    )
    answer = UNSET if shown.response is None else response(shown.response)
    return {
        "request": affected,
        "response": answer,
        "times": shown.times,
        **_fault(shown.fault),
    }


def _faulty(shown: values.Stub) -> shapes.FaultyResponse:
    return shapes.FaultyResponse(**_response(shown.response), **_fault(shown.fault))


def _fault(fault: Fault | None) -> dict[str, Any]:
    """What happens to a response, as its members."""
    if fault is None:
        return {}
    members: dict[str, Any] = {"fault": _or_unset(fault.damage)}
    if fault.drip:
        members["chunked_dribble_delay"] = shapes.Dribble(
            number_of_chunks=fault.drip.chunks, total_duration=fault.drip.milliseconds
        )
    match fault.delay:
        case FixedDelay(milliseconds):
            members["fixed_delay_milliseconds"] = milliseconds
        case UniformDelay(lower, upper):
            members["delay_distribution"] = shapes.Uniform(lower=lower, upper=upper)
        case LogNormalDelay(median, sigma):
            members["delay_distribution"] = shapes.LogNormal(median=median, sigma=sigma)
    return members


def _or_unset(value: T | None) -> T | UnsetType:
    return UNSET if value is None else value


def pattern(wanted: values.Pattern) -> shapes.Pattern:
    """A pattern to be asked for."""
    if isinstance(wanted, values.ShadowPattern):
        return shapes.Pattern(shadow_of=wanted.device_id, headers=grouped(wanted.headers))
    return shapes.Pattern(
        method=wanted.method,
        url_path=wanted.path,
        host=wanted.host,
        query_parameters=grouped(wanted.query),
        headers=grouped(wanted.headers),
        body_match="partial" if wanted.body_partial else "equal",
        **_written(wanted.body),
    )


def request(host: str, shown: HttpRequest) -> shapes.ShownRequest:
    """A request that is fit to be shown."""
    return shapes.ShownRequest(**_request(host, shown))


def _request(host: str, shown: HttpRequest) -> dict[str, Any]:
    return {
        "method": shown.method,
        "url_path": shown.path,
        "host": host,
        "query_parameters": grouped(shown.query),
        "headers": grouped(shown.headers),
        **_written(shown.body),
    }


def response(shown: HttpResponse) -> shapes.Response:
    """A response that is fit to be shown."""
    return shapes.Response(**_response(shown))


def _response(shown: HttpResponse) -> dict[str, Any]:
    return {
        "status": shown.status,
        "status_message": shown.reason,
        "headers": grouped(shown.headers),
        **_written(shown.body or None),
    }


def call(shown: values.Call) -> shapes.LoggedRequest:
    """A request that was received and is fit to be shown."""
    return shapes.LoggedRequest(**_logged(shown))


def unmatched(shown: values.Unmatched) -> shapes.UnmatchedRequest:
    """A request that no stub answered."""
    return shapes.UnmatchedRequest(near_misses=near_misses(shown.nearest), **_logged(shown.call))


def explained(
    shown: values.Unmatched, answered_by: shapes.AnsweredBy | None
) -> shapes.ExplainedRequest:
    """A request with the reason for its answer."""
    near = near_misses(shown.nearest)
    return shapes.ExplainedRequest(near_misses=near, answered_by=answered_by, **_logged(shown.call))


def _logged(shown: values.Call) -> dict[str, Any]:
    return {
        "number": shown.number,
        "at": shown.at,
        "took": shown.took,
        "request": request(shown.host, shown.request),
        "response": response(shown.response),
        "stub": shown.stub,
        "was_matched": bool(shown.stub),
        "fault": shown.fault,
        "problems": problems(shown.problems),
    }


def call_result(result: values.CallResult) -> shapes.CallResult:
    """What became of waiting."""
    near = result.nearest
    return shapes.CallResult(
        found=None if result.found is None else call(result.found),
        count=result.count,
        nearest=None if near is None else _near_call(near),
        others=result.others,
        dropped=result.dropped,
        waited=result.waited,
    )


def _near_call(near: values.NearCall) -> shapes.NearCall:
    found = [
        shapes.Difference(
            field=each.field, what=each.what, expected=each.expected, actual=each.actual
        )
        for each in near.differences
    ]
    return shapes.NearCall(request=call(near.call), differences=found)


def near_misses(near: Sequence[values.NearMiss]) -> list[shapes.NearMiss]:
    """Stubs that came near."""
    return [
        shapes.NearMiss(
            stub=each.stub, reasons=list(each.reasons), criteria=criteria(each.criteria)
        )
        for each in near
    ]


def criteria(found: Sequence[values.Criterion]) -> list[shapes.Criterion]:
    """Conditions, and which of them are met."""
    return [
        shapes.Criterion(
            field=each.field,
            matched=each.matched,
            what=each.what,
            expected=each.expected,
            actual=each.actual,
        )
        for each in found
    ]


def problems(found: Sequence[values.Violation]) -> list[shapes.FieldError]:
    """What is not as an OpenAPI document says."""
    return [shapes.FieldError(path=each.path, message=each.what) for each in found]


def grouped(pairs: Pairs) -> shapes.Values:
    """A value for each name, or a list of them."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: each[0] if len(each) == 1 else list(each) for name, each in values.items()}


def _written(body: bytes | None) -> dict[str, Any]:
    """A body as a member of a message."""
    if body is None:
        return {}
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"base64_body": b64encode(body).decode()}
