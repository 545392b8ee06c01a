"""Calls of third parties as failures tell of them: lines for a person, what was seen. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from harness.core.redaction import Redactor
from harness.errors import Mark, Seen
from mock_nrfcloud.client import Call, CallResult, Difference, Pattern
from mock_nrfcloud.conditions import segments_apart
from mock_nrfcloud.values import request_text

_FIRST_NAME = re.compile(r"[^\W\d]\w*")

SHOWN = 10
"""How many different calls are shown."""
SHOWN_BODY = 200
"""Characters of the body of a call."""


def call_text(call: Call) -> str:
    """The request of a call in one line, without secrets."""
    request = call.request
    return request_text(request.method, call.host, request.path, request.query)


def times_text(number: int) -> str:
    """How often."""
    return "once" if number == 1 else f"{number} times"


def miscounted(who: str, count: int, relation: str, times: int, pattern: Pattern) -> str:
    """That there were not so many calls as there should be."""
    wanted = f"{relation} {times_text(times)}"
    return f"{who} was called {times_text(count)}, not {wanted}, with {pattern}"


def dropped_text(dropped: int) -> str:
    """That so many requests are not known any more."""
    return f"{dropped} older requests are no longer in the journal"


def listed(calls: Iterable[Call], redactor: Redactor) -> list[str]:
    """Calls with what they said; those that are alike once."""
    alike = Counter((call_text(call), call.request.body or b"") for call in calls)
    lines = []
    for (request, body), times in list(alike.items())[:SHOWN]:
        lines.append(f"  {request}" + ("" if times == 1 else f" ({times_text(times)})"))
        if body:
            # Redacted before it is cut: half a secret would not be known for one.
            text = " ".join(redactor.text(body.decode(errors="backslashreplace")).split())
            lines.append(f"    {text[:SHOWN_BODY]}{'…' * (len(text) > SHOWN_BODY)}")
    if len(alike) > SHOWN:
        lines.append(f"  … {len(alike) - SHOWN} more")
    return lines


def nearest_to(result: CallResult, since: str) -> list[str]:
    """What came instead of the call that was waited for, of all requests `since` a moment."""
    lines = []
    if result.nearest is not None:
        lines.append(f"The nearest request: {call_text(result.nearest.call)}")
        lines += [f"  {difference}" for difference in result.nearest.differences]
        if result.others:
            were = "other request was" if result.others == 1 else "other requests were"
            lines.append(f"{result.others} {were} seen.")
    elif not result.count:
        lines.append(f"Nothing was requested {since}.")
    if result.dropped:
        lines.append(f"{dropped_text(result.dropped)}.")
    return lines


def asserted_so_far(asserted: Mapping[Pattern, int | None]) -> list[str]:
    """The patterns that have held; the number is that of calls, if it was exact."""
    if not asserted:
        return ["No call was asserted so far."]
    patterns = (
        f"  {pattern}" + ("" if most is None else f", exactly {times_text(most)}")
        for pattern, most in asserted.items()
    )
    return ["Asserted so far:", *dict.fromkeys(patterns)]


def mark(difference: Difference) -> Mark:
    """Where a block differs from a request; in a body the first key of the path is enough."""
    part, _, path = difference.field.partition(" ")
    if part == "body":
        name = _FIRST_NAME.match(path)
        whole = name is None or name[0] != path
        what = str(difference) if whole or difference.expected == "nothing" else difference.what
        return Mark(("body", name[0]) if name else ("body",), what)
    return Mark((difference.field,), str(difference) if part == "query" else difference.what)


def seen_call(result: CallResult, *, exact: bool, third_party: bool) -> Seen | None:
    """The nearest call, as the block of a step would say it, if it can be the one that was meant:
    its method and path are the same, or that one of them (of the path, one segment) is another is
    the only difference but for the body."""
    near = result.nearest
    if near is None:
        return None
    head = [each for each in near.differences if not each.field.startswith("body")]
    target = [each for each in head if each.field in ("method", "host", "path")]
    if target:
        field, apart = target[0].field, segments_apart(target[0].expected, target[0].actual)
        if len(head) > 1 or field == "host" or (field == "path" and apart > 1):
            return None
    path = near.call.request.path
    request = replace(near.call.request, path=f"/{near.call.host}{path}" if third_party else path)
    return Seen(request, exact)
