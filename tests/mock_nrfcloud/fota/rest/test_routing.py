"""Operations are found by method and path."""

from __future__ import annotations

from mock_nrfcloud.fota.rest.call import Call, accepted
from mock_nrfcloud.fota.rest.routing import Operations
from mock_nrfcloud.fota.rest.table import OPERATIONS


def test_the_first_operation_that_fits() -> None:
    operations = Operations()
    for path in ("/v1/a/{x}/current", "/v1/a/{x}/{y}", "/v1/a"):

        @operations.operation("GET", path)
        def handler(_call: Call) -> object:
            return accepted()

    def found(path: str, method: str = "GET") -> tuple[str, dict[str, str]] | None:
        match = operations.find(method, path)
        return match and (match[0].path, dict(match[1]))

    assert found("/v1/a/1/current") == ("/v1/a/{x}/current", {"x": "1"})
    assert found("/v1/a/1/2") == ("/v1/a/{x}/{y}", {"x": "1", "y": "2"})
    assert found("/v1/a") == ("/v1/a", {})
    for path in ("/v1/a/", "/v1/a//2", "/v1/a/1", "/V1/a", "v1/a", ""):
        assert found(path) is None
    assert found("/v1/a", "POST") is None


def test_only_the_status_and_the_document_are_public() -> None:
    assert [each.path for each in OPERATIONS if each.public] == ["/v1/status", "/v1/openapi.json"]
