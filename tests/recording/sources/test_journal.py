"""Calls of the mock's journal."""

from __future__ import annotations

from harness.core.http_text import HttpRequest, HttpResponse
from harness.recording.sources.journal import observed
from mock_nrfcloud.values import ROOT_HOST, Call

REQUEST, ANSWER = HttpRequest("GET", "/v1/account"), HttpResponse(200, "OK")


def test_a_call_that_a_stub_answered() -> None:
    call = observed(Call(1, 5.0, 0.1, ROOT_HOST, REQUEST, ANSWER, "stub-1", "reset"))
    assert (call.at, call.took, call.side, call.host) == (5.0, 0.1, "cloud", ROOT_HOST)
    assert (call.request, call.response, call.answered_by) == (REQUEST, ANSWER, "stub-1")
    assert call.note == "the answer went wrong: reset"


def test_what_no_stub_answered_has_no_answer() -> None:
    call = observed(Call(1, 5.0, 0.1, ROOT_HOST, REQUEST, HttpResponse(404), ""))
    assert call.response is None
    assert call.note == "no stub answered it"
