"""FOTA jobs of the older generation."""

from __future__ import annotations

import pytest

from reference_service.fota import (
    Abort,
    CloudJob,
    CloudJobCreated,
    CloudJobSeen,
    CreateCloudJob,
    NothingLeft,
    PollCloudJob,
)
from reference_service.fota_older import Execution

NEW = Execution("01J861VKYH5QVD6QQ5YXXF20EF", "oob-1", "app", "A")
CREATED, _ = NEW.after(CloudJobCreated("A", "cloud-1", "then"))


def test_nothing_is_shown_before_nrf_cloud_has_given_it_an_id() -> None:
    assert NEW.next_step() == CreateCloudJob("A")
    assert NEW.view() is None


def test_created() -> None:
    assert CREATED.next_step() == PollCloudJob("cloud-1")
    assert CREATED.view() == {
        "id": "cloud-1",
        "deviceId": "oob-1",
        "status": "CREATED",
        "lastUpdatedAt": "then",
    }


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        ("CREATED", False),
        ("IN_PROGRESS", False),
        ("COMPLETED", True),
        ("FAILED", True),
        ("CANCELLED", True),
        ("TIMED_OUT", True),
        ("REJECTED", True),
    ],
)
def test_it_is_what_nrf_cloud_says(status: str, ends: bool) -> None:
    said = CloudJob("cloud-1", status, "detail", "later", "v2")
    told, _ = CREATED.after(CloudJobSeen(said, None))
    assert told.view() == {
        "id": "cloud-1",
        "deviceId": "oob-1",
        "status": status,
        "statusDetail": "detail",
        "lastUpdatedAt": "later",
        "version": "v2",
    }
    assert told.running is not ends
    assert (told.next_step() is None) is ends


def test_what_changes_nothing() -> None:
    for event in (
        Abort(),
        NothingLeft(),
        CloudJobSeen(CloudJob("another", "FAILED"), None),
        CloudJobCreated("A", "cloud-2", "later"),
    ):
        assert CREATED.after(event) == (CREATED, None)
    ended, _ = CREATED.after(CloudJobSeen(CloudJob("cloud-1", "COMPLETED"), None))
    assert ended.after(CloudJobSeen(CloudJob("cloud-1", "IN_PROGRESS"), None)) == (ended, None)
