"""The index of stubs: routes by host, method and path, and groups of stubs that ask the same.

Only for mock_nrfcloud.stubs. Pure: no I/O, no clock. May import nothing but harness.core.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import chain
from random import Random

from harness.core.http_text import HttpResponse, Pairs
from mock_nrfcloud.faults import Fault, sent
from mock_nrfcloud.predicates import literal
from mock_nrfcloud.rendered import Rendered, render
from mock_nrfcloud.values import Stub, Violation


@dataclass(frozen=True)
class Answer:
    """What a request gets: the response, the ID of the stub that gave it, and what happens to it
    when it is sent. `problems` are what in the request is not as an OpenAPI document says."""

    stub: str
    response: HttpResponse
    fault: Fault | None = None
    problems: tuple[Violation, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes it takes in memory, about."""
        told = sum(200 + len(each.path) + len(each.what) for each in self.problems)
        return len(self.response.body) + told

    @cached_property
    def rendered(self) -> Rendered:
        """The response as it goes out."""
        return render(sent(self.response, self.fault))

    def settled(self, chance: Random) -> Answer:
        """With the delay that it has this time."""
        fault = self.fault and self.fault.settled(chance)
        return self if fault is self.fault else replace(self, fault=fault)


@dataclass(frozen=True, slots=True)
class Left:
    """A stub that a feature leaves to those that need it.

    `answered` is how often it has answered, `together` how often it and all those that ask for the
    same have, since they were added or inherited.
    """

    id: str
    stub: Stub
    served: bool
    answered: int = 0
    together: int = 0


@dataclass(slots=True)
class Held:
    """A stub in the store; the higher its order, the newer it is."""

    order: int
    id: str
    stub: Stub
    answer: Answer
    answered: int = 0


class Stage(IntEnum):
    """What a group gives next, in the order in which groups are asked."""

    OWN = 0
    INHERITED = 1
    KEPT = 2
    SERVED = 3


@dataclass(slots=True)
class Group:
    """The stubs with the same conditions, of which `stub` is one.

    `waiting` is a heap of the queued ones that are not yet served, `served` the newest that was.
    """

    stub: Stub
    specificity: int
    waiting: list[tuple[Stage, int, Held]] = field(default_factory=list)
    kept: Held | None = None
    served: Held | None = None
    answered: int = 0

    def queue(self, held: Held, stage: Stage) -> None:
        """Let a stub wait until it is served."""
        heappush(self.waiting, (stage, held.order, held))

    def next(self) -> tuple[Stage, int]:
        """Where its next answer comes from; the smaller, the sooner it is this group's turn.

        Of what waits the oldest comes first, of what is kept or was served the newest.
        """
        if self.waiting:
            return self.waiting[0][:2]
        if self.kept:
            return Stage.KEPT, -self.kept.order
        assert self.served, "no group is empty"
        return Stage.SERVED, -self.served.order

    def peek(self) -> Held:
        """Its next answer, which stays the next."""
        held = self.waiting[0][2] if self.waiting else self.kept or self.served
        assert held, "no group is empty"
        return held

    def take(self) -> Held:
        """Its next answer."""
        held = self.peek()
        held.answered += 1
        self.answered += 1
        if self.waiting:
            heappop(self.waiting)
            if not self.served or self.served.order < held.order:
                self.served = held
        return held

    def remove(self, stub_id: str) -> bool:
        """Forget a stub; whether it was here."""
        before = self.count()
        if any(held.id == stub_id for _, _, held in self.waiting):
            self.waiting = [each for each in self.waiting if each[2].id != stub_id]
            heapify(self.waiting)
        if self.kept and self.kept.id == stub_id:
            self.kept = None
        if self.served and self.served.id == stub_id:
            self.served = None
        return self.count() < before

    def count(self) -> int:
        """How many stubs it holds."""
        return len(self.waiting) + (self.kept is not None) + (self.served is not None)

    def left(self) -> Iterator[tuple[int, Left]]:
        """What it holds, with the order."""
        for _, _, each in self.waiting:
            yield each.order, self._left(each, served=False)
        for last in (self.kept, self.served):
            if last:
                yield last.order, self._left(last, served=True)

    def _left(self, held: Held, *, served: bool) -> Left:
        return Left(held.id, held.stub, served, held.answered, self.answered)


@dataclass(slots=True)
class Route:
    """The groups for one host, method and path.

    A group with a literal query parameter is found through one of those, the one which fewest
    other groups use.
    """

    groups: dict[tuple[object, ...], Group] = field(default_factory=dict)
    anchored: dict[tuple[str, str], list[Group]] = field(default_factory=dict)
    free: list[Group] = field(default_factory=list)

    def group(self, stub: Stub) -> Group:
        headers = sorted((name.lower(), value) for name, value in stub.headers)
        key = (*sorted(stub.query), None, *headers, stub.body, stub.predicate)
        if (group := self.groups.get(key)) is None:
            group = self.groups[key] = Group(stub, stub.specificity)
            anchors = [pair for pair in stub.query if literal(pair[1])]
            if anchors:
                anchor = min(anchors, key=lambda pair: len(self.anchored.get(pair, ())))
                self.anchored.setdefault(anchor, []).append(group)
            else:
                self.free.append(group)
        return group

    def remove(self, stub_id: str) -> bool:
        """Forget a stub, and its group if nothing is left of that; whether it was here."""
        for key, group in self.groups.items():
            if group.remove(stub_id):
                if not group.count():
                    del self.groups[key]
                    for held in (self.free, *self.anchored.values()):
                        held[:] = [each for each in held if each is not group]
                return True
        return False

    def candidates(self, query: Pairs) -> Iterable[Group]:
        """The groups that may match a request with this query."""
        if not self.anchored:
            return self.free
        found = (self.anchored.get(pair, ()) for pair in dict.fromkeys(query))
        return chain(self.free, *found)
