"""What becomes of what is not as the documents say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud.contract import keeping
from mock_nrfcloud.contract.keeping import Check, Keeper, load_contract
from mock_nrfcloud.values import ROOT_HOST, ContractError, Stub
from tests.mock_nrfcloud.contract.documents import NRFCLOUD

STUB = Stub("DELETE", "/v1/fota-jobs/x", HttpResponse(204))


def keeper(check: Check) -> Keeper:
    contract = load_contract([NRFCLOUD])
    assert contract
    return Keeper(contract, check)


def test_a_problem_of_a_stub_is_noted_or_refused() -> None:
    lenient = keeper("warn")
    (problem,) = lenient.stub(STUB)
    assert lenient.notes == [f"queued DELETE /v1/fota-jobs/x: {problem}"]
    strict = keeper("strict")
    with pytest.raises(ContractError, match=r"document says: response\.status: 204: the") as caught:
        strict.stub(STUB)
    assert caught.value.problems == (problem,)
    assert strict.notes == []


def test_a_problem_is_noted_once_and_the_notes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MAX_NOTES", 2)
    noting = keeper("warn")
    for path in ("/a", "/b", "/c", "/c"):
        assert noting.call(ROOT_HOST, HttpRequest("GET", path, (("fingerprint", "s3cr3t"),)))
    assert [each.split(":")[0] for each in noting.notes] == [
        "GET /b?fingerprint=[redacted]",
        "GET /c?fingerprint=[redacted]",
    ]


def test_without_documents_there_is_no_contract() -> None:
    assert load_contract([]) is None


def test_without_the_library_it_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "mock_nrfcloud.contract.checking", raising=False)
    monkeypatch.setitem(sys.modules, "openapi_core", None)
    with pytest.raises(BddError, match=r"cannot be read: openapi_core is missing: pip install"):
        load_contract([tmp_path / "any.yaml"])
