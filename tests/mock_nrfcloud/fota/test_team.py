"""The state of an account: how executions are found, and what comes of several copies."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mock_nrfcloud.fota.entities import Device, Document, Execution, Job
from mock_nrfcloud.fota.lifecycle import ExecutionStatus
from mock_nrfcloud.fota.shelf import Shelf
from mock_nrfcloud.fota.team import Team, merged

DOCUMENT = Document("APP*0123abcd*v1", "APP", "v1", 1, ("a",))


def device(name: str, number: int, updated_at: float = 0.0) -> Device:
    return Device(name, number, 0.0, updated_at, name)


def execution(job: str, number: int) -> Execution:
    return Execution(f"uuid-{number}", number, job, "d1", 0.0, 0.0)


def team() -> Team:
    """A team with a device that has two pending executions."""
    made = Team("acme")
    made.devices.put(device("d1", 1))
    for number, name in ((2, "older"), (3, "newer")):
        made.jobs.put(Job(name, number, 0.0, 0.0, name, name, DOCUMENT))
        made.put(execution(name, number + 10))
    return made


def test_the_oldest_pending_execution_is_the_first() -> None:
    made = team()
    first = made.first("d1")
    assert first == execution("older", 12)
    made.put(replace(first, status=ExecutionStatus.DOWNLOADING))
    assert made.first("d1") == replace(first, status=ExecutionStatus.DOWNLOADING)
    made.put(replace(first, status=ExecutionStatus.FAILED))
    assert made.first("d1") == execution("newer", 13)
    made.put(replace(execution("newer", 13), status=ExecutionStatus.CANCELLED))
    assert made.first("d1") is None
    assert made.jobs_of["d1"] == ["older", "newer"]
    made.forget_job("older")
    assert made.jobs_of["d1"] == ["newer"]


def test_a_device_leaves_with_its_executions() -> None:
    made = team()
    assert made.forget_device("d1") == [execution("older", 12), execution("newer", 13)]
    assert made.first("d1") is None
    assert made.execution("older", "d1") is None


def test_a_copy_stays_as_it_is_and_can_be_gone_on_with() -> None:
    made = team()
    kept = made.keep()
    made.forget_device("d1")
    other = Team("acme")
    other.begin([kept, kept])
    assert other.first("d1") == execution("older", 12)
    assert other.jobs_of["d1"] == ["older", "newer"]
    assert other.id == made.id


@given(
    st.lists(
        st.dictionaries(st.integers(1, 6), st.floats(0, 9, allow_nan=False), max_size=6),
        max_size=4,
    )
)
def test_of_several_that_is_taken_which_was_changed_last(
    copies: list[dict[int, float]],
) -> None:
    shelves = [
        Shelf(device(f"d{number}", number, at) for number, at in sorted(copy.items()))
        for copy in copies
    ]
    found = {each.number: each.updated_at for each in merged(shelves)}
    assert list(found) == sorted({number for copy in copies for number in copy})
    for number, at in found.items():
        assert at == max(copy[number] for copy in copies if number in copy)
