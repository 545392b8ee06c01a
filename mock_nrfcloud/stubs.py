"""The stubs of a mock, and which of them answers a request (docs/mock.md, "Which stub answers").

Stubs are found by an index over host, method, path and one of their query parameters, so the cost
of a request does not grow with the number of stubs for other requests.

Pure: no I/O, no clock. May import nothing but harness.core and harness.errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain, count, islice
from operator import itemgetter
from typing import Final, Literal
from uuid import uuid4

from harness.core.http_text import HttpRequest
from mock_nrfcloud.conditions import check, conditions_hold, distance, segments_apart
from mock_nrfcloud.criteria import criteria
from mock_nrfcloud.outages import Happening, Outages
from mock_nrfcloud.routes import Answer, Group, Held, Left, Route, Stage
from mock_nrfcloud.shadows import Page, Shadows
from mock_nrfcloud.values import ROOT_HOST, Criterion, NearMiss, Outage, Stub

Exhausted = Literal["repeat", "not-found"]

_NEAR_ROUTES: Final = 100
_NEAR: Final = 10
_EXHAUSTED: Final = Criterion("queue", "all its responses have been served", "one more", "none")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a feature leaves to those that need it: stubs, oldest first, and shadows by device."""

    stubs: tuple[Left, ...] = ()
    shadows: tuple[tuple[str, Page], ...] = ()


class StubStore:
    """The stubs that can answer now, and the rule by which they do.

    `hosts` are known besides those that have stubs. `exhausted`: what a queue of which everything
    was served gives: its newest response again, or nothing.
    """

    def __init__(self, *, exhausted: Exhausted = "repeat", hosts: Iterable[str] = ()) -> None:
        self.exhausted: Exhausted = exhausted
        self.configure_hosts(hosts)
        self.twin_hosts: frozenset[str] = frozenset()
        """Hosts that are known because a twin answers for them."""
        self._orders = count(1)
        self._pending: dict[str, Stub] = {}
        self._clear()

    @property
    def exhausted(self) -> Exhausted:
        return "repeat" if self._last_stage is Stage.SERVED else "not-found"

    @exhausted.setter
    def exhausted(self, value: Exhausted) -> None:
        self._last_stage = Stage.SERVED if value == "repeat" else Stage.KEPT

    @property
    def hosts(self) -> list[str]:
        """The hosts that are known without a stub."""
        return sorted(self._configured)

    def configure_hosts(self, hosts: Iterable[str]) -> None:
        """Know these hosts, whether they have stubs or not."""
        self._configured = frozenset({ROOT_HOST, *(host.lower() for host in hosts)})

    def _clear(self) -> None:
        self._routes: dict[tuple[str, str, str], Route] = {}
        self._paths: dict[str, list[tuple[str, str, str]]] = {}
        self._hosts: set[str] = set()
        self._shadows = Shadows()
        self.outages = Outages()

    def add(self, stub: Stub) -> str:
        """Add a stub of this feature; returns its ID. Raises BddError if it is malformed."""
        check(stub)
        stub_id = uuid4().hex
        if stub.kind == "queued":
            self._pending[stub_id] = stub
        self._hold(Left(stub_id, stub, served=False), own=True)
        return stub_id

    def add_outage(self, outage: Outage) -> Happening:
        """Let something happen to the next requests. Raises BddError if it is malformed."""
        added = self.outages.add(outage)
        self._hosts.add(outage.host.lower())
        return added

    def remove(self, stub_id: str) -> bool:
        """Forget a stub; whether there was one."""
        self._pending.pop(stub_id, None)
        for key, route in self._routes.items():
            if route.remove(stub_id):
                if not route.groups:
                    self._forget(key)
                return True
        return False

    def reset(self) -> None:
        """Forget all stubs, shadows and outages, and that some stubs were never asked for."""
        self._clear()
        self._pending.clear()

    def held(self) -> list[Left]:
        """The stubs that can still answer, the oldest first."""
        left = chain.from_iterable(
            group.left() for route in self._routes.values() for group in route.groups.values()
        )
        return [each for _, each in sorted(left, key=itemgetter(0))]

    def get(self, stub_id: str) -> Left | None:
        """A stub that can still answer."""
        return next((left for left in self.held() if left.id == stub_id), None)

    def count(self) -> int:
        """How many stubs can still answer."""
        groups = (group for route in self._routes.values() for group in route.groups.values())
        return sum(group.count() for group in groups)

    @property
    def shadows(self) -> dict[str, Page]:
        """The shadow data by device."""
        return dict(self._shadows.pages())

    def remove_shadow(self, device_id: str) -> bool:
        """Forget the shadow of a device; whether there was one."""
        return self._shadows.remove(device_id)

    def add_shadow(self, device_id: str, page: Page) -> None:
        """Answer shadow requests for a device with this page. Raises BddError if it is none."""
        self._shadows.set(device_id, page, next(self._orders))

    def begin(self, inherited: Sequence[Snapshot]) -> None:
        """Forget everything, and start with what was left by others (later ones are newer)."""
        self._clear()
        every = [left for snapshot in inherited for left in snapshot.stubs]
        # Two features may leave the same stub of a third; one of them may have used it.
        served = {left.id for left in every if left.served}
        for left in {left.id: left for left in every}.values():
            self._hold(Left(left.id, left.stub, left.id in served), own=False)
        for snapshot in inherited:
            for device_id, page in snapshot.shadows:
                self.add_shadow(device_id, page)

    def snapshot(self) -> Snapshot:
        """What is there now."""
        return Snapshot(tuple(self.held()), self._shadows.pages())

    def unserved(self) -> dict[str, Stub]:
        """The queued stubs of the store's whole life that no request has asked for, by ID."""
        return dict(self._pending)

    def locate(self, host: str | None, path: str) -> tuple[str, str]:
        """The host that a request is for, and its path there.

        It is named by the first segment of the path or by the Host header (with or without
        its port), if such a host is known: configured, or with stubs
        or a twin. All else is for the root.
        """
        name, slash, rest = path[1:].partition("/")
        if self.knows(name.lower()):
            return name.lower(), slash + rest or "/"
        for name in (host.lower(), host.lower().rpartition(":")[0]) if host else ():
            if self.knows(name):
                return name, path
        return ROOT_HOST, path

    def knows(self, host: str) -> bool:
        """Whether this is a host here; in lower case."""
        return host in self._configured or host in self._hosts or host in self.twin_hosts

    @property
    def known_hosts(self) -> frozenset[str]:
        """All that it knows: the configured ones, and those with stubs or twins."""
        return self._configured | self._hosts | self.twin_hosts

    def answer(self, host: str, request: HttpRequest, *, serve: bool = True) -> Answer | None:
        """The answer to a request, which then is served; None if no stub answers it."""
        if (group := self._choose(host, request)) is None:
            return None
        if not serve:
            return group.peek().answer
        held = group.take()
        self._pending.pop(held.id, None)
        return held.answer

    def may_answer(self, host: str, request: HttpRequest) -> bool:
        """Whether there are stubs for a request of which the body is still to come."""
        return any(True for _ in self._candidates(host, request))

    def would_answer(self, host: str, request: HttpRequest) -> Left | None:
        """What would answer a request, which is not served."""
        if (group := self._choose(host, request)) is None:
            return None
        held = group.peek()
        return Left(held.id, held.stub, served=not group.waiting)

    def _choose(self, host: str, request: HttpRequest) -> Group | None:
        """The group of stubs whose turn it is."""
        best: Group | None = None
        best_rank: tuple[int, int, int] = (0, 0, 0)
        for group in self._candidates(host, request):
            stage, order = group.next()
            rank = (-group.specificity, stage, order)
            if stage > self._last_stage or (best and rank > best_rank):
                continue
            if not group.specificity or conditions_hold(group.stub, host, request):
                best, best_rank = group, rank
        return best

    def nearest(self, host: str, request: HttpRequest, limit: int = 3) -> list[NearMiss]:
        """The stubs that come nearest to a request, with the reasons why they do not answer it.

        The work is bounded: the newest routes, and those with the same path.
        """
        recent = islice(reversed(self._routes.items()), _NEAR_ROUTES)
        routes = {id(route): (key, route) for key, route in chain(recent, self._same_path(request))}
        closest = nsmallest(
            _NEAR, routes.values(), key=lambda each: segments_apart(each[0][2], request.path)
        )
        stubs = [
            group.stub
            for _, route in closest
            for group in islice(reversed(route.groups.values()), _NEAR)
        ]
        stubs += islice(self._shadows.stubs(), _NEAR)
        near = nsmallest(limit, stubs, key=lambda stub: distance(stub, host, request))
        return [NearMiss(str(stub), _why_not(stub, host, request)) for stub in near]

    def _hold(self, left: Left, *, own: bool) -> None:
        stub = left.stub
        key = (stub.host.lower(), stub.method, stub.path)
        if (route := self._routes.get(key)) is None:
            route = self._routes[key] = Route()
            self._paths.setdefault(stub.path, []).append(key)
            self._hosts.add(key[0])
        group = route.group(stub)
        held = Held(next(self._orders), left.id, stub, Answer(left.id, stub.response, stub.fault))
        if stub.kind == "kept":
            group.kept = held
        elif left.served:
            group.served = held
        else:
            group.queue(held, Stage.OWN if own else Stage.INHERITED)

    def _forget(self, key: tuple[str, str, str]) -> None:
        """A route without stubs."""
        del self._routes[key]
        self._paths[key[2]].remove(key)
        self._hosts = {host for host, _, _ in self._routes} | self.outages.hosts

    def _same_path(self, request: HttpRequest) -> Iterator[tuple[tuple[str, str, str], Route]]:
        keys = islice(reversed(self._paths.get(request.path, ())), _NEAR)
        return ((key, self._routes[key]) for key in keys)

    def _candidates(self, host: str, request: HttpRequest) -> Iterable[Group]:
        route = self._routes.get((host, request.method, request.path))
        groups = route.candidates(request.query) if route else ()
        shadow = self._shadows.group(host, request)
        return chain(groups, (shadow,)) if shadow else groups


def _why_not(stub: Stub, host: str, request: HttpRequest) -> tuple[Criterion, ...]:
    """The conditions of a stub that does not answer; if all are met, its queue is used up."""
    found = criteria(stub, host, request)
    if all(each.matched for each in found):
        found.append(_EXHAUSTED)
    return tuple(found)
