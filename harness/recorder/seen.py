"""Calls in the journal of a mock, as what was observed, and as lines for a person. Pure."""

from __future__ import annotations

from dataclasses import replace

from harness.core.showing import visible
from harness.recording.model import Observed, Side
from harness.recording.sources import journal
from mock_nrfcloud.upstream import UPSTREAM
from mock_nrfcloud.values import Call, request_text


def observed(call: Call, side: Side, note: str = "") -> Observed:
    """A call as it was observed; the upstream has no name."""
    seen = journal.observed(call)
    return replace(
        seen,
        side=side,
        host=seen.host if side == "cloud" else "",
        answered_by="" if seen.answered_by == UPSTREAM else seen.answered_by,
        note=note or seen.note,
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
    return visible(text)
