"""Calls of the mock's journal as observed calls.

Pure. May import nothing but the mock's values and harness.recording.model.
"""

from __future__ import annotations

from harness.recording.model import Observed
from mock_nrfcloud.values import Call


def observed(call: Call) -> Observed:
    """A call that the mock has seen. What no stub answered has no answer: the mock's own 404 is
    none that anybody would want again."""
    if not call.stub:
        return Observed(
            call.at, call.took, "cloud", call.host, call.request, None, note="no stub answered it"
        )
    note = f"the answer went wrong: {call.fault}" if call.fault else ""
    return Observed(
        call.at, call.took, "cloud", call.host, call.request, call.response, call.stub, note
    )
