"""The service's memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reference_service.devices import Device
from reference_service.fota import Job, Status
from reference_service.fota_older import Execution
from reference_service.location import Location
from reference_service.store import KEPT_JOBS, FingerprintTaken, Store, StoreError

DEVICE = Device("oob-1", "92b.y7i24q", "PCA20065", "default")


def job(number: int, status: Status = Status.NEW, device: str = "oob-1") -> Job:
    return Job(f"job-{number}", device, "app", {"2.0.0": "B", "1.0.0": "A"}, "", "2.0.0", status)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


def test_devices(store: Store) -> None:
    assert store.device("oob-1") is None
    assert store.device_with("92b.y7i24q") is None
    store.register(DEVICE)
    assert store.device("oob-1") == store.device_with("92b.y7i24q") == DEVICE
    changed = replace(DEVICE, fingerprint="92b.k3mn8q", account="other")
    store.register(changed)
    assert store.device_with("92b.y7i24q") is None
    assert store.device("oob-1") == store.device_with("92b.k3mn8q") == changed
    with pytest.raises(FingerprintTaken):
        store.register(replace(changed, id="oob-2"))
    assert store.device("oob-2") is None


def test_jobs_come_back_as_they_were(store: Store) -> None:
    saved = replace(job(1), status=Status.IN_PROGRESS, applied=("A",), cloud_job="c")
    older = Execution("older", "oob-1", None, "A", "c", "CREATED")
    store.add_job(job(1))
    store.save_job(saved)
    store.add_job(older)
    assert store.job("job-1") == saved
    assert store.job("older") == older
    assert store.job("none") is None
    assert store.running_jobs() == store.running_jobs("oob-1") == [saved, older]
    assert store.running_jobs("oob-2") == []


def test_the_list_is_of_the_generation_of_the_newest_job(store: Store) -> None:
    olders = [Execution(f"older-{number}", "oob-1", "app", "A") for number in range(2)]
    store.add_job(olders[0])
    store.add_job(job(1))
    store.add_job(job(2))
    store.add_job(job(3, device="oob-2"))
    assert store.jobs("oob-1", 10) == [job(2), job(1)]
    assert store.jobs("oob-1", 1) == [job(2)]
    store.add_job(olders[1])
    assert store.jobs("oob-1", 10) == olders[::-1]
    assert store.jobs("oob-3", 10) == []


def test_jobs_that_have_ended_are_forgotten_in_the_end(store: Store) -> None:
    store.add_job(job(0))
    store.add_job(job(1, Status.FAILED, "oob-2"))
    for number in range(2, KEPT_JOBS + 5):
        store.add_job(job(number, Status.SUCCEEDED))
    kept = store.jobs("oob-1", 1000)
    assert len(kept) == KEPT_JOBS + 1
    assert kept[-1] == job(0)
    assert store.job("job-1") is not None


def test_knowledge(store: Store) -> None:
    assert store.shadow("oob-1") is None
    assert store.wanted("oob-1") == []
    assert store.location("oob-1") is None
    location = Location(1, 2.5, 3.5, None, "GNSS")
    store.learn_shadow("oob-1", {"version": 1})
    store.learn_shadow("oob-1", {"version": 2, "text": "\ud800"})
    wanted = {"ObjectID": 1, "ObjectVersion": "1.0", "Resources": {"0": True}}
    store.learn_wanted("oob-1", [wanted])  # type: ignore[list-item] # a literal, seen as a dict
    store.learn_location("oob-1", location)
    assert store.shadow("oob-1") == {"version": 2, "text": "\ud800"}
    assert store.wanted("oob-1") == [wanted]
    assert store.location("oob-1") == location


def test_a_file_keeps_all(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite")
    first = Store(path)
    first.register(DEVICE)
    first.add_job(job(1))
    with pytest.raises(StoreError, match="locked"):
        Store(path)
    first.close()
    second = Store(path)
    assert second.device("oob-1") == DEVICE
    assert second.job("job-1") == job(1)
    second.close()


def test_files_that_are_not_ours(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("This is no database. " * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store(str(text))
    with pytest.raises(StoreError, match="cannot open"):
        Store(str(tmp_path))
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE t (x)")
    database.close()
    with pytest.raises(StoreError, match="not written by this version"):
        Store(str(other))
    assert text.read_text().startswith("This is no database.")
