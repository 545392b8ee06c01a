"""What one run has of a mock: its stubs, and the requests that it has caused.

The whole behaviour of a mock but for the way in which it is reached. What comes out is fit to be
shown: secrets are redacted, and every text can be written as UTF-8. Matching works on the real
values. Belongs to one asyncio loop; does no I/O of its own.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from random import Random
from typing import Any, Final, cast
from uuid import uuid4

from harness.core.http_text import HttpRequest
from harness.core.redaction import Redactor
from harness.errors import BddError
from mock_nrfcloud import redacted
from mock_nrfcloud.conditions import differences, distance, matches, target_distance
from mock_nrfcloud.contract.keeping import Keeper
from mock_nrfcloud.journal import Journal, MemoryJournal, wait, walk
from mock_nrfcloud.shadows import Page, shadow_stub
from mock_nrfcloud.stubs import Exhausted, Snapshot, StubStore
from mock_nrfcloud.twins import Command, Reply, Twins
from mock_nrfcloud.twins import Snapshot as TwinsSnapshot
from mock_nrfcloud.values import (
    Call,
    CallResult,
    Criterion,
    NearCall,
    NearMiss,
    Pattern,
    SnapshotId,
    Stub,
    Unmatched,
    Violation,
)

MAX_SNAPSHOTS: Final = 10_000
"""How many snapshots are kept; the oldest leave first."""

_NEAR: Final = 100
_LOOKED_AT: Final = 10_000


class Space:
    """Stubs and a journal that belong together. "Since" is always since `begin`."""

    def __init__(
        self,
        *,
        exhausted: Exhausted = "repeat",
        hosts: Iterable[str] = (),
        redactor: Redactor | None = None,
        journal: Journal | None = None,
        fault_seed: int = 0,
        keeper: Keeper | None = None,
    ) -> None:
        self.store = StubStore(exhausted=exhausted, hosts=hosts)
        self.journal = MemoryJournal() if journal is None else journal
        self.redactor = redactor or Redactor()
        self.keeper = keeper
        self.unanswered = 0
        """How many requests no stub has answered."""
        self.twins = Twins()
        self._snapshots: dict[SnapshotId, tuple[Snapshot, TwinsSnapshot]] = {}
        self._began = 1
        self.seed(fault_seed)

    def seed(self, fault_seed: int) -> None:
        """Draw delays by chance from this, from its start: so they can be had again."""
        self.fault_seed = fault_seed
        self.chance = Random(fault_seed)

    def add(self, stub: Stub) -> tuple[str, tuple[Violation, ...]]:
        """Add a stub of this feature; returns its ID, and what of it is not as an OpenAPI document
        says. Raises BddError if it is malformed, ContractError if the mock is strict."""
        problems = self.keeper.stub(stub) if self.keeper else ()
        return self.store.add(stub), problems

    def add_shadow(self, device_id: str, page: Page) -> None:
        """Answer shadow requests for a device with this page. Raises as `add` does."""
        if self.keeper:
            self.keeper.stub(shadow_stub(device_id, page))
        self.store.add_shadow(device_id, page)

    @property
    def notes(self) -> list[str]:
        """Stubs and calls of the space's whole life that are not as an OpenAPI document says."""
        notes = self.keeper.notes if self.keeper else ()
        return [self.redactor.text(each) for each in notes]

    def begin(self, inherited: Sequence[SnapshotId] = ()) -> None:
        """Forget all stubs and twins but those of the snapshots, and look no further back than
        now. Outages end.

        Raises BddError for a snapshot that is not here.
        """
        for each in inherited:
            if each not in self._snapshots:
                raise BddError(
                    f"the mock has no snapshot {each[:100]!r}",
                    hint=f"it keeps the newest {MAX_SNAPSHOTS:,} of each namespace",
                )
        left = [self._snapshots[each] for each in inherited]
        self.store.begin([stubs for stubs, _ in left])
        self.twins.begin([twins for _, twins in left])
        self._know_twins()
        self._began = self.journal.next
        self.seed(self.fault_seed)

    def snapshot(self) -> SnapshotId:
        """Keep the stubs, shadows and twins that there are now, to be inherited."""
        taken = SnapshotId(uuid4().hex)
        self._snapshots[taken] = self.store.snapshot(), self.twins.snapshot()
        if len(self._snapshots) > MAX_SNAPSHOTS:
            del self._snapshots[next(iter(self._snapshots))]
        return taken

    def reset(self) -> None:
        """Forget all stubs, twins and requests."""
        self.store.reset()
        self.twins.begin()
        self._know_twins()
        self.journal.clear()

    def start_twin(self, name: str) -> None:
        """Let the twin of that name answer from now on. Raises BddError if there is none."""
        self.twins.start(name)
        self._know_twins()

    def tell_twin(self, name: str, command: Command) -> None:
        """Have a twin do something, which starts if it has not. Raises BddError."""
        try:
            self.twins.start(name).command(command)
        finally:
            self._know_twins()  # a command may be about a host

    async def twin(self, name: str, command: Command, seconds: float = 0.0) -> Reply:
        """Ask something of a twin; see `Twins.command`. Raises BddError."""
        self.start_twin(name)
        try:
            return await self.twins.command(name, command, seconds)
        finally:
            self._know_twins()  # a command may be about a host

    def close(self) -> None:
        """It is not used any more: who waits for something is told, timers end."""
        self.journal.waits.end()
        self.twins.close()
        self.journal.close()

    async def wait_for(
        self,
        pattern: Pattern,
        timeout: float,  # noqa: ASYNC109 - a budget: to run out of it is a result, no error
        *,
        times: int = 1,
        after: int = 0,
    ) -> CallResult:
        """The `times`-th call that matches, of those with a number greater than `after`; waits up
        to `timeout` seconds for it."""
        started = time.perf_counter()
        first = since = max(self._began, after + 1)
        count, waited, found = 0, 0.0, None
        while count < times:
            left = max(0.0, timeout - waited)
            found = await wait(self.journal, lambda call: _matches(pattern, call), since, left)
            waited = time.perf_counter() - started
            if found is None:
                break
            count, since = count + 1, found.number + 1
        near = None if found else await self._nearest(pattern, first)
        return CallResult(
            found=None if found is None else redacted.call(self.redactor, found),
            count=count,
            nearest=near,
            others=max(0, self.journal.next - first - count - bool(near)),
            dropped=self.dropped(first),
            waited=waited,
        )

    def dropped(self, first: int = 1) -> int:
        """How many of the requests since that number the journal no longer has."""
        return max(0, self.journal.first - max(self._began, first))

    async def calls(
        self,
        pattern: Pattern | None = None,
        *,
        after: int = 0,
        before: int | None = None,
        newest_first: bool = False,
    ) -> AsyncIterator[Call]:
        """The requests seen (those that match), with a number between these two."""
        since = max(self._began, after + 1)
        async for call in walk(self.journal, since, before, newest_first=newest_first):
            if pattern is None or _matches(pattern, call):
                yield redacted.call(self.redactor, call)

    async def unmatched(
        self, *, after: int = 0, before: int | None = None, newest_first: bool = False
    ) -> AsyncIterator[Unmatched]:
        """The requests that no stub answered, with a number between these two."""
        since = max(self._began, after + 1)
        async for call in walk(self.journal, since, before, newest_first=newest_first):
            if not call.stub:
                yield Unmatched(redacted.call(self.redactor, call), near_misses(call))

    def answers(self, host: str, asked: HttpRequest) -> bool:
        """Whether something here answers a request; while its body (None) is still to come,
        whether something may."""
        if self.store.outages or host in self.twins.hosts:
            return True
        if asked.body is None:
            return self.store.may_answer(host, asked)
        return self.store.would_answer(host, asked) is not None

    def near_stubs(self, host: str, request: HttpRequest) -> list[NearMiss]:
        """The stubs that come nearest to a request, and why they do not answer it."""
        return [
            redacted.near_miss(self.redactor, near) for near in self.store.nearest(host, request)
        ]

    def _know_twins(self) -> None:
        self.store.twin_hosts = self.twins.hosts

    async def _nearest(self, pattern: Pattern, first: int) -> NearCall | None:
        """Among the calls of the nearest target, which a service may have made long ago, that
        which differs least, but does; the newest of equals."""
        since = max(first, self.journal.next - _LOOKED_AT)
        near: list[Call] = []
        least = None
        async for call in walk(self.journal, since):
            away = target_distance(pattern, call.host, call.request)
            if (least is None or away <= least) and not _matches(pattern, call):
                near = [*near[-_NEAR + 1 :], call] if away == least else [call]
                least = away
        if not near:
            return None
        call = min(near[::-1], key=lambda each: distance(pattern, each.host, each.request))
        found = tuple(differences(pattern, call.host, call.request))
        return redacted.near_call(self.redactor, NearCall(call, found))


def _matches(pattern: Pattern, call: Call) -> bool:
    return matches(pattern, call.host, call.request)


def near_misses(call: Call) -> tuple[NearMiss, ...]:
    """The nearest stubs to a call that none answered: what the 404 told the service."""
    problem = cast("dict[str, list[dict[str, Any]]]", call.response.json())
    return tuple(
        NearMiss(near["stub"], tuple(Criterion(**each) for each in near["criteria"]))
        for near in problem.get("nearest", ())
    )
