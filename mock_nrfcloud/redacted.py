"""The plain data of the mock without secrets, and fit to be written as UTF-8. Pure."""

from __future__ import annotations

from dataclasses import replace

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.core.redaction import Redactor
from harness.core.showing import printable
from mock_nrfcloud.values import (
    Call,
    CallResult,
    Criterion,
    Difference,
    NearCall,
    NearMiss,
    Outage,
    Stub,
    Unmatched,
    Violation,
)


def call(redactor: Redactor, real: Call) -> Call:
    """A call without what is secret in it."""
    return replace(
        real,
        host=printable(real.host),
        request=request(redactor, real.request),
        response=response(redactor, real.response),
        problems=tuple(problem(redactor, each) for each in real.problems),
    )


def problem(redactor: Redactor, real: Violation) -> Violation:
    """What is not as an OpenAPI document says, without what is secret in it."""
    return Violation(printable(redactor.text(real.path)), printable(redactor.text(real.what)))


def stub(redactor: Redactor, real: Stub) -> Stub:
    """A stub without what is secret in it."""
    return replace(
        real,
        response=response(redactor, real.response),
        query=_printable(redactor.query(real.query)),
        headers=_printable(redactor.headers(real.headers)),
        body=None if real.body is None else _body(redactor, real.body),
        predicate=None if real.predicate is None else printable(redactor.text(real.predicate)),
    )


def outage(redactor: Redactor, real: Outage) -> Outage:
    """An outage without what is secret in it."""
    return replace(
        real,
        response=None if real.response is None else response(redactor, real.response),
        query=_printable(redactor.query(real.query)),
    )


def near_call(redactor: Redactor, real: NearCall) -> NearCall:
    """The nearest call without what is secret in it."""
    clean = redactor.text
    found = (
        Difference(each.field, clean(each.what), clean(each.expected), clean(each.actual))
        for each in real.differences
    )
    return NearCall(call(redactor, real.call), tuple(found))


def call_result(redactor: Redactor, real: CallResult) -> CallResult:
    """What became of waiting, without what is secret in it."""
    found = None if real.found is None else call(redactor, real.found)
    nearest = None if real.nearest is None else near_call(redactor, real.nearest)
    return replace(real, found=found, nearest=nearest)


def unmatched(redactor: Redactor, real: Unmatched) -> Unmatched:
    """A request that no stub answered, without what is secret in it."""
    near = tuple(near_miss(redactor, each) for each in real.nearest)
    return Unmatched(call(redactor, real.call), near)


def near_miss(redactor: Redactor, real: NearMiss) -> NearMiss:
    """A stub that came near, without what is secret in it."""
    clean = redactor.text
    return NearMiss(clean(real.stub), tuple(criterion(redactor, each) for each in real.criteria))


def criterion(redactor: Redactor, real: Criterion) -> Criterion:
    """A condition without what is secret in it."""
    clean = redactor.text
    return Criterion(clean(real.field), clean(real.what), clean(real.expected), clean(real.actual))


def request(redactor: Redactor, real: HttpRequest) -> HttpRequest:
    """A request without what is secret in it."""
    return replace(
        real,
        path=printable(redactor.text(real.path)),
        headers=_printable(redactor.headers(real.headers)),
        query=_printable(redactor.query(real.query)),
        body=None if real.body is None else _body(redactor, real.body),
    )


def response(redactor: Redactor, real: HttpResponse) -> HttpResponse:
    """A response without what is secret in it."""
    return replace(
        real,
        headers=_printable(redactor.headers(real.headers)),
        body=_body(redactor, real.body),
    )


def _body(redactor: Redactor, body: bytes) -> bytes:
    text = body.decode(errors="surrogateescape")
    clean = redactor.text(text)
    return body if clean is text else clean.encode(errors="surrogateescape")


def _printable(pairs: Pairs) -> Pairs:
    return tuple((printable(name), printable(value)) for name, value in pairs)
