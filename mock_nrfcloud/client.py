"""What steps see of a mock: one interface, whether it runs in this process or elsewhere.

Everything that crosses it is plain data, and what comes out is fit to be shown: secrets are
redacted. Matching works on the real values.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, cast

from harness.core.redaction import Redactor
from mock_nrfcloud.conditions import differences, distance, matches, target_distance
from mock_nrfcloud.journal import MAX_BYTES, MAX_ENTRIES, Journal
from mock_nrfcloud.server import MAX_BODY, MockServer
from mock_nrfcloud.shadows import Page
from mock_nrfcloud.stubs import Exhausted, Snapshot, StubStore
from mock_nrfcloud.values import Call, CallPattern, Difference, Pattern, ShadowPattern, Stub

__all__ = [
    "Call",
    "CallPattern",
    "CallResult",
    "Difference",
    "InProcessMock",
    "Mock",
    "NearCall",
    "NearMiss",
    "Pattern",
    "ShadowPattern",
    "Snapshot",
    "Stub",
    "Unmatched",
]

_NEAR: Final = 100
_LOOKED_AT: Final = 10_000


@dataclass(frozen=True, slots=True)
class NearCall:
    """The request that comes nearest to a pattern, and how it differs."""

    call: Call
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of waiting for a call.

    `found`, or else the `nearest` of the requests since the feature began (None if there was
    none). `others` is how many more requests there were, `dropped` how many of them the journal no
    longer has, `waited` the time in seconds.
    """

    found: Call | None
    nearest: NearCall | None
    others: int
    dropped: int
    waited: float


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A stub that nearly answered a request, and why it did not, as text."""

    stub: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A request that no stub answered."""

    call: Call
    nearest: tuple[NearMiss, ...]


class Mock(Protocol):
    """A mock of nRF Cloud and of third parties. "Since" is always since `begin`."""

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""

    async def add(self, stub: Stub) -> None:
        """Answer with this stub. Raises BddError if it is malformed."""

    async def add_shadow(self, device_id: str, page: Page) -> None:
        """Answer shadow requests for a device, until replaced. Raises BddError for no page."""

    async def begin(self, inherited: Sequence[Snapshot]) -> None:
        """A feature begins: forget all stubs but those that it inherits, and all requests."""

    async def snapshot(self) -> Snapshot:
        """The stubs and shadows that there are now, to be inherited."""

    async def unserved(self) -> list[Stub]:
        """Queued responses of the whole run that nobody asked for."""

    async def wait_for(
        self,
        pattern: Pattern,
        timeout: float,  # noqa: ASYNC109 - a budget: to run out of it is a result, no error
    ) -> CallResult:
        """The first call that matches; waits up to `timeout` seconds for it."""

    async def calls(self, pattern: Pattern | None = None) -> list[Call]:
        """The requests seen (those that match), the oldest first."""

    async def unmatched(self) -> list[Unmatched]:
        """The requests that no stub answered."""


class InProcessMock:
    """A mock in this process. Its coroutines run in the loop that `start` ran in."""

    def __init__(
        self,
        *,
        exhausted: Exhausted = "repeat",
        hosts: Iterable[str] = (),
        redactor: Redactor | None = None,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
        max_body: int = MAX_BODY,
    ) -> None:
        self._redactor = redactor or Redactor()
        self._store = StubStore(exhausted=exhausted, hosts=hosts)
        self._journal = Journal(max_entries=max_entries, max_bytes=max_bytes)
        self._server = MockServer(
            self._store, self._journal, redactor=self._redactor, max_body=max_body
        )
        self._began = 1

    @property
    def url(self) -> str:
        return self._server.url

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError if it cannot."""
        await self._server.start(host, port)

    async def stop(self) -> None:
        """Stop listening, and close the connections."""
        await self._server.stop()

    async def add(self, stub: Stub) -> None:
        self._store.add(stub)

    async def add_shadow(self, device_id: str, page: Page) -> None:
        self._store.add_shadow(device_id, page)

    async def begin(self, inherited: Sequence[Snapshot] = ()) -> None:
        self._store.begin(inherited)
        self._began = self._journal.next

    async def snapshot(self) -> Snapshot:
        return self._store.snapshot()

    async def unserved(self) -> list[Stub]:
        return self._store.unserved()

    async def wait_for(
        self,
        pattern: Pattern,
        timeout: float,  # noqa: ASYNC109 - a budget: to run out of it is a result, no error
    ) -> CallResult:
        started = time.perf_counter()
        found = await self._journal.wait(lambda call: _matches(pattern, call), self._began, timeout)
        waited = time.perf_counter() - started
        near = None if found else self._nearest(pattern)
        return CallResult(
            found=found and self._shown(found),
            nearest=near,
            others=self._journal.next - self._began - bool(found or near),
            dropped=max(0, self._journal.first - self._began),
            waited=waited,
        )

    async def calls(self, pattern: Pattern | None = None) -> list[Call]:
        return [
            self._shown(call)
            for call in self._journal.calls(self._began)
            if pattern is None or _matches(pattern, call)
        ]

    async def unmatched(self) -> list[Unmatched]:
        return [
            Unmatched(self._shown(call), _near_misses(call))
            for call in self._journal.calls(self._began)
            if not call.stub
        ]

    def _nearest(self, pattern: Pattern) -> NearCall | None:
        """Among the calls of the nearest target, which a service may have made long ago, that
        which differs least; the newest of equals."""
        since = max(self._began, self._journal.next - _LOOKED_AT)
        near: list[Call] = []
        least = None
        for call in self._journal.calls(since):
            away = target_distance(pattern, call.host, call.request)
            if least is None or away <= least:
                near = [*near[-_NEAR + 1 :], call] if away == least else [call]
                least = away
        if not near:
            return None
        call = min(near[::-1], key=lambda each: distance(pattern, each.host, each.request))
        clean = self._redactor.text
        found = tuple(
            Difference(each.field, clean(each.what), clean(each.expected), clean(each.actual))
            for each in differences(pattern, call.host, call.request)
        )
        return NearCall(self._shown(call), found)

    def _shown(self, call: Call) -> Call:
        """A call without what is secret in its headers and its query."""
        request = replace(
            call.request,
            headers=self._redactor.headers(call.request.headers),
            query=self._redactor.query(call.request.query),
        )
        return replace(call, request=request)


def _matches(pattern: Pattern, call: Call) -> bool:
    return matches(pattern, call.host, call.request)


def _near_misses(call: Call) -> tuple[NearMiss, ...]:
    """What the 404 told the service."""
    problem = cast("dict[str, list[dict[str, list[str]]]]", call.response.json())
    return tuple(
        NearMiss(str(each["stub"]), tuple(each["reasons"])) for each in problem.get("nearest", ())
    )
