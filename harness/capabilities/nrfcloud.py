"""nRF Cloud and other third parties, played by the mock: what it answers, what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

from harness.core.http_text import HttpRequest, HttpResponse, HttpTextError, parse_request_line
from harness.core.nearest import nearest
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.core.trace import SERVICE, Exchange, exchange
from harness.drivers.loop import LoopThread
from harness.errors import BddError, StepFailure
from mock_nrfcloud.client import (
    Call,
    CallPattern,
    CallResult,
    Mock,
    Pattern,
    ShadowPattern,
    Stub,
    Unmatched,
)
from mock_nrfcloud.values import request_text

T = TypeVar("T")

SHOWN = 3
"""How many of the requests without an answer a failure shows."""


class NrfCloud:
    """The mock as one feature sees it. `api_keys` are those of the configured accounts."""

    def __init__(
        self,
        loop: LoopThread,
        mock: Mock,
        budgets: Budgets,
        api_keys: Mapping[str, str],
        redactor: Callable[[], Redactor],
    ) -> None:
        self._loop = loop
        self._mock = mock
        self._budgets = budgets
        self._api_keys = api_keys
        self._redactor = redactor

    def queue(self, request: str, response: HttpResponse) -> None:
        """Queue an answer of nRF Cloud to `METHOD /path?query`."""
        method, path, query = _request_line(request)
        self._ask(self._mock.add(Stub(method, path, response, query=query)))

    def queue_third_party(
        self, request: str, response: HttpResponse, *, kept: bool = False
    ) -> None:
        """Queue (or set) an answer of a third party to `METHOD URL`; see `_third_party`."""
        method, _, url = request.strip().partition(" ")
        host, target = _third_party(url.strip(), self._mock.url)
        method, path, query = _request_line(f"{method} {target}")
        kind: Literal["queued", "kept"] = "kept" if kept else "queued"
        self._ask(self._mock.add(Stub(method, path, response, host=host, query=query, kind=kind)))

    def set_shadow(self, device_id: str, page: object) -> None:
        """Let nRF Cloud know a device's shadow; `page` is what GET /v1/devices answers."""
        if not isinstance(page, dict):
            raise StepFailure("the shadow data is not a JSON object with `items`", final=True)
        self._ask(self._mock.add_shadow(device_id, cast("dict[str, object]", page)))

    def check_called(self, request: HttpRequest, *, partial: bool = False) -> None:
        """Wait for a call of nRF Cloud since the feature began."""
        self._wait(_pattern(request, partial=partial), "the nRF Cloud API was not called with")

    def check_not_called(self, request: HttpRequest) -> None:
        """Assert that nRF Cloud was not called like this; decided at once."""
        pattern = _pattern(request, partial=True)
        calls = self._ask(self._mock.calls(pattern))
        if calls:
            times = "once" if len(calls) == 1 else f"{len(calls)} times"
            raise StepFailure(
                f"the nRF Cloud API was called {times} with what should not be sent: {pattern}",
                f"  {self._redactor().text(_line(calls[0]))}",
                final=True,
            )

    def check_shadow_requested(self, device_id: str, account: str) -> None:
        """Wait for a request of the device's shadow with the API key of an account."""
        if account not in self._api_keys:
            near = nearest(account, self._api_keys)
            raise StepFailure(
                f"the API key of the account “{account}” is not known"
                + (f": did you mean “{near}”?" if near else ": set it in the environment"),
                final=True,
            )
        key = (("Authorization", f"Bearer {self._api_keys[account]}"),)
        self._wait(
            ShadowPattern(device_id, headers=key),
            f"nRF Cloud was not asked for this shadow in the “{account}” account:",
        )

    def check_third_party_called(self, request: HttpRequest) -> None:
        """Wait for a call of a third party; the first segment of the path is its host."""
        host, path = _first_segment(request.path)
        pattern = replace(_pattern(request, partial=True), host=host, path=path)
        self._wait(pattern, "the HTTP API Mock was not called with")

    def _ask(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the mock says; what it refuses, or that it cannot be reached, fails the step."""
        try:
            return self._loop.call(coroutine)
        except BddError as error:
            raise StepFailure(str(error), final=True) from None

    def _wait(self, pattern: Pattern, summary: str) -> None:
        result = self._ask(self._mock.wait_for(pattern, self._budgets.for_calls()))
        if result.found is None:
            raise StepFailure(
                f"{summary} {pattern}, in {result.waited:.1f} s", *self._nearest(result)
            )

    def unanswered(self, foreign: Collection[str] = ()) -> list[str]:
        """The latest requests since the feature began that nearly found a stub, each with it.

        Only what differs in one thing is worth a look: services also ask for much that a feature
        does not care about. Requests that name something `foreign` (an ID of another feature)
        are left out.
        """
        latest: dict[str, list[str]] = {}
        try:
            misses = self._loop.call(self._mock.unmatched())
        except BddError:  # this is beside what has failed: that must not be lost
            return []
        for miss in misses:
            line = _line(miss.call)
            near = [each for each in miss.nearest if len(each.reasons) == 1]
            if not near or any(other in line for other in foreign):
                continue
            latest.pop(line, None)
            latest[line] = [f"    nearest: {near[0].stub}: {near[0].reasons[0]}"]
        shown = list(latest.items())[-SHOWN:]
        return [line for request, near in shown for line in (f"  {request}", *near)]

    def exchanges(self) -> list[Exchange]:
        """The requests since the feature began, for reports."""
        try:
            calls = self._loop.call(self._mock.calls())
            misses = {each.call.number: each for each in self._loop.call(self._mock.unmatched())}
        except BddError:  # a report must not make a run fail
            return []
        redactor = self._redactor()
        return [
            exchange(
                call.request,
                _target(call),
                call.response,
                redactor,
                at=call.at,
                took=call.took,
                source=SERVICE,
                target=call.host,
                note=_why_unanswered(misses.get(call.number)),
            )
            for call in calls
        ]

    def _nearest(self, result: CallResult) -> list[str]:
        lines = []
        if result.nearest is None:
            lines.append("Nothing was requested since the feature began.")
        else:
            lines.append(f"The nearest request: {_line(result.nearest.call)}")
            lines += [f"  {difference}" for difference in result.nearest.differences]
            if result.others:
                were = "other request was" if result.others == 1 else "other requests were"
                lines.append(f"{result.others} {were} seen.")
        if result.dropped:
            lines.append(f"{result.dropped} older requests are no longer in the journal.")
        redactor = self._redactor()
        return [redactor.text(line) for line in lines]


def _line(call: Call) -> str:
    request = call.request
    return request_text(request.method, call.host, request.path, request.query)


def _target(call: Call) -> str:
    """Path and query of a request to a third party."""
    query = "&".join(f"{name}={value}" for name, value in call.request.query)
    return call.request.path + (f"?{query}" if query else "")


def _why_unanswered(miss: Unmatched | None) -> str:
    if miss is None:
        return ""
    near = [f"{each.stub}: {'; '.join(each.reasons)}" for each in miss.nearest]
    return "\n".join(["no stub answered it", *near])


def _pattern(request: HttpRequest, *, partial: bool) -> CallPattern:
    return CallPattern(
        request.method,
        request.path,
        query=request.query,
        headers=request.headers,
        body=request.body,
        body_partial=partial,
    )


def _request_line(text: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    try:
        return parse_request_line(text)
    except HttpTextError as error:
        hint = f": {error.hint}" if error.hint else ""
        raise StepFailure(f"`{text}` is no request: {error.what}{hint}", final=True) from None


def _third_party(url: str, mock_url: str) -> tuple[str, str]:
    """Host and target of a URL: at the mock (then its first segment is the host), the third
    party's own `https://host/path`, or `host/path`."""
    at_mock = url.removeprefix(f"{mock_url}/")
    if at_mock == url and "://" in url:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise StepFailure(f"“{url}” is no URL: {error}", final=True) from None
        query = f"?{parts.query}" if parts.query else ""
        return _named(parts.hostname or "", f"{parts.path or '/'}{query}")
    return _first_segment(at_mock)


def _first_segment(path: str) -> tuple[str, str]:
    host, _, rest = path.lstrip("/").partition("/")
    return _named(host.lower(), f"/{rest}")


def _named(host: str, target: str) -> tuple[str, str]:
    if not host or "?" in host:
        raise StepFailure(
            "the request names no third party: write METHOD host/path, as in the mock's URL for it",
            final=True,
        )
    return host, target
