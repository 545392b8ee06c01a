"""The conditions of a stub one by one: which of them a request meets, and which it does not.

For a person, so what is secret by its name is not shown. Pure: no I/O. May import nothing but
harness.core and, of the mock, its values and conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from harness.core.http_text import HttpRequest, json_value
from harness.core.redaction import Redactor
from harness.core.showing import shorten
from mock_nrfcloud.conditions import differences
from mock_nrfcloud.values import Criterion, Difference, Stub

_REDACTOR: Final = Redactor()


def criteria(stub: Stub, host: str, request: HttpRequest) -> list[Criterion]:
    """Every condition of a stub, in the order of a request: what is met has no `what`.

    An unmet condition on a body is there once for each of its differences.
    """
    return list(_criteria(stub, host, request))


def _criteria(stub: Stub, host: str, request: HttpRequest) -> Iterator[Criterion]:
    target = replace(stub, query=(), headers=(), body=None, predicate=None)
    unmet = {each.field: each for each in differences(target, host, request)}
    for field, value in (("method", stub.method), ("host", stub.host), ("path", stub.path)):
        yield from _criterion(field, value, [unmet[field]] if field in unmet else [])
    # Each of the others by itself: of a stub for just this target, with no other condition.
    alone = replace(target, method=request.method, host=host, path=request.path)
    for pair, (name, shown) in zip(stub.query, _REDACTOR.query(stub.query), strict=True):
        found = differences(replace(alone, query=(pair,)), host, request)
        yield from _criterion(f"query {name}", shown, found)
    for pair, (name, shown) in zip(stub.headers, _REDACTOR.headers(stub.headers), strict=True):
        found = differences(replace(alone, headers=(pair,)), host, request)
        yield from _criterion(f"header {name}", shown, found)
    if stub.body is not None:
        found = differences(replace(alone, body=stub.body), host, request)
        yield from _criterion("body", _body(stub.body), found)
    if stub.predicate is not None:
        found = differences(replace(alone, predicate=stub.predicate), host, request)
        yield from _criterion(f"body where {shorten(stub.predicate)}", True, found)


def _body(body: bytes) -> object:
    try:
        return json_value(body)
    except ValueError:
        return body[:1000].decode(errors="backslashreplace")


def _criterion(field: str, value: object, unmet: Iterable[Difference]) -> Iterator[Criterion]:
    """The condition that this part has this value; without a difference it is met."""
    found = [Criterion(each.field, each.what, each.expected, each.actual) for each in unmet]
    expected = shorten(value)
    yield from found or [Criterion(field, "", expected, expected)]
