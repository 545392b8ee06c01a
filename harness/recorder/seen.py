"""Calls in the journal of a mock, as what was observed, and as lines for a person. Pure."""

from __future__ import annotations

from harness.recording.model import Observed, Side
from mock_nrfcloud.upstream import UPSTREAM
from mock_nrfcloud.values import Call, request_text


def observed(call: Call, side: Side, note: str = "") -> Observed:
    """A call as it was observed; what nothing answered has no answer."""
    answered = call.stub != ""
    return Observed(
        at=call.at,
        took=call.took,
        side=side,
        host=call.host if side == "cloud" else "",
        request=call.request,
        response=call.response if answered else None,
        answered_by="" if call.stub == UPSTREAM else call.stub,
        note=note or ("" if answered else f"it was answered with {call.response.status}"),
    )


def line(call: Call, side: Side, note: str = "") -> str:
    """What a person is told of a call while it is recorded; its body is not shown."""
    asked = request_text(call.request.method, call.host, call.request.path, call.request.query)
    by = "" if call.stub in ("", UPSTREAM) else " (by a stub)"
    where = "service" if side == "service" else "cloud  "
    text = f"{where} {asked} -> {call.response.status}{by}, {call.took:.2f} s"
    if note:
        text += f": {note}"
    elif 300 <= call.response.status < 400 and call.response.header("Location"):
        text += ": the redirect is not followed here"
    return text
