"""What the service has asked of nRF Cloud and other third parties: assertions on calls.

The mock has seen them; a step that waits for one is woken by its arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn, TypeVar

from harness.capabilities.accounts import api_key
from harness.capabilities.call_texts import (
    asserted_so_far,
    dropped_text,
    listed,
    mark,
    miscounted,
    nearest_to,
    seen_call,
    times_text,
)
from harness.capabilities.third_party import ask, from_path
from harness.core.http_text import HttpRequest
from harness.core.ids import StoryIds
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.errors import Seen, StepFailure
from mock_nrfcloud.client import Call, CallPattern, CallResult, Mock, Pattern, ShadowPattern
from mock_nrfcloud.values import ROOT_HOST

T = TypeVar("T")

REQUEST = "a request of the service"
SINCE = "since the feature began"


class Calls:
    """The calls since the feature began. `api_keys` are those of the configured accounts.

    Requests are those of nRF Cloud; with `third_party` the first segment of their path is the host
    that is meant. Patterns are compared on the mock, which has the real values. `waits` is told
    for what a step waits, and how many seconds at most; `learn` of bodies that are shown: there may
    be secrets in them.
    """

    def __init__(
        self,
        loop: LoopThread,
        mock: Mock,
        budgets: Budgets,
        api_keys: Mapping[str, str],
        ids: StoryIds,
        redactor: Callable[[], Redactor],
        waits: Callable[[str, float], None] = lambda *_: None,
        learn: Callable[..., None] = lambda *_: None,
    ) -> None:
        self._loop = loop
        self._mock = mock
        self._budgets = budgets
        self._api_keys = api_keys
        self._ids = ids
        self._redactor = redactor
        self._waits = waits
        self._learn = learn
        self._asserted: dict[Pattern, int | None] = {}
        """What held, and how many calls were asserted if that was an exact number."""

    def check_called(
        self,
        request: HttpRequest,
        *,
        times: int = 1,
        partial: bool = False,
        third_party: bool = False,
    ) -> None:
        """Wait until there were so many such calls, or more."""
        if times < 1:
            raise StepFailure(f"at least {times} times always holds: write 1 or more", final=True)
        pattern = _pattern(request, partial=partial, third_party=third_party)
        result = self._wait(pattern, times)
        if result.found is None:
            who = _name(third_party)
            self._fail_missing(
                f"{who} was not called with {pattern}"
                if times == 1
                else miscounted(who, result.count, "at least", times, pattern),
                result,
                seen=seen_call(result, exact=not pattern.body_partial, third_party=third_party)
                if times == 1
                else None,
            )
        self._asserted[pattern] = None

    def check_exactly(
        self,
        request: HttpRequest,
        times: int,
        *,
        partial: bool = False,
        third_party: bool = False,
    ) -> None:
        """Wait until there were so many such calls, and assert that there are no more by then."""
        if times < 0:
            raise StepFailure(f"nothing happens {times} times: write 0 or more", final=True)
        pattern = _pattern(request, partial=partial, third_party=third_party)
        who = _name(third_party)
        if times and (result := self._wait(pattern, times)).found is None:
            self._fail_missing(miscounted(who, result.count, "exactly", times, pattern), result)
        calls = self._ask(self._mock.calls(pattern))
        if len(calls) > times:
            self._fail(
                miscounted(who, len(calls), "exactly", times, pattern),
                *self._listed(calls),
            )
        self._check_whole()
        self._asserted[pattern] = times

    def check_not_called(self, request: HttpRequest, *, third_party: bool = False) -> None:
        """Assert that there was no such call; decided at once."""
        pattern = _pattern(request, partial=True, third_party=third_party)
        calls = self._ask(self._mock.calls(pattern))
        if calls:
            self._fail(
                f"{_name(third_party)} was called {times_text(len(calls))} with what should not be"
                f" sent: {pattern}",
                *self._listed(calls),
            )
        self._check_whole()

    def check_order(self, requests: Sequence[HttpRequest], *, third_party: bool = False) -> None:
        """Wait until there was a call for each request, in their order; others may be between.

        Of the calls that match, the first one that is late enough is taken: if there is any way
        to find the order in the calls, this finds it.
        """
        patterns = [_pattern(each, partial=True, third_party=third_party) for each in requests]
        waited, last = 0.0, 0
        for position, pattern in enumerate(patterns):
            left = max(0.0, self._budgets.for_calls() - waited)
            self._waits(REQUEST, left)
            result = self._ask(self._mock.wait_for(pattern, left, after=last))
            waited += result.waited
            if result.found is None:
                after = f" after {patterns[position - 1]}" if position else ""
                came_before = position and self._ask(self._mock.calls(pattern))
                self._fail_missing(
                    f"{_name(third_party)} was not called in this order: there was no {pattern}"
                    + after,
                    replace(result, waited=waited),
                    *(["It was called so only before that."] if came_before else []),
                    since="after that" if position else SINCE,
                )
            last = result.found.number
        self._asserted |= dict.fromkeys(patterns)

    def check_no_others(self, *, third_party: bool = False) -> None:
        """Assert that every call is one that this feature has asserted; decided at once.

        Calls that are about somebody of an earlier feature are left out (`StoryIds.is_foreign`).
        """
        every = self._ask(self._mock.calls())
        asserted = {
            call.number
            for pattern, most in self._asserted.items()
            for call in self._ask(self._mock.calls(pattern))[:most]
        }
        others = [
            call
            for call in every
            if (call.host != ROOT_HOST) is third_party
            and call.number not in asserted
            and not self._ids.is_foreign(call.request)
        ]
        if others:
            requests = "another request" if len(others) == 1 else f"{len(others)} other requests"
            self._fail(
                f"{_name(third_party)} was called with {requests}",
                *self._listed(others),
                *asserted_so_far(self._asserted),
            )
        self._check_whole()

    def check_shadow_requested(self, device_id: str, account: str) -> None:
        """Wait for a request of the device's shadow with the API key of an account."""
        key = (("Authorization", f"Bearer {api_key(self._api_keys, account)}"),)
        pattern = ShadowPattern(device_id, headers=key)
        result = self._wait(pattern)
        if result.found is None:
            self._fail_missing(
                f"nRF Cloud was not asked for this shadow in the “{account}” account: {pattern}",
                result,
            )
        self._asserted[pattern] = None

    def _ask(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return ask(self._loop, coroutine)

    def _wait(self, pattern: Pattern, times: int = 1) -> CallResult:
        budget = self._budgets.for_calls()
        self._waits(REQUEST, budget)
        return self._ask(self._mock.wait_for(pattern, budget, times=times))

    def _check_whole(self) -> None:
        """That something is not in the journal says nothing if not all calls are there."""
        if dropped := self._ask(self._mock.dropped()):
            self._fail(
                f"this cannot be told: {dropped_text(dropped)}",
                "Assert it before the service sends so much.",
            )

    def _fail_missing(
        self,
        summary: str,
        result: CallResult,
        *details: str,
        since: str = SINCE,
        seen: Seen | None = None,
    ) -> NoReturn:
        """What was waited for did not come; the nearest of the requests `since` then is shown."""
        if result.nearest:
            self._learn(result.nearest.call.request.body)
        lines = (*details, *nearest_to(result, since))
        summary = f"{summary}, in {result.waited:.1f} s"
        near = result.nearest.differences if result.nearest else ()
        raise StepFailure(summary, *self._clean(lines), marks=tuple(map(mark, near)), seen=seen)

    def _fail(self, summary: str, *details: str) -> NoReturn:
        """There is what should not be there, which time does not mend."""
        raise StepFailure(summary, *self._clean(details), final=True)

    def _listed(self, calls: Sequence[Call]) -> list[str]:
        self._learn(*(call.request.body for call in calls))
        return listed(calls, self._redactor())

    def _clean(self, lines: Iterable[str]) -> list[str]:
        redactor = self._redactor()
        return [redactor.text(line) for line in lines]


def _name(third_party: bool) -> str:
    return "the HTTP API Mock" if third_party else "the nRF Cloud API"


def _pattern(request: HttpRequest, *, partial: bool, third_party: bool) -> CallPattern:
    host, path = from_path(request.path) if third_party else (ROOT_HOST, request.path)
    return CallPattern(
        request.method,
        path,
        host=host,
        query=request.query,
        headers=request.headers,
        body=request.body,
        body_partial=partial or third_party,
    )
