"""Stubs and calls against OpenAPI documents, by openapi-core, in bounded time.

Import this late: it imports the library. What the library does without bounds is bounded here:
regular expressions, schemas that branch without end, and large bodies.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import regex
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from jsonschema_path import SchemaPath
from openapi_core import (
    V30RequestValidator,
    V30ResponseValidator,
    V31RequestValidator,
    V31ResponseValidator,
)
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.exceptions import OperationNotFound, PathError
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, OAS31Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from referencing.exceptions import Unresolvable
from werkzeug.datastructures import Headers, ImmutableMultiDict

from harness.core.http_text import HttpRequest, HttpResponse
from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.contract.document import Document
from mock_nrfcloud.contract.violations import violations
from mock_nrfcloud.values import Stub, Violation

SECONDS: Final = 0.5
"""How long a check may take."""
REGEX_SECONDS: Final = 0.05
"""How long a regular expression may take; what takes longer does not match."""
MAX_BODY: Final = 256 * 1024
"""The largest body whose content is checked, in bytes."""

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_UNIQUE: Final = 100
_ORIGIN: Final = "https://mock"  # which host it is has been decided before
_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    Unresolvable,
    ValueError,
    regex.error,
)
"""What the library raises for what it did not expect, in a document as in a call."""
_VERSIONS: Final[Mapping[str, tuple[Any, ...]]] = {
    "3.0": (
        OpenAPIV30SpecValidator,
        (V30RequestValidator, OAS30WriteValidator),
        (V30ResponseValidator, OAS30ReadValidator),
    ),
    "3.1": (
        OpenAPIV31SpecValidator,
        (V31RequestValidator, OAS31Validator),
        (V31ResponseValidator, OAS31Validator),
    ),
}


class _TooLongError(Exception):
    """A check has taken too long."""


@dataclass(slots=True)
class _Request:
    """A request as openapi-core wants it."""

    method: str
    path: str
    parameters: RequestParameters
    content_type: str
    body: bytes | None
    host_url: str = _ORIGIN


@dataclass(frozen=True, slots=True)
class _Response:
    """A response as openapi-core wants it."""

    status_code: int
    content_type: str
    headers: Headers
    data: bytes


class Contract:
    """What documents say of the hosts that they speak of; of others they say nothing."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._checks: dict[str, _Check] = {}
        for document in documents:
            check = _Check(document)
            for host in document.hosts:
                if host in self._checks:
                    what = f"there is another document for {host}"
                    raise BddError(what, document.place(("servers",)), "put the two together")
                self._checks[host] = check

    def call(self, host: str, request: HttpRequest) -> tuple[Violation, ...]:
        """What in a call is not as the document of its host says."""
        check = self._checks.get(host)
        return check.call(request) if check else ()

    def stub(self, stub: Stub) -> tuple[Violation, ...]:
        """What in a stub is not as the document of its host says: method, path, and response."""
        check = self._checks.get(stub.host.lower())
        return check.response(stub.method, stub.path, stub.response) if check else ()


class _Check:
    """The checks that one document asks for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._until = 0.0
        checker, request, response = _VERSIONS[document.version]
        _check_document(document, checker)
        self._paths = list(document.content.get("paths") or ())
        spec = SchemaPath.from_dict(_served_at(document), resolved_cache_maxsize=10_000)
        self._finder = _Finder(spec)
        self._request = self._validator(spec, *request)
        self._response = self._validator(spec, *response)

    def call(self, request: HttpRequest) -> tuple[Violation, ...]:
        return self._told(self._of_call(request), "request")

    def response(self, method: str, path: str, given: HttpResponse) -> tuple[Violation, ...]:
        return self._told(self._of_response(method, path, given), "response")

    def _of_call(self, request: HttpRequest) -> Iterator[Violation]:
        asked = _request(request.method, request.path, request)
        if found := self._operation(asked) or _too_large(request, "request"):
            yield found
        else:
            yield from violations(self._request.iter_errors(asked), "request")

    def _of_response(self, method: str, path: str, given: HttpResponse) -> Iterator[Violation]:
        asked = _request(method, path)
        if found := self._operation(asked) or _too_large(given, "response"):
            yield found
        else:
            media = given.header("Content-Type") or ""
            answer = _Response(given.status, media, Headers(list(given.headers)), given.body)
            yield from violations(self._response.iter_errors(asked, answer), "response")

    def _told(self, found: Iterator[Violation], side: str) -> tuple[Violation, ...]:
        self._until = time.perf_counter() + SECONDS
        try:
            return tuple(found)
        except _TooLongError:
            what = f"it cannot be checked: that takes longer than {SECONDS:g} s"
        except _FAULTS as error:
            what = f"it cannot be checked: {type(error).__name__}"
        return (Violation(f"$.{side}", what),)

    def _operation(self, asked: _Request) -> Violation | None:
        """Why there is no operation for a request, if there is none."""
        try:
            self._finder.find(asked.method, _ORIGIN + asked.path)
        except OperationNotFound:
            there = [each.upper() for each in _METHODS if self._has(each, asked.path)]
            what = f"{self._document.name} has no {asked.method.upper()} of this path"
            return Violation("$.request.method", f"{what}: it has {', '.join(there)}")
        except PathError:
            what = f"{self._document.name} has no path {asked.path[:200]}"
            bases = self._document.bases
            near = did_you_mean(asked.path, [f"{b}{path}" for b in bases for path in self._paths])
            return Violation("$.request.urlPath", f"{what}: {near}" if near else what)
        return None

    def _has(self, method: str, path: str) -> bool:
        try:
            self._finder.find(method, _ORIGIN + path)
        except PathError:
            return False
        return True

    def _validator(self, spec: SchemaPath, kind: Any, schemas: type[Validator]) -> Any:
        made = kind(spec, schema_validators_factory=_Factory(_bounded(schemas, self._tick)))
        made.path_finder = self._finder
        return made

    def _tick(self) -> None:
        if time.perf_counter() > self._until:
            raise _TooLongError


class _Finder(APICallPathFinder):
    """Finds operations; those of recent requests at once."""

    def __init__(self, spec: SchemaPath) -> None:
        super().__init__(spec)
        self.find = lru_cache(maxsize=1024)(super().find)  # type: ignore[method-assign]


class _Factory(SchemaValidatorsFactory):
    """Makes the validator of each schema of the document once."""

    def __init__(self, kind: type[Validator]) -> None:
        super().__init__(kind, OAS30ReadValidator.FORMAT_CHECKER)
        self.create = lru_cache(maxsize=10_000)(super().create)  # type: ignore[method-assign, assignment]


def _bounded(kind: type[Validator], tick: Callable[[], None]) -> type[Validator]:
    """The validator, but each of its keywords looks at the time first."""

    def timed(keyword: Any, *args: Any) -> Any:
        tick()
        return keyword(*args)

    keywords: Mapping[str, Any] = kind.VALIDATORS
    own = {
        **keywords,
        "pattern": _pattern,
        "uniqueItems": partial(_unique, keywords["uniqueItems"]),
    }
    return extend(kind, {name: partial(timed, keyword) for name, keyword in own.items()})  # type: ignore[no-any-return]


def _pattern(validator: Any, pattern: str, value: object, _: object) -> Iterator[ValidationError]:
    """The keyword `pattern`, which is searched for (JSON Schema), for at most so long."""
    if not validator.is_type(value, "string"):
        return
    try:
        if not regex.search(pattern, str(value), timeout=REGEX_SECONDS):
            yield ValidationError(f"it does not match {pattern!r}")
    except TimeoutError:
        yield ValidationError(f"it takes too long to be matched with {pattern!r}")


def _unique(
    keyword: Any, validator: Any, wanted: bool, value: object, schema: object
) -> Iterator[ValidationError]:
    """The keyword `uniqueItems`, which compares each with each, for arrays that are not long."""
    if wanted and isinstance(value, list) and len(value) > _UNIQUE:
        if len({repr(each) for each in value}) < len(value):
            yield ValidationError("its items are not unique")
    else:
        yield from keyword(validator, wanted, value, schema) or ()


def _check_document(document: Document, checker: Any) -> None:
    """Raises BddError with the place of what is wrong with a document."""
    try:
        # Only its form: the checks of the library besides follow references without bounds.
        error = next(checker.schema_validator.iter_errors(document.content), None)
    except _FAULTS as fault:
        what = f"it cannot be checked: {type(fault).__name__}"
        raise BddError(what, document.place(()), "do its schemas lead to themselves?") from None
    if error is not None:
        parts = tuple(error.absolute_path)
        what = error.message.partition("\n")[0]
        what = what if len(what) <= 300 else f"{what[:300]}…"
        raise BddError(f"this is not OpenAPI {document.version}: {what}", document.place(parts))


def _served_at(document: Document) -> dict[str, Any]:
    """The document as one of paths on any host; whose they are is decided by our own hosts."""
    paths = {
        path: {name: _without_servers(each) for name, each in item.items() if name != "servers"}
        for path, item in (document.content.get("paths") or {}).items()
    }
    servers = [{"url": base or "/"} for base in document.bases]
    return {**document.content, "servers": servers, "paths": paths}


def _without_servers(operation: Any) -> Any:
    if not isinstance(operation, dict):
        return operation
    return {name: each for name, each in operation.items() if name != "servers"}


def _request(method: str, path: str, given: HttpRequest | None = None) -> _Request:
    """`given` has what else there is."""
    given = given or HttpRequest(method, path)
    cookies = (part.strip().partition("=") for part in (given.header("Cookie") or "").split(";"))
    parameters = RequestParameters(
        query=ImmutableMultiDict(list(given.query)),
        header=Headers(list(given.headers)),
        cookie=ImmutableMultiDict([(name, value) for name, _, value in cookies if name]),
    )
    media = given.header("Content-Type") or ""
    return _Request(method.lower(), path, parameters, media, given.body)


def _too_large(message: HttpRequest | HttpResponse, side: str) -> Violation | None:
    """JSON whose check would take too long."""
    if "json" not in (message.header("Content-Type") or "") or len(message.body or b"") <= MAX_BODY:
        return None
    what = f"it is not checked, since it is larger than {MAX_BODY:,} bytes"
    return Violation(f"$.{side}.body", what)
