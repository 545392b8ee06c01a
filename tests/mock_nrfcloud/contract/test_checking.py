"""Which document a stub or a call is compared with, and that hostile ones end in time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud.contract import checking
from mock_nrfcloud.contract.checking import Contract
from mock_nrfcloud.contract.document import read_document
from mock_nrfcloud.values import Stub
from tests.mock_nrfcloud.contract.documents import NRFCLOUD, document, found, taking

JSON = "Content-Type: application/json"


def test_a_document_speaks_of_its_hosts(tmp_path: Path) -> None:
    hooks = document(tmp_path, servers=[{"url": "https://hooks.example.com/api"}])
    contract = Contract([read_document(NRFCLOUD), hooks])
    request = HttpRequest("GET", "/api/x")
    assert contract.call("other.example.com", request) == ()
    (told,) = contract.call("hooks.example.com", request)
    assert str(told) == "request.urlPath: api.json has no path /api/x"
    stub = Stub("GET", "/api/x", HttpResponse(200), host="Hooks.Example.com")
    assert contract.stub(stub) == (told,)


def test_a_host_has_one_document() -> None:
    nrfcloud = read_document(NRFCLOUD)
    with pytest.raises(BddError, match=r"openapi\.yaml:7:3: there is another document for api\."):
        Contract([nrfcloud, nrfcloud])


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_servers_of_paths_and_operations_make_no_difference(tmp_path: Path, version: str) -> None:
    elsewhere = [{"url": "https://elsewhere.example.com/v9"}]
    operation = {"responses": {"200": {"description": "OK"}}, "servers": elsewhere}
    paths = {"/x": {"get": operation, "servers": elsewhere}}
    contract = Contract([document(tmp_path, openapi=version, paths=paths)])
    assert found(contract, "GET", "/x") == []


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"info": {}}, "api.json:1:30: this is not OpenAPI 3.1: "),
        ({"paths": {"x": {}}}, "this is not OpenAPI 3.1: "),
        ({"servers": [{"url": 5}]}, "this is not OpenAPI 3.1: "),
        ({"openapi": "3.0.0", "components": {"schemas": {"A": {"type": "strin"}}}},
         "this is not OpenAPI 3.0: "),
    ],
)  # fmt: skip
def test_what_is_no_such_document(tmp_path: Path, members: dict[str, object], message: str) -> None:
    with pytest.raises(BddError) as caught:
        Contract([document(tmp_path, **members)])
    assert message in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def doubling(levels: int) -> dict[str, object]:
    """Schemas of which each asks twice for the next."""
    return {
        f"S{level}": {"allOf": [{"$ref": f"#/components/schemas/S{level + 1}"}] * 2}
        for level in range(levels)
    } | {f"S{levels}": {"type": "integer"}}


def test_a_schema_that_branches_without_end_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.1)
    schema = {"properties": {"a": {"$ref": "#/components/schemas/S0"}}}
    members = taking(schema, components={"schemas": doubling(40)})
    contract = Contract([document(tmp_path, **members)])
    assert found(contract, "POST", "/x", JSON, body='{"a": 1}') == [
        "request: it cannot be checked: that takes longer than 0.1 s"
    ]
    assert found(contract, "POST", "/x", JSON, body="{}") == []  # and the next is checked again


def test_a_schema_that_never_ends_is_left(tmp_path: Path) -> None:
    members = taking(
        {"$ref": "#/components/schemas/A"},
        components={"schemas": {"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}}},
    )
    try:
        contract = Contract([document(tmp_path, **members)])
    except BddError as error:
        assert "it cannot be checked" in str(error)  # noqa: PT017 - either will do
    else:
        assert "it cannot be checked" in found(contract, "POST", "/x", JSON, body="{}")[0]


def test_a_recursive_schema_is_followed(tmp_path: Path) -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Tree"}}}
    members = taking({"$ref": "#/components/schemas/Tree"}, components={"schemas": {"Tree": tree}})
    contract = Contract([document(tmp_path, **members)])
    body = '{"next": {"next": {"next": 5}}}'
    told = ["request.body.next.next.next: it is not of type 'object'"]
    assert found(contract, "POST", "/x", JSON, body=body) == told


def test_patterns_have_a_limit_of_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "REGEX_SECONDS", 0.0)
    schema = {"items": {"pattern": r"^(\w+\s?)+$"}}
    contract = Contract([document(tmp_path, **taking(schema))])
    (told, *_) = found(contract, "POST", "/x", JSON, body=f'["{"word " * 50}!"]')
    assert told.startswith("request.body[0]: it takes too long to be matched with '^(")
    assert found(contract, "POST", "/x", JSON, body="[1]") == []


def test_long_arrays_are_compared_at_once(tmp_path: Path) -> None:
    contract = Contract([document(tmp_path, **taking({"uniqueItems": True}))])
    items = [f'{{"a": {number}}}' for number in range(15_000)]
    began = time.perf_counter()
    assert found(contract, "POST", "/x", JSON, body=f"[{','.join(items)}]") == []
    told = ["request.body: its items are not unique"]
    assert found(contract, "POST", "/x", JSON, body=f"[{','.join([*items, items[0]])}]") == told
    assert time.perf_counter() - began < 30  # each with each takes minutes
    (told_of_few,) = found(contract, "POST", "/x", JSON, body="[1, 1]")
    assert told_of_few == "request.body: it has non-unique elements"


def test_large_json_is_not_checked(tmp_path: Path) -> None:
    contract = Contract([document(tmp_path, **taking({}))])
    body = '"' + "x" * checking.MAX_BODY + '"'
    told = ["request.body: it is not checked, since it is larger than 262,144 bytes"]
    assert found(contract, "POST", "/x", JSON, body=body) == told


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Content-Type: application/json;oops"], "{}"),
        ([JSON], "[" * 100_000),
        ([JSON, "Cookie: ;;=;x"], "{"),
        (["Content-Type: " + "x" * 8000], "{}"),
    ],
)
def test_calls_that_are_malformed_are_told(tmp_path: Path, headers: list[str], body: str) -> None:
    contract = Contract([document(tmp_path, **taking({"type": "object"}))])
    assert found(contract, "POST", "/x", *headers, body=body)
