"""Upgrade tasks: which states may follow each other, and which of them a call cancels."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.errors import BddError
from mock_nrfcloud.sisters.tuya import tasks as module
from mock_nrfcloud.sisters.tuya.refusals import Refusal
from mock_nrfcloud.sisters.tuya.tasks import CANCELABLE, TRANSITIONS, Status, Task, Tasks

DEVICES = ("d1", "d2", "d3")
FIRMWARES = ("f1", "f2")
JOBS = ("", "j1", "j2")


def test_pending_and_pushed_tasks_can_be_cancelled() -> None:
    assert {Status.CONFIRM, Status.QUEUED, Status.NOTIFIED} == CANCELABLE


def test_an_illegal_transition_changes_nothing() -> None:
    tasks = Tasks()
    task = Task("p", "f", "d", "j")
    tasks.move(task, Status.IN_PROGRESS)
    with pytest.raises(BddError) as error:
        tasks.move(task, Status.QUEUED)
    assert str(error.value) == (
        "the firmware f for d of p in the batch j is IN_PROGRESS and cannot become QUEUED: it"
        " can become SUCCEEDED, FAILED"
    )
    tasks.move(task, Status.FAILED)
    with pytest.raises(BddError, match="that is the end of it"):
        tasks.move(task, Status.CANCELED)
    assert tasks == {task: Status.FAILED}


def test_there_is_an_end_to_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TASKS", 1)
    tasks = Tasks()
    tasks.move(Task("p", "f", "d", ""), Status.QUEUED)
    tasks.move(Task("p", "f", "d", ""), Status.NOTIFIED)
    with pytest.raises(BddError, match="there are 1 tasks already"):
        tasks.move(Task("p", "f", "d2", ""), Status.QUEUED)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (("q", "f", ["d"], ""), "The product 'q' does not exist."),
        (("p", "g", ["d"], ""), "The firmware 'g' does not exist."),
        (("p", "f", ["d", "e"], ""), "The device 'e' does not exist."),
        (("p", "f", ["d"], "k"), "The batch 'k' does not exist."),
    ],
)
def test_what_is_not_known_is_refused_and_nothing_changes(
    call: tuple[str, str, list[str], str], message: str
) -> None:
    tasks = Tasks({Task("p", "f", "d", "j"): Status.QUEUED})
    with pytest.raises(Refusal) as refusal:
        tasks.cancel(*call)
    assert refusal.value.message == message
    assert list(tasks.values()) == [Status.QUEUED]


@pytest.mark.parametrize(
    ("known", "other", "merged"),
    [
        (None, Status.CONFIRM, Status.CONFIRM),
        (Status.QUEUED, Status.QUEUED, Status.QUEUED),
        (Status.QUEUED, Status.FAILED, Status.FAILED),
        (Status.CANCELED, Status.CONFIRM, Status.CANCELED),
        (Status.CANCELED, Status.SUCCEEDED, Status.SUCCEEDED),
    ],
)
def test_of_two_states_of_a_task_the_one_counts_that_has_gone_on(
    known: Status | None, other: Status, merged: Status
) -> None:
    task = Task("p", "f", "d", "j")
    tasks = Tasks({} if known is None else {task: known})
    tasks.merge({task: other})
    assert tasks == {task: merged}


class Life(RuleBasedStateMachine):
    """Tasks move and are cancelled at random."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks = Tasks()
        self.ended: dict[Task, Status] = {}

    @rule(
        device=st.sampled_from(DEVICES),
        firmware=st.sampled_from(FIRMWARES),
        job=st.sampled_from(JOBS),
        status=st.sampled_from(Status),
    )
    def move(self, device: str, firmware: str, job: str, status: Status) -> None:
        task = Task("p", firmware, device, job)
        before = self.tasks.get(task)
        try:
            self.tasks.move(task, status)
        except BddError:
            assert before is not None
            assert self.tasks[task] is before
            assert status not in TRANSITIONS[before]
        else:
            assert self.tasks[task] is status

    @rule(
        devices=st.lists(st.sampled_from(DEVICES), min_size=1, unique=True),
        firmware=st.sampled_from(FIRMWARES),
        job=st.sampled_from(JOBS),
    )
    def cancel(self, devices: list[str], firmware: str, job: str) -> None:
        before = dict(self.tasks)
        try:
            self.tasks.cancel("p", firmware, devices, job)
        except Refusal:
            assert self.tasks == before
            return
        for task, status in before.items():
            meant = task.device in devices and task.firmware == firmware and job in ("", task.job)
            expected = Status.CANCELED if meant and status in CANCELABLE else status
            assert self.tasks[task] is expected

    @invariant()
    def what_has_ended_stays(self) -> None:
        for task, status in self.ended.items():
            assert self.tasks[task] is status
        self.ended |= {task: at for task, at in self.tasks.items() if not TRANSITIONS[at]}


TestLife = Life.TestCase
