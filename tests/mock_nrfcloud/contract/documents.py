"""OpenAPI documents for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.core.http_text import HttpRequest
from mock_nrfcloud.contract.checking import Contract
from mock_nrfcloud.contract.document import Document, read_document
from mock_nrfcloud.values import ROOT_HOST

NRFCLOUD = Path(__file__).with_name("nrfcloud-openapi.yaml")


def document(folder: Path, name: str = "api.json", **members: object) -> Document:
    """A document with these members besides those that it must have."""
    content = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, **members}
    path = folder / name
    path.write_text(json.dumps(content))
    return read_document(path)


def taking(schema: object, **members: object) -> dict[str, Any]:
    """The members of a document whose only operation, `POST /x`, takes JSON of this schema."""
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "It is done."}}}
    return {"paths": {"/x": {"post": operation}}, **members}


def found(contract: Contract, method: str, target: str, *lines: str, body: str = "") -> list[str]:
    """What is wrong with a call of nRF Cloud, as text."""
    path, _, query = target.partition("?")
    pairs = tuple(tuple(each.split("=")) for each in query.split("&")) if query else ()
    headers = tuple(tuple(line.split(": ")) for line in lines)
    request = HttpRequest(method, path, pairs, headers, body.encode())  # type: ignore[arg-type]
    return [str(each) for each in contract.call(ROOT_HOST, request)]
