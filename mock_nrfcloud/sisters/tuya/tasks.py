"""Upgrade tasks: one for each device in a batch, with its states as a table. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from harness.errors import BddError
from mock_nrfcloud.sisters.tuya.refusals import ILLEGAL, Refusal

MAX_TASKS: Final = 100_000


class Status(StrEnum):
    """The state of a task."""

    CONFIRM = "CONFIRM"
    """Pending confirmation."""
    QUEUED = "QUEUED"
    """Pending push."""
    NOTIFIED = "NOTIFIED"
    """Pushed."""
    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


TRANSITIONS: Final[Mapping[Status, tuple[Status, ...]]] = {
    Status.CONFIRM: (Status.QUEUED, Status.CANCELED),
    Status.QUEUED: (Status.NOTIFIED, Status.CANCELED),
    Status.NOTIFIED: (Status.IN_PROGRESS, Status.FAILED, Status.CANCELED),
    Status.IN_PROGRESS: (Status.SUCCEEDED, Status.FAILED),
    Status.SUCCEEDED: (),
    Status.FAILED: (),
    Status.CANCELED: (),
}
"""What may follow each state. A task can be cancelled until its device has begun."""

CANCELABLE: Final = frozenset(
    status for status, following in TRANSITIONS.items() if Status.CANCELED in following
)


class Task(NamedTuple):
    """Which task: the upgrade of a device to a firmware, in a batch (`job`)."""

    product: str
    firmware: str
    device: str
    job: str

    def __str__(self) -> str:
        batch = f" in the batch {self.job}" if self.job else ""
        return f"the firmware {self.firmware} for {self.device} of {self.product}{batch}"


class Tasks(dict[Task, Status]):
    """All tasks with their states."""

    def move(self, task: Task, status: Status) -> None:
        """Let a task be in a state; one that is not known yet begins in it.

        Raises BddError for what cannot follow the state that it is in.
        """
        known = self.get(task)
        if known is None and len(self) >= MAX_TASKS:
            raise BddError(f"there are {MAX_TASKS:,} tasks already", hint="use fewer")
        if known is not None and status is not known and status not in TRANSITIONS[known]:
            possible = ", ".join(TRANSITIONS[known])
            hint = f"it can become {possible}" if possible else "that is the end of it"
            raise BddError(f"{task} is {known} and cannot become {status}", hint=hint)
        self[task] = status

    def cancel(self, product: str, firmware: str, devices: Collection[str], job: str) -> None:
        """Cancel what the devices have not begun, of one batch if `job` is not empty.

        Raises Refusal for what is not known: then nothing is cancelled.
        """
        of_product = [task for task in self if task.product == product]
        if not of_product:
            raise Refusal(ILLEGAL, f"The product {product[:100]!r} does not exist.")
        of_firmware = [task for task in of_product if task.firmware == firmware]
        if not of_firmware:
            raise Refusal(ILLEGAL, f"The firmware {firmware[:100]!r} does not exist.")
        known = {task.device for task in of_product}
        for device in devices:
            if device not in known:
                raise Refusal(ILLEGAL, f"The device {device[:100]!r} does not exist.")
        of_batch = [task for task in of_firmware if job in ("", task.job)]
        if not of_batch:
            raise Refusal(ILLEGAL, f"The batch {job[:100]!r} does not exist.")
        named = set(devices)
        for task in of_batch:
            if task.device in named and self[task] in CANCELABLE:
                self[task] = Status.CANCELED

    def merge(self, others: Mapping[Task, Status]) -> None:
        """All tasks that there are elsewhere, too; what is known in both has gone on in one."""
        for task, status in others.items():
            known = self.get(task)
            if known is None or not _leads(status, known):
                self[task] = status

    def like(
        self, product: str | None, firmware: str | None, device: str | None, job: str | None
    ) -> Iterator[tuple[Task, Status]]:
        """The tasks with these parts; None is any."""
        wanted = (product, firmware, device, job)
        for task, status in self.items():
            if all(want in (None, part) for want, part in zip(wanted, task, strict=True)):
                yield task, status


def _leads(before: Status, after: Status) -> bool:
    """Whether a state can become another, in one step or more."""
    return any(each is after or _leads(each, after) for each in TRANSITIONS[before])
