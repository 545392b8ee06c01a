"""What went between the test, the service and third parties, as reports tell it. Bounded.

Parties are named as in a sequence diagram: `test`, `service`, or the host of a third party. Times
are seconds since 1970. Texts have their secrets hidden when they are recorded.

Pure: no I/O, no clock. May import nothing but harness.core.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.core.redaction import Redactor
from harness.core.showing import printable

KEPT_TEXT: Final = 16 * 1024
"""Characters of a body or a message that are kept."""

TEST: Final = "test"
SERVICE: Final = "service"


class Event(Struct, frozen=True, kw_only=True, rename="camel", tag_field="kind"):
    """Something that went from one party to another at a time."""

    at: float
    source: str
    target: str


class Exchange(Event, frozen=True, kw_only=True, tag="http", omit_defaults=True):
    """A request and its answer; `status` is 0 if there is none, then `note` says why.

    `took` is in seconds. A `note` also says that no stub answered a request, and which came near;
    `answering` is the Markdown of steps that would, if it was asked for.
    """

    took: float
    method: str
    url: str
    headers: Pairs = ()
    body: str = ""
    status: int = 0
    reason: str = ""
    answer_headers: Pairs = ()
    answer_body: str = ""
    note: str = ""
    answering: str = ""


class Frame(Event, frozen=True, kw_only=True, tag="websocket"):
    """A message on a websocket."""

    text: str


def exchange(
    request: HttpRequest,
    url: str,
    response: HttpResponse | None,
    redactor: Redactor,
    *,
    at: float,
    took: float,
    source: str,
    target: str,
    note: str = "",
    answering: str = "",
) -> Exchange:
    """A request to a URL (or a path) and its answer, fit to be shown."""
    answered = response or HttpResponse(0)
    return Exchange(
        at=at,
        took=took,
        source=source,
        target=target,
        method=request.method,
        url=printable(redactor.url(url)),
        headers=_headers(request.headers, redactor),
        body=kept(printable(redactor.text(request.text))),
        status=answered.status,
        reason=printable(answered.reason),
        answer_headers=_headers(answered.headers, redactor),
        answer_body=kept(printable(redactor.text(answered.text))),
        note=printable(redactor.text(note)),
        answering=printable(answering),
    )


def kept(text: str) -> str:
    """A text as far as it is kept; the rest is counted."""
    if len(text) <= KEPT_TEXT:
        return text
    return f"{text[:KEPT_TEXT]}… {len(text) - KEPT_TEXT:,} more characters"


def _headers(headers: Pairs, redactor: Redactor) -> Pairs:
    return tuple((printable(name), printable(value)) for name, value in redactor.headers(headers))
