"""The plain data of steps and of the mock as JSON. Pure: no I/O."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from mock_nrfcloud import values
from mock_nrfcloud.routes import Left
from mock_nrfcloud.wire import shapes


def new_mapping(added: values.Stub) -> shapes.NewMapping:
    """A stub to be added."""
    asked = shapes.Request(
        method=added.method,
        url_path=added.path,
        host=added.host,
        query_parameters=grouped(added.query),
        headers=grouped(added.headers),
        **_written(added.body),
    )
    return shapes.NewMapping(request=asked, response=response(added.response), kind=added.kind)


def mapping(left: Left, shown: values.Stub) -> shapes.Mapping:
    """A stub that the mock has; `shown` is without secrets."""
    state: shapes.State = "kept" if shown.kind == "kept" else "served" if left.served else "waiting"
    asked = HttpRequest(shown.method, shown.path, shown.query, shown.headers, shown.body)
    answer = response(shown.response)
    return shapes.Mapping(
        id=left.id, state=state, request=request(shown.host, asked), response=answer
    )


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
    return shapes.ShownRequest(
        method=shown.method,
        url_path=shown.path,
        host=host,
        query_parameters=grouped(shown.query),
        headers=grouped(shown.headers),
        **_written(shown.body),
    )


def response(shown: HttpResponse) -> shapes.Response:
    """A response that is fit to be shown."""
    return shapes.Response(
        status=shown.status,
        status_message=shown.reason,
        headers=grouped(shown.headers),
        **_written(shown.body or None),
    )


def call(shown: values.Call) -> shapes.LoggedRequest:
    """A request that was received and is fit to be shown."""
    return shapes.LoggedRequest(**_logged(shown))


def unmatched(shown: values.Unmatched) -> shapes.UnmatchedRequest:
    """A request that no stub answered."""
    return shapes.UnmatchedRequest(near_misses=near_misses(shown.nearest), **_logged(shown.call))


def _logged(shown: values.Call) -> dict[str, Any]:
    return {
        "number": shown.number,
        "at": shown.at,
        "took": shown.took,
        "request": request(shown.host, shown.request),
        "response": response(shown.response),
        "stub": shown.stub,
        "was_matched": bool(shown.stub),
    }


def call_result(result: values.CallResult) -> shapes.CallResult:
    """What became of waiting."""
    near = result.nearest
    return shapes.CallResult(
        found=None if result.found is None else call(result.found),
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
    return [shapes.NearMiss(stub=each.stub, reasons=list(each.reasons)) for each in near]


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
