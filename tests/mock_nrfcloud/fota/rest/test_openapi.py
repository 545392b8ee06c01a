"""The OpenAPI document of the twin is one, and has every operation."""

from __future__ import annotations

from openapi_spec_validator import validate

from mock_nrfcloud.fota.rest.table import OPERATIONS
from tests.mock_nrfcloud.fota.playing import Played


def test_the_document_has_every_operation(played: Played) -> None:
    answer = played.request("GET", "/v1/openapi.json", b"")
    assert answer is not None
    document = answer.json()
    validate(document)
    described = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert described == {(each.method, each.path) for each in OPERATIONS}
    status = document["paths"]["/v1/status"]["get"]
    assert (status["security"], status["operationId"]) == ([], "get_status")
    job = document["paths"]["/v1/fota-jobs/{job}"]["get"]
    assert "security" not in job
    assert [each["name"] for each in job["parameters"]] == ["job"]
