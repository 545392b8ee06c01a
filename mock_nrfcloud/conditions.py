"""What stubs and assertions ask of a request, and how a request differs from that.

`differences` returns a list; to match is to have no difference, so a diagnosis costs nothing
extra. Values are compared as they are; differences are for a person, so what is secret by its
name is not shown in them.

Pure: no I/O. May import nothing but harness.core and harness.errors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest

from harness.core.expressions import ExpressionError, compile_expression
from harness.core.http_text import HttpRequest, HttpResponse, Pairs, header_problem, json_value
from harness.core.matching import MISSING, mismatches, shorten
from harness.core.redaction import REDACTED, SECRET_HEADERS, SECRET_NAMES
from harness.errors import BddError
from mock_nrfcloud import faults
from mock_nrfcloud.predicates import compiled, evaluated, expected_json, holds
from mock_nrfcloud.values import (
    ROOT_HOST,
    SHADOW_PATH,
    SHADOW_QUERY,
    Difference,
    Outage,
    Pattern,
    ShadowPattern,
    Stub,
    address,
    device_ids,
)


def check(asked: Stub | Outage) -> None:
    """Raises BddError if it cannot work: its response cannot be sent, its fault cannot be played,
    or a condition cannot be tried."""
    if asked.response:
        _check_response(asked.response)
    if asked.fault:
        faults.check(asked.fault)
    for name, value in asked.query:
        try:
            compiled(value)
        except ValueError as error:
            what = f"the query parameter {name} is no valid regular expression: {error}"
            raise BddError(what, hint="write it as /regex/flags") from None
    if isinstance(asked, Stub) and asked.predicate is not None:
        try:
            compile_expression(asked.predicate)
        except ExpressionError as error:
            raise BddError(f"the predicate {shorten(asked.predicate)}: {error}") from None


def _check_response(response: HttpResponse) -> None:
    if not 200 <= response.status <= 599:
        raise BddError(
            f"{response.status} is no status of a response", hint="take one from 200 to 599"
        )
    if not response.reason.isprintable():
        raise BddError("there is a control character in the reason", hint="remove it")
    for name, value in response.headers:
        if (problem := header_problem(name, value)) is not None:
            raise BddError(problem, hint="a header is `Name: value` on one line")


def differences(wanted: Stub | Pattern, host: str, request: HttpRequest) -> list[Difference]:
    """How a request to a host differs from what is wanted; [] if it matches."""
    return list(_differences(wanted, host, request))


def matches(wanted: Stub | Pattern, host: str, request: HttpRequest) -> bool:
    """Whether there is no difference; the first one is enough to tell."""
    return next(_differences(wanted, host, request), None) is None


def conditions_hold(stub: Stub, host: str, request: HttpRequest) -> bool:
    """Whether a request, whose host, method and path are known to match, matches a stub."""
    return next(_conditions(stub, host, request), None) is None


def is_out(outage: Outage, host: str, request: HttpRequest) -> bool:
    """Whether a request to a host is one of those that an outage is for."""
    return (
        host == outage.host.lower()
        and outage.method in (None, request.method)
        and outage.path in (None, request.path)
        and next(_parameters(outage.query, request.query), None) is None
    )


def distance(wanted: Stub | Pattern, host: str, request: HttpRequest) -> int:
    """How far a request is from what is wanted, to find the nearest: 0 if it matches."""
    weights = {"host": 4, "path": 4, "method": 2}
    path = SHADOW_PATH if isinstance(wanted, ShadowPattern) else wanted.path
    found = differences(wanted, host, request)
    return segments_apart(path, request.path) + sum(weights.get(each.field, 1) for each in found)


def target_distance(wanted: Pattern, host: str, request: HttpRequest) -> tuple[int, int]:
    """How far only the path (with its host) and the method are from what is wanted."""
    if isinstance(wanted, ShadowPattern):
        method, path = "GET", SHADOW_PATH
    else:
        method, path = wanted.method, address(wanted.host, wanted.path)
    return segments_apart(path, address(host, request.path)), method != request.method


def segments_apart(path: str, other: str) -> int:
    """In how many segments two paths differ."""
    return sum(a != b for a, b in zip_longest(path.split("/"), other.split("/")))


def _differences(wanted: Stub | Pattern, host: str, request: HttpRequest) -> Iterator[Difference]:
    if isinstance(wanted, ShadowPattern):
        yield from _target("GET", ROOT_HOST, SHADOW_PATH, host, request)
        yield from _parameters(SHADOW_QUERY, request.query)
        yield from _among(wanted.device_id, request.query)
        yield from _headers(wanted.headers, host, request)
        return
    yield from _target(wanted.method, wanted.host, wanted.path, host, request)
    if isinstance(wanted, Stub):
        yield from _conditions(wanted, host, request)
    else:
        yield from _exact_parameters(wanted.query, request.query)
        yield from _headers(wanted.headers, host, request)
        yield from _body(wanted.body, request, expected_json, exact=not wanted.body_partial)


def _conditions(stub: Stub, host: str, request: HttpRequest) -> Iterator[Difference]:
    yield from _parameters(stub.query, request.query)
    yield from _headers(stub.headers, host, request)
    yield from _body(stub.body, request, json_value, exact=False)
    if stub.predicate is not None:
        yield from _predicate(stub.predicate, request)


def _difference(
    field: str, expected: object, actual: object, *, secret: bool = False
) -> Difference:
    if secret:
        got = REDACTED if actual is not MISSING else "nothing"
        return Difference(field, f"expected another value (it is secret), got {got}", REDACTED, got)
    wanted, got = shorten(expected), shorten(actual)
    return Difference(field, f"expected {wanted}, got {got}", wanted, got)


def _target(
    method: str, host: str, path: str, actual_host: str, request: HttpRequest
) -> Iterator[Difference]:
    if method != request.method:
        yield _difference("method", method, request.method)
    host = host.lower()
    # A host that the mock does not know is still a part of the path.
    if address(host, path) == address(actual_host, request.path):
        return
    if host != actual_host:
        yield _difference("host", host, actual_host)
    if path != request.path:
        yield _difference("path", path, request.path)


def _parameters(wanted: Pairs, actual: Pairs) -> Iterator[Difference]:
    values = _by_name(actual)
    for name, value in wanted:
        if not any(holds(value, each) for each in values[name]):
            yield _difference(f"query {name}", value, _shown(values[name]), secret=_secret(name))


def _exact_parameters(wanted: Pairs, actual: Pairs) -> Iterator[Difference]:
    expected, values = _by_name(wanted), _by_name(actual)
    for name in expected | values:
        one, other = sorted(expected[name]), sorted(values[name])
        if one != other:
            yield _difference(f"query {name}", _shown(one), _shown(other), secret=_secret(name))


def _among(device_id: str, query: Pairs) -> Iterator[Difference]:
    if device_id not in (ids := device_ids(query)):
        yield _difference("query deviceIds", device_id, _shown(ids))


def _headers(wanted: Pairs, host: str, request: HttpRequest) -> Iterator[Difference]:
    # The mock stands in for the host: a written Host header means that one.
    values = _by_name((name.lower(), value) for name, value in (*request.headers, ("host", host)))
    for name, value in wanted:
        lower = name.lower()
        if value not in values[lower]:
            secret = lower in SECRET_HEADERS
            yield _difference(f"header {name}", value, _shown(values[lower]), secret=secret)


def _body(
    wanted: bytes | None, request: HttpRequest, read: Callable[[bytes], object], *, exact: bool
) -> Iterator[Difference]:
    """`read` gives what is expected by the wanted bytes: ValueError for no JSON."""
    if wanted is None:
        return
    actual = request.body or b""
    if wanted == actual and b'"#' not in wanted:  # which may be a marker
        return
    try:
        expected, got = read(wanted or b"{}"), json_value(actual or b"{}")
    except ValueError:
        if wanted != actual:
            yield _difference("body", _body_text(wanted), _body_text(actual))
        return
    for each in mismatches(expected, got, exact=exact):
        path = f"body {each.path}".rstrip()
        yield Difference(path, each.what, shorten(each.expected), shorten(each.actual))


def _predicate(source: str, request: HttpRequest) -> Iterator[Difference]:
    """A predicate that cannot be evaluated does not hold."""
    field = f"body where {shorten(source)}"
    try:
        value = evaluated(source, json_value(request.body or b"{}"))
    except ExpressionError as error:
        yield Difference(field, str(error), "true", "an error")
    except ValueError:
        yield Difference(field, "the body is not JSON", "true", _body_text(request.body or b""))
    else:
        if value is not True:
            yield _difference(field, True, value)


def _body_text(body: bytes) -> str:
    return body[:1000].decode(errors="backslashreplace")


def _by_name(pairs: Iterable[tuple[str, str]]) -> defaultdict[str, list[str]]:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        values[name].append(value)
    return values


def _shown(values: list[str]) -> object:
    """Values of one name, as they are shown."""
    return MISSING if not values else values[0] if len(values) == 1 else values


def _secret(name: str) -> bool:
    return name.lower() in SECRET_NAMES
