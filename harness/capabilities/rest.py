"""REST requests to the service under test, and assertions on its last answer."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import regex

from harness.capabilities.blocks import body_block
from harness.capabilities.values import Values, differences, marks, seen_value
from harness.core.events import SERVICE, TEST, Exchange, exchange
from harness.core.http_text import HttpRequest, HttpResponse, header_problem
from harness.core.matching import MISSING, shorten
from harness.core.redaction import Redactor
from harness.core.retry import Budgets, retry
from harness.drivers.loop import LoopThread
from harness.drivers.network import ConnectionRefused
from harness.drivers.rest import RestClient
from harness.errors import Mark, Seen, StepFailure

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
SAFE = ("GET", "HEAD")
"""Methods whose request may be sent again without being told so (RFC 9110, section 9.2.1)."""

STATUS = re.compile(r"[1-5]([0-9]{2}|xx)")
SHOWN_HEADERS = ("content-type", "location", "retry-after", "www-authenticate")
SHOWN_LINES = 25
SHOWN_WIDTH = 200
PATTERN_SECONDS = 0.5
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent; `retries` is the number of the step, None if it said none."""

    method: str
    url: str
    headers: Headers
    body: bytes | None
    retries: int | None


class Rest:
    """The requests of one feature and the last answer.

    `record` is told of each, `learn` of their bodies: there may be secrets in them.
    """

    def __init__(
        self,
        loop: LoopThread,
        client: RestClient,
        values: Values,
        budgets: Budgets,
        redactor: Callable[[], Redactor],
        record: Callable[[Callable[[], Exchange]], None] | None = None,
        learn: Callable[..., None] = lambda *_: None,
    ) -> None:
        self._loop = loop
        self._client = client
        self._values = values
        self._budgets = budgets
        self._redactor = redactor
        self._record = record
        self._learn = learn
        self._next_headers: list[tuple[str, str]] = []
        self._request: Request | None = None
        self._answer: HttpResponse | None = None
        self.sent_at = math.inf
        """When the last request was first sent, on the monotonic clock; before it, never."""

    def add_header(self, name: str, value: str) -> None:
        """A header of the next request only."""
        if problem := header_problem(name, value):
            raise StepFailure(problem, final=True)
        self._next_headers.append((name, value))

    def send(
        self, method: str, url: str, body: str | None, kind: str, retries: int | None = None
    ) -> None:
        """Send a request now and keep its answer. `kind` is the info string of its code block."""
        if method not in METHODS:
            raise StepFailure(
                f"“{method}” is no method: use one of {', '.join(METHODS)}", final=True
            )
        data, content_type = body_block(body, kind)
        headers = self._next_headers
        self._next_headers = []
        given = {name.lower() for name, _ in headers}
        if "accept" not in given:
            headers.append(("Accept", "application/json"))
        if content_type and "content-type" not in given:
            headers.append(("Content-Type", content_type))
        self._request = Request(method, url, tuple(headers), data, retries)
        self._answer = None
        self.sent_at = time.monotonic()
        self._ask(self._request, budget=self._budgets.for_rest(retries) if retries else 0.0)

    def again(self) -> None:
        """Send the last request again."""
        if self._request is not None:
            self._ask(self._request, budget=0.0)

    def budget(self, soon: bool) -> float:
        """Seconds in which the last request may be sent again for an assertion; 0 for not at all.

        Only what is safe is sent again, or what the request's own step said it would retry.
        """
        request = self._request
        if request is None:
            return 0.0
        told = request.retries is not None
        if not told and not (soon and request.method in SAFE):
            return 0.0
        return self._budgets.for_rest(request.retries)

    def check_status(self, expected: str) -> None:
        """Assert the status code: `201`, or a class such as `2xx`."""
        status = str(self._last().status)
        pattern = expected.lower()
        if not STATUS.fullmatch(pattern):
            raise StepFailure(
                f"“{expected}” is no status code: write three digits, or `2xx`", final=True
            )
        if status != pattern and not (pattern[1:] == "xx" and status[0] == pattern[0]):
            seen = Seen(status, instead_of=expected)
            raise self.failure(f"expected the status code {expected}, got {status}", seen=seen)

    def check_context(self, url: str) -> None:
        """Assert a JSON object with this `@context`."""
        body = self._json()
        context = body.get("@context", MISSING) if isinstance(body, dict) else MISSING
        if context != url:
            got = "none" if context is MISSING else shorten(context)
            seen = Seen(context, instead_of=url) if isinstance(context, str) else None
            what = f"expected a response with the @context {url}, got {got}"
            raise self.failure(what, seen=seen)

    def check(self, expression: str | None, expected: object, *, exact: bool) -> None:
        """Assert that the answer, or what an expression over it gives, matches or equals."""
        body, what = self._json(), "the last response"
        if expression is not None:
            body, what = self._values.look_up(expression, body), f"`{expression}` of {what}"
        found = differences(expression or "", body, expected, exact=exact)
        if found:
            verb = "equal" if exact else "match"
            lines = [f"  {each}" for each in found]
            summary = f"{what} does not {verb} what is expected"
            raise self.failure(
                summary, *lines, marks=marks(found), seen=seen_value(expression, body, exact=exact)
            )

    def check_header(self, name: str, expected: str, *, pattern: bool) -> None:
        """Assert a header's value: exactly, or by a regular expression found in it."""
        answer = self._last()
        value = answer.header(name)
        if value is None:
            raise self.failure(f"the last response has no header “{name}”")
        holds = self._search(expected, value) if pattern else value == expected
        if not holds:
            verb = "match" if pattern else "be"
            ((_, shown),) = self._redactor().headers([(name, value)])
            what = f"expected the {name} header to {verb} “{expected}”, got “{shown}”"
            # A secret in a title would not be known for one there.
            known = not pattern and shown == value
            seen = Seen(value, instead_of=expected) if known else None
            raise self.failure(what, seen=seen)

    def store(self, expression: str, name: str) -> None:
        """Store what an expression over the answer gives."""
        self._values.store(name, self.value(expression))

    def value(self, expression: str) -> object:
        """What JSONata over the answer gives. Raises StepFailure if that is nothing."""
        value = self._values.look_up(expression, self._json())
        if value is MISSING:
            raise self.failure(f"`{expression}` has no value in the last response")
        return value

    def failure(
        self,
        summary: str,
        *details: str,
        marks: tuple[Mark, ...] = (),
        seen: Seen | None = None,
    ) -> StepFailure:
        """A failure with the exchange that it is about."""
        redactor = self._redactor()
        shown = [*details]
        if self._request is not None:
            shown.append(f"The request: {self._request.method} {redactor.url(self._request.url)}")
        if self._answer is not None:
            shown += ["The response:", *(f"  {line}" for line in describe(self._answer))]
        lines = (redactor.text(line) for line in shown)
        return StepFailure(redactor.text(summary), *lines, marks=marks, seen=seen)

    def _ask(self, request: Request, budget: float) -> None:
        def attempt() -> HttpResponse:
            at, started = time.time(), time.monotonic()
            answer, note = None, ""
            try:
                answer = self._loop.call(
                    self._client.request(request.method, request.url, request.headers, request.body)
                )
            except StepFailure as failure:
                note = failure.summary
                # Only a service that is not up yet is worth another try.
                failure.final = not isinstance(failure, ConnectionRefused)
                raise
            finally:
                self._learn(request.body or b"", answer.body if answer else b"")
                if self._record is not None:
                    took = time.monotonic() - started
                    self._record(partial(self._exchange, request, answer, at, took, note))
            return answer

        if budget > 0:
            self._answer = retry(attempt, budget, time.monotonic, time.sleep)
        else:
            self._answer = attempt()

    def _exchange(
        self, request: Request, answer: HttpResponse | None, at: float, took: float, note: str
    ) -> Exchange:
        return exchange(
            HttpRequest(request.method, request.url, (), request.headers, request.body),
            request.url,
            answer,
            self._redactor(),
            at=at,
            took=took,
            source=TEST,
            target=SERVICE,
            note=note,
        )

    def _last(self) -> HttpResponse:
        if self._answer is None:
            raise StepFailure("there is no response yet: send a request first", final=True)
        return self._answer

    def _json(self) -> object:
        answer = self._last()
        try:
            return answer.json()
        except ValueError as error:
            raise self.failure(f"the last response: {error}") from None

    def _search(self, pattern: str, value: str) -> bool:
        try:
            return bool(regex.search(pattern, value, timeout=PATTERN_SECONDS))
        except regex.error as error:
            raise StepFailure(
                f"“{pattern}” is no regular expression: {error}", final=True
            ) from None
        except TimeoutError:
            raise StepFailure(
                f"the regular expression “{pattern}” took over {PATTERN_SECONDS} s", final=True
            ) from None


def describe(answer: HttpResponse) -> list[str]:
    """An answer in a few lines: status, the headers that matter, the beginning of its body."""
    lines = [f"HTTP {answer.status} {answer.reason}".rstrip()]
    lines += [f"{name}: {value}" for name, value in answer.headers if name.lower() in SHOWN_HEADERS]
    try:
        body = json.dumps(answer.json(), indent=2, ensure_ascii=False)
    except ValueError:
        body = answer.text
    shown = body.split("\n") if body else []
    lines += [line[:SHOWN_WIDTH] for line in shown[:SHOWN_LINES]]
    if len(shown) > SHOWN_LINES:
        lines.append(f"… and {len(shown) - SHOWN_LINES} more lines")
    return lines
