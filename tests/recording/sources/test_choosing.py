"""Which calls of many are taken."""

from __future__ import annotations

import pytest

from harness.recording.model import Observed
from harness.recording.sources.choosing import Choice, choose
from tests.recording import calls
from tests.recording.calls import BEGIN, DEVICE, cloud

OTHER = cloud(1, "GET /v1/fota-jobs/another", {"jobId": "another"})
ACCOUNT = cloud(3, "GET /v1/account", "no JSON object")
FLOW = (OTHER, *calls.scheduling(), ACCOUNT)


def paths(chosen: tuple[Observed, ...]) -> set[str]:
    return {each.request.path for each in chosen}


def test_all_are_wanted_where_nothing_is_said() -> None:
    assert choose(FLOW, Choice()) == FLOW


def test_by_time() -> None:
    chosen = choose(FLOW, Choice(since=BEGIN + 2.05, until=BEGIN + 2.2))
    assert [each.at - BEGIN for each in chosen] == pytest.approx([2.05, 2.2])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/v1/account", {"/v1/account"}),
        ("/v1/acc", set()),
        (
            "/v1/fota-jobs/",
            {"/v1/fota-jobs", f"/v1/fota-jobs/{calls.CLOUD_JOB}", OTHER.request.path},
        ),
        ("/v1/*count", {"/v1/account"}),
    ],
)
def test_by_path(path: str, found: set[str]) -> None:
    assert paths(choose(FLOW, Choice(paths=(path,)))) == found


def test_by_device_with_its_jobs() -> None:
    assert choose(FLOW, Choice(devices=(DEVICE.id,))) == calls.scheduling()
