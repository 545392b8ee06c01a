"""What openapi-core finds wrong, in our words: where it is, and what the document says.

Values are not shown: they may be secret, and they stand where the path says. Pure. Imports the
library: import this late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from jsonschema.exceptions import ValidationError, best_match
from openapi_core.casting.schemas.exceptions import CastError
from openapi_core.deserializing.exceptions import DeserializeError
from openapi_core.deserializing.styles.exceptions import EmptyQueryParameterValue
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.templating.security.exceptions import SecurityNotFound
from openapi_core.validation.request.exceptions import (
    MissingRequestBodyError,
    MissingRequiredParameter,
    ParameterValidationError,
)
from openapi_core.validation.response.exceptions import (
    HeaderValidationError,
    MissingData,
    MissingRequiredHeader,
)
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

from harness.core.json_places import path_of
from mock_nrfcloud.values import Violation

MAX_SHOWN: Final = 20
"""How many faults of one value are told."""
MAX_TEXT: Final = 200
"""How long, in characters, what is told of each may be."""

_MEMBERS: Final = {
    "path": "urlPath",
    "query": "queryParameters",
    "header": "headers",
    "cookie": "headers",
}


def violations(errors: Iterable[Exception], side: str) -> Iterator[Violation]:
    """The errors that the library has found on a side: "request" or "response"."""
    for error in errors:
        yield from _violations(error, side)


def _violations(error: Exception, side: str) -> Iterator[Violation]:
    cause = error.__cause__ or error
    path = _where(error, side)
    if isinstance(cause, InvalidSchemaValue):
        for number, each in enumerate(cause.schema_errors):
            if isinstance(each, ValidationError) and number < MAX_SHOWN:
                yield _of_schema(each, path)
    else:
        yield Violation(path_of(_at(cause, path)), _words(cause))


def _where(error: Exception, side: str) -> tuple[str | int, ...]:
    if isinstance(error, ParameterValidationError):
        return side, _MEMBERS[error.location], error.name
    if isinstance(error, HeaderValidationError):
        return side, "headers", error.name
    return side, "body"


def _at(cause: BaseException, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """What is not of the body after all."""
    if isinstance(cause, MediaTypeNotFound):
        return path[0], "headers", "Content-Type"
    if isinstance(cause, ResponseNotFound):
        return path[0], "status"
    if isinstance(cause, SecurityNotFound):
        return path[0], "headers"
    return path


def _of_schema(error: ValidationError, path: tuple[str | int, ...]) -> Violation:
    """Of alternatives, none of which fits, what is wrong with the one that comes nearest."""
    found = best_match([error]) or error
    return Violation(path_of((*path, *found.absolute_path)), _without_value(found))


def _without_value(error: ValidationError) -> str:
    text, value = error.message, repr(error.instance)
    if text.startswith(value):
        text = f"it{text[len(value) :]}"
    for shown in (value, str(error.instance)):
        if len(shown) > 4:  # what is shorter may be a part of other words
            text = text.replace(shown, "it")
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


def _words(cause: BaseException) -> str:
    if isinstance(cause, MediaTypeNotFound):
        asked = cause.mimetype[:MAX_TEXT] if cause.mimetype else "no media type"
        return f"{asked}: the document has {', '.join(cause.availableMimetypes)}"
    if isinstance(cause, ResponseNotFound):
        return f"{cause.http_status}: the document has {', '.join(cause.availableresponses)}"
    if isinstance(cause, SecurityNotFound):
        wanted = " or ".join(" and ".join(each) for each in cause.schemes)
        return f"there are no credentials: the document wants {wanted}"
    if isinstance(cause, MissingRequiredParameter | MissingRequiredHeader | MissingData):
        return "it is missing"
    if isinstance(cause, MissingRequestBodyError):
        return "it is missing"
    if isinstance(cause, EmptyQueryParameterValue):
        return "it is empty"
    if isinstance(cause, CastError):
        return f"it is not of type {cause.type}"
    if isinstance(cause, DeserializeError):
        return f"it is no {getattr(cause, 'mimetype', None) or 'value as the document says'}"
    return f"it is not as the document says ({_name(cause)})"


def _name(cause: BaseException) -> str:
    known = isinstance(cause, OpenAPIError)
    return type(cause).__name__ if known else f"which cannot be tried: {type(cause).__name__}"
