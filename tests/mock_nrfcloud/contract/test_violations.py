"""What is told of a call or a stub that is not as a document says."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.http_text import parse_response
from mock_nrfcloud.contract.checking import Contract
from mock_nrfcloud.contract.document import read_document
from mock_nrfcloud.values import Stub
from tests.mock_nrfcloud.contract.documents import NRFCLOUD, document, found, taking

KEY = "Authorization: Bearer k3y"
JSON = "Content-Type: application/json"
CONTRACT = Contract([read_document(NRFCLOUD)])


@pytest.mark.parametrize(
    ("call", "body", "told"),
    [
        (("GET", "/v1/fota-jobs?pageLimit=10", KEY), "", []),
        (("POST", "/v1/fota-jobs", KEY, JSON), '{"bundleId": "APP*1e29dfa3*v2.0.0"}', []),
        (
            ("GET", "/v1/fota-job", KEY),
            "",
            [
                "request.urlPath: nrfcloud-openapi.yaml has no path /v1/fota-job:"
                ' did you mean "/v1/fota-jobs"?'
            ],
        ),
        (("GET", "//x//fota-jobs", KEY), "",
         ["request.urlPath: nrfcloud-openapi.yaml has no path //x//fota-jobs:"
          ' did you mean "/v1/fota-jobs"?']),
        (
            ("PATCH", "/v1/fota-jobs/bc631093", KEY),
            "",
            [
                "request.method: nrfcloud-openapi.yaml has no PATCH of this path:"
                " it has GET, DELETE"
            ],
        ),
        (
            ("GET", "/v1/fota-jobs"),
            "",
            ["request.headers: there are no credentials: the document wants apiKey"],
        ),
        (
            ("GET", "/v1/fota-jobs?pageLimit=many", KEY),
            "",
            ["request.queryParameters.pageLimit: it is not of type integer"],
        ),
        (
            ("GET", "/v1/fota-jobs?pageLimit=1000", KEY),
            "",
            ["request.queryParameters.pageLimit: it is greater than the maximum of 100"],
        ),
        (
            ("GET", "/v1/fota-jobs?pageNextToken=", KEY),
            "",
            ["request.queryParameters.pageNextToken: it is empty"],
        ),
        (
            ("GET", "/v1/location/history", KEY),
            "",
            ["request.queryParameters.deviceId: it is missing"],
        ),
        (("POST", "/v1/fota-jobs", KEY, JSON), "", ["request.body: it is missing"]),
        (("POST", "/v1/fota-jobs", KEY, JSON), "{oops",
         ["request.body: it is no application/json"]),
        (
            ("POST", "/v1/fota-jobs", KEY, "Content-Type: text/plain"),
            "{}",
            ['request.headers["Content-Type"]: text/plain: the document has application/json'],
        ),
        (
            ("POST", "/v1/fota-jobs", KEY),
            "{}",
            ['request.headers["Content-Type"]: no media type: the document has application/json'],
        ),
        (
            ("POST", "/v1/fota-jobs", KEY, JSON),
            '{"deviceIds": ["ok", "not ok", 7]}',
            [
                "request.body: 'bundleId' is a required property",
                "request.body.deviceIds[1]: it does not match '^[a-zA-Z0-9:_-]{1,128}$'",
                "request.body.deviceIds[2]: it is not of type 'string'",
            ],
        ),
        (
            ("PATCH", "/v1/devices/oob-1/state", KEY, JSON),
            '{"secret": 1}',
            [
                "request.body: Additional properties are not allowed"
                " ('secret' was unexpected)"
            ],
        ),
    ],
)  # fmt: skip
def test_what_is_told_of_a_call(call: tuple[str, ...], body: str, told: list[str]) -> None:
    assert found(CONTRACT, *call, body=body) == told


@pytest.mark.parametrize(
    ("request_line", "response", "told"),
    [
        ("GET /v1/fota-jobs", 'HTTP/1.1 200 OK\n{json}\n\n{"items": []}', []),
        ("DELETE /v1/fota-jobs/x", "HTTP/1.1 202 Accepted", []),
        (
            "DELETE /v1/fota-jobs/x",
            "HTTP/1.1 204 No Content",
            ["response.status: 204: the document has 200, 202, 4XX"],
        ),
        ("GET /v1/fota-jobs", "HTTP/1.1 200 OK\n{json}", ["response.body: it is missing"]),
        (
            "GET /v1/fota-jobs",
            "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>",
            ['response.headers["Content-Type"]: text/html: the document has application/json'],
        ),
        (
            "GET /v1/fota-jobs",
            'HTTP/1.1 200 OK\n{json}\n\n{"items": [{"jobId": "a", "status": "CREATED"}, {}]}',
            [
                "response.body.items[1]: 'jobId' is a required property",
                "response.body.items[1]: 'status' is a required property",
            ],
        ),
        (
            "GET /v1/fota-jobs/x",
            'HTTP/1.1 404 Not Found\n{json}\n\n{"code": 404, "message": "?"}',
            ["response.body.code: it is less than the minimum of 40000"],
        ),
        (
            "GET /v1/jobs",
            "HTTP/1.1 200 OK",
            [
                "request.urlPath: nrfcloud-openapi.yaml has no path /v1/jobs:"
                ' did you mean "/v1/fota-jobs"?'
            ],
        ),
    ],
)
def test_what_is_told_of_a_stub(request_line: str, response: str, told: list[str]) -> None:
    method, path = request_line.split()
    answer = parse_response(response.replace("{json}", JSON))
    assert [str(each) for each in CONTRACT.stub(Stub(method, path, answer))] == told


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer"},
        {"const": 1},
        {"enum": [1]},
        {"not": {"type": "string"}},
        {"anyOf": [{"type": "integer"}, {"maxLength": 3}]},
        {"type": "string", "format": "date-time"},
    ],
)
def test_values_are_not_told(tmp_path: Path, schema: object) -> None:
    contract = Contract([document(tmp_path, **taking({"properties": {"key": schema}}))])
    (told,) = found(contract, "POST", "/x", JSON, body='{"key": "sup3rs3cr3t"}')
    assert told.startswith("request.body.key: ")
    assert "sup3rs3cr3t" not in told


def test_what_is_told_is_bounded(tmp_path: Path) -> None:
    schema = {"items": {"enum": ["x" * 1000]}}
    contract = Contract([document(tmp_path, **taking(schema))])
    told = found(contract, "POST", "/x", JSON, body="[" + "1," * 99 + "1]")
    assert len(told) == 20
    assert {len(each) for each in told} <= {*range(215, 230)}


def test_headers_of_a_response(tmp_path: Path) -> None:
    headers = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    operation = {"responses": {"429": {"description": "Later.", "headers": headers}}}
    contract = Contract([document(tmp_path, paths={"/x": {"get": operation}})])
    for line, told in (
        ("", ['response.headers["Retry-After"]: it is missing']),
        ("Retry-After: soon\n", ['response.headers["Retry-After"]: it is not of type integer']),
        ("retry-after: 3\n", []),
    ):
        answer = parse_response(f"HTTP/1.1 429 Too Many Requests\n{line}")
        assert [str(each) for each in contract.stub(Stub("GET", "/x", answer))] == told
