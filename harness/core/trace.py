"""What happened while a step ran: what was sent and received, and what was tried. Bounded.

Parties are named as in a sequence diagram: `test`, `service`, or the host of a third party. Times
are seconds since 1970. Texts have their secrets hidden when they are recorded.

Pure: no I/O, no clock. May import nothing but harness.core and harness.errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from msgspec import Struct

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.core.redaction import Redactor
from harness.core.showing import printable
from harness.errors import StepFailure

KEPT_TEXT: Final = 16 * 1024
"""Characters of a body or a message that are kept."""
KEPT_EVENTS: Final = 500
"""What happened in a step beyond so many events is only counted."""
KEPT_ATTEMPTS: Final = 50
"""Tries of a step that failed differently; more are only counted."""

TEST: Final = "test"
SERVICE: Final = "service"


class Event(Struct, frozen=True, kw_only=True, rename="camel", tag_field="kind"):
    """Something that went from one party to another at a time."""

    at: float
    source: str
    target: str


class Exchange(Event, frozen=True, kw_only=True, tag="http", omit_defaults=True):
    """A request and its answer; `status` is 0 if there is none, then `note` says why.

    `took` is in seconds. A `note` also says that no stub answered a request, and which came near.
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


class Frame(Event, frozen=True, kw_only=True, tag="websocket"):
    """A message on a websocket."""

    text: str


class Attempt(Struct, frozen=True, rename="camel"):
    """A try that failed, and those after it that failed in the same way: `count` in all."""

    at: float
    failure: str
    count: int = 1


class Waiting(NamedTuple):
    """What a step waits for, since when, and for how many seconds at most."""

    what: str
    since: float
    seconds: float


@dataclass(slots=True)
class StepTrace:
    """A step from `started` to `ended`; `dropped` counts events that were not kept.

    `late`: it held only after it had failed or had been waited for. `failure` is the last one.
    """

    started: float
    ended: float = 0.0
    events: list[Exchange | Frame] = field(default_factory=list)
    dropped: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    tries: int = 0
    failure: StepFailure | None = None
    waiting: Waiting | None = None

    def add(self, make: Callable[[], Exchange | Frame]) -> None:
        """Something has happened: what it was is made only if there is room for it."""
        if len(self.events) < KEPT_EVENTS:
            self.events.append(make())
        else:
            self.dropped += 1

    def tried(self, at: float, failure: str) -> None:
        """A try has failed."""
        self.tries += 1
        if self.attempts and self.attempts[-1].failure == failure:
            last = self.attempts[-1]
            self.attempts[-1] = Attempt(last.at, failure, last.count + 1)
        elif len(self.attempts) < KEPT_ATTEMPTS:
            self.attempts.append(Attempt(at, failure))


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
    )


def kept(text: str) -> str:
    """A text as far as it is kept; the rest is counted."""
    if len(text) <= KEPT_TEXT:
        return text
    return f"{text[:KEPT_TEXT]}… {len(text) - KEPT_TEXT:,} more characters"


def _headers(headers: Pairs, redactor: Redactor) -> Pairs:
    return tuple((printable(name), printable(value)) for name, value in redactor.headers(headers))


def distribute(events: Sequence[Exchange], steps: Sequence[StepTrace]) -> None:
    """Give each event to the last step that had started by then, and put them in their order.

    Steps are in their order; what came before the first belongs to the first.
    """
    if not steps:
        return
    index = 0
    for event in sorted(events, key=lambda each: each.at):
        while index + 1 < len(steps) and steps[index + 1].started <= event.at:
            index += 1
        steps[index].add(partial(_itself, event))
    for step in steps:
        step.events.sort(key=lambda each: each.at)


def _itself(event: Exchange) -> Exchange:
    return event
