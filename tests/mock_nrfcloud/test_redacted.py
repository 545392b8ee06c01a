"""What is shown has no secrets, and can be written as UTF-8."""

from __future__ import annotations

from harness.core.http_text import HttpRequest, HttpResponse
from harness.core.redaction import Redactor
from mock_nrfcloud import redacted
from mock_nrfcloud.values import (
    Call,
    CallResult,
    Criterion,
    Difference,
    NearCall,
    NearMiss,
    Stub,
    Unmatched,
)

REDACTOR = Redactor(["s3cret"])
BODY = b'{"token": "abc", "a": "s3cret"}'
SECRETS = (("Authorization", "Bearer abcdef"), ("X", "has s3cret"), ("Y", "\udcff"))
CALL = Call(
    1,
    2.0,
    3.0,
    "h",
    HttpRequest("GET", "/s3cret", (("fingerprint", "f"), ("q", "s3cret")), SECRETS, BODY),
    HttpResponse(200, "", (("Set-Cookie", "a"),), b"\xff s3cret"),
    "",
)
SHOWN = Call(
    1,
    2.0,
    3.0,
    "h",
    HttpRequest(
        "GET",
        "/[redacted]",
        (("fingerprint", "[redacted]"), ("q", "[redacted]")),
        (("Authorization", "[redacted]"), ("X", "has [redacted]"), ("Y", "\\udcff")),
        b'{"token": "[redacted]", "a": "[redacted]"}',
    ),
    HttpResponse(200, "", (("Set-Cookie", "[redacted]"),), b"\xff [redacted]"),
    "",
)


def test_calls() -> None:
    assert redacted.call(REDACTOR, CALL) == SHOWN
    assert redacted.call(REDACTOR, SHOWN) == SHOWN


def test_stubs() -> None:
    request = CALL.request
    real = Stub(
        "GET", "/x", CALL.response, query=request.query, headers=request.headers, body=request.body
    )
    shown = SHOWN.request
    assert redacted.stub(REDACTOR, real) == Stub(
        "GET", "/x", SHOWN.response, query=shown.query, headers=shown.headers, body=shown.body
    )
    assert redacted.stub(REDACTOR, Stub("GET", "/", HttpResponse(200))).body is None


def test_results_and_misses() -> None:
    near = NearCall(CALL, (Difference("a", "expected s3cret", "s3cret", "b"),))
    result = redacted.call_result(REDACTOR, CallResult(CALL, 1, near, 1, 2, 3.0))
    shown = NearCall(SHOWN, (Difference("a", "expected [redacted]", "[redacted]", "b"),))
    assert result == CallResult(SHOWN, 1, shown, 1, 2, 3.0)
    nothing = CallResult(None, 0, None, 0, 0, 0.0)
    assert redacted.call_result(REDACTOR, nothing) == nothing
    unmet = Criterion("query s3cret", "is s3cret", "s3cret", "no s3cret")
    shown_unmet = Criterion("query [redacted]", "is [redacted]", "[redacted]", "no [redacted]")
    miss = Unmatched(CALL, (NearMiss("GET /s3cret", (unmet,)),))
    assert redacted.unmatched(REDACTOR, miss) == Unmatched(
        SHOWN, (NearMiss("GET /[redacted]", (shown_unmet,)),)
    )
