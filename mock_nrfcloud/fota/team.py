"""The state of one account: its devices, bundles, jobs and executions, and how to find them.

Knows no rules. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar
from uuid import NAMESPACE_DNS, uuid5

from mock_nrfcloud.fota.entities import BulkOperation, Bundle, Device, Execution, Job
from mock_nrfcloud.fota.lifecycle import PENDING
from mock_nrfcloud.fota.shelf import Shelf, Thing


class Kept(NamedTuple):
    """What a feature leaves of an account."""

    key: str | None
    devices: Shelf[Device]
    bundles: Shelf[Bundle]
    jobs: Shelf[Job]
    bulk: Shelf[BulkOperation]
    executions: dict[str, Shelf[Execution]]


class Team:
    """An account. The executions of a job are on a shelf of its own, by device; those of a device
    are found by their jobs, the oldest first."""

    def __init__(self, name: str, key: str | None = None) -> None:
        self.name = name
        self.key = key
        self.id = str(uuid5(NAMESPACE_DNS, f"{name}.team.nrfcloud.com"))
        self.devices: Shelf[Device] = Shelf()
        self.bundles: Shelf[Bundle] = Shelf()
        self.jobs: Shelf[Job] = Shelf()
        self.bulk: Shelf[BulkOperation] = Shelf()
        self.executions: dict[str, Shelf[Execution]] = {}
        self.jobs_of: dict[str, list[str]] = {}
        """The jobs of which a device has executions, the oldest first."""
        self._pending: dict[str, list[str]] = {}

    @property
    def is_used(self) -> bool:
        """Whether there is anything in it, or a key for it."""
        return bool(self.key or self.devices or self.bundles or self.jobs)

    def execution(self, job_id: str, device_id: str) -> Execution | None:
        """The execution of a job on a device."""
        shelf = self.executions.get(job_id)
        return shelf.get(device_id) if shelf else None

    def first(self, device_id: str) -> Execution | None:
        """The oldest pending execution of a device, which blocks the newer ones."""
        pending = self._pending.get(device_id)
        return self.execution(pending[0], device_id) if pending else None

    def devices_with_pending(self) -> list[str]:
        """The IDs of the devices that have a pending execution."""
        return list(self._pending)

    def put(self, execution: Execution) -> None:
        """A new execution, or a change of one."""
        shelf = self.executions.setdefault(execution.job_id, Shelf())
        if shelf.get(execution.device_id) is None:
            self.jobs_of.setdefault(execution.device_id, []).append(execution.job_id)
            if execution.status in PENDING:
                self._pending.setdefault(execution.device_id, []).append(execution.job_id)
        elif execution.status not in PENDING:
            self._ended(execution)
        shelf.put(execution)

    def forget_job(self, job_id: str) -> None:
        """The executions of a job, which have all ended, are gone."""
        for execution in self.executions.pop(job_id, ()):
            self.jobs_of[execution.device_id].remove(job_id)

    def forget_device(self, device_id: str) -> list[Execution]:
        """The device and its executions are gone; these are they."""
        self.devices.remove(device_id)
        self._pending.pop(device_id, None)
        gone = [self.executions[each] for each in self.jobs_of.pop(device_id, ())]
        found = [each for shelf in gone if (each := shelf.get(device_id))]
        for shelf in gone:
            shelf.remove(device_id)
        return found

    def keep(self) -> Kept:
        """A copy, which never changes: the things in it never do."""
        shelves = {job: shelf.copy() for job, shelf in self.executions.items()}
        return Kept(
            self.key,
            self.devices.copy(),
            self.bundles.copy(),
            self.jobs.copy(),
            self.bulk.copy(),
            shelves,
        )

    def begin(self, kept: Iterable[Kept]) -> None:
        """Have what there is in copies. Of one thing in several of them that is taken which was
        changed last; a job comes with its executions."""
        kept = list(kept)
        self.key = next((each.key for each in reversed(kept) if each.key), None)
        self.devices = merged(each.devices for each in kept)
        self.bundles = merged(each.bundles for each in kept)
        self.bulk = merged(each.bulk for each in kept)
        self.jobs = merged(each.jobs for each in kept)
        found: list[Execution] = []
        for job in self.jobs:
            source = next(each for each in kept if each.jobs.get(job.id) is job)
            found += source.executions.get(job.id, ())
        for execution in sorted(found, key=lambda each: each.number):
            self.put(execution)

    def _ended(self, execution: Execution) -> None:
        pending = self._pending[execution.device_id]
        pending.remove(execution.job_id)
        if not pending:
            del self._pending[execution.device_id]


class Changing(Thing, Protocol):
    """A thing of which there may be a newer one."""

    @property
    def updated_at(self) -> float:
        """When it was changed last."""


C = TypeVar("C", bound=Changing)


def merged(shelves: Iterable[Shelf[C]]) -> Shelf[C]:
    """The things of several shelves; of one thing that which was changed last."""
    newest: dict[str, C] = {}
    for shelf in shelves:
        for thing in shelf:
            other = newest.get(thing.id)
            if other is None or thing.updated_at >= other.updated_at:
                newest[thing.id] = thing
    return Shelf(sorted(newest.values(), key=lambda each: each.number))
