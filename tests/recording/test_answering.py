"""Calls as steps that answer them: ready to be pasted, with placeholders, without secrets."""

from __future__ import annotations

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.core.secret_rules import Rules
from harness.recording.answering import answering_steps
from harness.recording.model import Observed

JSON: Pairs = (("Content-Type", "application/json"),)
IMEI = "350006661234563"


def call(
    path: str, body: bytes = b"{}", at: float = 1.0, status: int = 200, host: str = ""
) -> Observed:
    request = HttpRequest("GET", path, (("a", "b c"),))
    response = HttpResponse(status, "", JSON, body)
    return Observed(at, 0.1, "cloud", host or "api.nrfcloud.com", request, response)


def test_each_call_has_its_step_in_the_order_of_their_times() -> None:
    calls = [call("/late", at=2.0, host="other.example.com"), call("/v1/oob-1234", at=1.0)]
    assert answering_steps(calls, {"deviceId": "oob-1234"}) == [
        "Given this nRF Cloud API request is queued for a `GET /v1/${deviceId}?a=b%20c`\nrequest"
        "\n\n```\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{}\n```",
        "Given this HTTP API Mock response for\n"
        "`GET https://other.example.com/late?a=b%20c` is queued"
        "\n\n```\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{}\n```",
    ]


def test_what_no_step_can_answer_has_none() -> None:
    assert answering_steps([call("/a", status=101), call("/b")], {})[0] == ""


def test_secrets_are_covered() -> None:
    body = f'{{"token": "abcdefg", "mine": "hidden!", "fp": "92b.y7i24q", "imei": "{IMEI}"}}'
    observed = [call("/a", body.encode())]
    (step,) = answering_steps(
        observed, {"fp": "92b.y7i24q"}, rules=Rules(["$.mine"]), secrets=["92b.y7i24q"]
    )
    assert '"fp": "${fp}"' in step
    assert not any(each in step for each in ("abcdefg", "hidden!", "92b.", IMEI))
    (step,) = answering_steps(observed, {}, allow=("imei",))
    assert IMEI in step
