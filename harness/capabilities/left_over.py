"""How it is told that a message did not come: with the nearest of those that are left over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.capabilities.values import SHOWN, marks
from harness.core.inbox import Inbox
from harness.core.matching import nearest
from harness.errors import Seen, StepFailure


def not_received(
    summary: str,
    expected: object,
    inbox: Inbox,
    redact: Callable[[str], str],
    *,
    exact: bool = False,
    kind: type[StepFailure] = StepFailure,
    ended: Sequence[str] = (),
) -> StepFailure:
    """The failure of a step that waited for a message; `ended` says why no more can come."""
    left_over = inbox.unmatched
    near = nearest(expected, [message.data for message in left_over], exact=exact)
    lines = []
    if near is None:
        lines.append(
            "No message was left over: those that came satisfied earlier steps."
            if inbox.received
            else "No message came at all."
        )
    else:
        message = left_over[near.index]
        of = f"of the {len(left_over):,} messages" if near.others else "is the only message"
        lines.append(f"The nearest {of} left over, number {message.sequence}:")
        lines += [f"  {redact(str(item))}" for item in near.mismatches]
        lines.append(f"  it is: {redact(message.text[:SHOWN])}")
        used = inbox.received - inbox.dropped - len(left_over)
        if used:
            lines.append(f"Used up by earlier steps: {used:,}.")
    if note := inbox.dropped_note():
        lines.append(note)
    return kind(
        summary,
        *ended,
        *lines,
        marks=marks(near.mismatches) if near else (),
        seen=Seen(left_over[near.index].data, exact) if near and near.is_alike else None,
    )
