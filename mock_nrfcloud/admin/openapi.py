"""The OpenAPI document of the admin API, made from the table of its operations. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any, Final

import msgspec

from mock_nrfcloud.admin.table import Operation
from mock_nrfcloud.server import ADMIN
from mock_nrfcloud.spaces import HEADER, PREFIX
from mock_nrfcloud.wire import shapes

Json = dict[str, Any]

_REF: Final = "#/components/schemas/{name}"
_DESCRIPTION: Final = f"""\
What the mock of nRF Cloud answers, and what it was asked. Every path is also there in each
namespace, below `{PREFIX}NAME`, or with the header `{HEADER}: NAME`.
Secrets are left out of all that is shown.
"""
_ALL: Final = {
    401: "The admin token is missing or wrong.",
    403: "It was asked by a web page, or by a host name that is not this machine's own.",
    404: "There is no such namespace.",
    405: "The path cannot be asked with this method.",
    422: "What was sent is not as it should be.",
}
_WITH_BODY: Final = {
    400: "The body is not JSON, or it is incomplete.",
    408: "The body took too long to arrive.",
    413: "The body is too large.",
    415: "The body is not called JSON by its Content-Type.",
}


def document(operations: Iterable[Operation]) -> Json:
    """The document as JSON data."""
    operations = list(operations)
    kinds = {each.returns for each in operations} | {each.body for each in operations}
    types = sorted(filter(None, kinds), key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components([*types, shapes.Problem], ref_template=_REF)
    paths: dict[str, Json] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Admin API of the mock of nRF Cloud",
            "version": version("nrfcloud-bdd"),
            "description": _DESCRIPTION,
        },
        "servers": [{"url": ADMIN}],
        "security": [{"token": []}, {}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(each: Operation) -> Json:
    found: Json = {
        "operationId": each.name,
        "summary": (each.handler.__doc__ or "").strip(),
        "parameters": list(_parameters(each)),
        "responses": dict(_responses(each)),
    }
    if each.body is not None:
        content = {"application/json": {"schema": _ref(each.body)}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _parameters(each: Operation) -> Iterable[Json]:
    if each.variable:
        schema = {"type": "string", "minLength": 1}
        yield {"name": each.variable, "in": "path", "required": True, "schema": schema}
    if each.query is not None:
        _, schemas = msgspec.json.schema_components([each.query], ref_template=_REF)
        for name, schema in schemas[each.query.__name__]["properties"].items():
            yield {"name": name, "in": "query", "schema": schema}


def _responses(each: Operation) -> Iterable[tuple[str, Json]]:
    success: Json = {"description": "It was done."}
    if each.returns is not None:
        success["content"] = {each.media: {"schema": _ref(each.returns)}}
    elif each.status != 204:
        success["content"] = {each.media: {}}
    yield str(each.status), success
    problem = {"application/problem+json": {"schema": _ref(shapes.Problem)}}
    statuses = _ALL | (_WITH_BODY if each.body else {}) | dict(each.refusals)
    for status, description in sorted(statuses.items()):
        yield str(status), {"description": description, "content": problem}


def _ref(kind: type[msgspec.Struct]) -> Json:
    return {"$ref": _REF.format(name=kind.__name__)}
