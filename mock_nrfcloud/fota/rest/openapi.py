"""The OpenAPI document of the REST API: which operations there are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from mock_nrfcloud.fota.rest.routing import Operation

_PART: Final = re.compile(r"\{(\w+)\}")


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    """An OpenAPI 3.1 document; of bodies and answers it says nothing."""
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": "nRF Cloud REST API, as its twin answers it", "version": "1"},
        "servers": [{"url": "https://api.nrfcloud.com"}],
        "security": [{"apiKey": []}],
        "paths": paths,
        "components": {"securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    parts = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(operation.path)
    ]
    described: dict[str, Any] = {
        "operationId": operation.handler.__name__,
        "summary": (operation.handler.__doc__ or "").partition("\n")[0],
        "parameters": parts,
        "responses": {"default": {"description": "the answer, or {code, message} for an error"}},
    }
    return described | ({"security": []} if operation.public else {})
