"""What steps ask, and what they are told if it is not so."""

from __future__ import annotations

import pytest

from harness.errors import BddError
from tests.mock_nrfcloud.fota.playing import Played


def test_a_job_is_as_it_should_be_or_it_is_told_how_it_is(played: Played) -> None:
    for number in range(30):
        played.device(f"d{number}")
    job = played.job(*(f"d{number}" for number in range(30)), name="mine")
    played.report("d0", job, "FAILED")
    found = played.do("job", name="mine", status="IN_PROGRESS", match='{"name": "mine"}')
    assert found["holds"]
    assert found["job"]["jobId"] == job
    reply = played.do("job", id=job, status="COMPLETED")
    assert reply["what"][0] == f"the job {job} is IN_PROGRESS, not COMPLETED"
    assert reply["what"][-2:] == [
        "  its executions: 24 QUEUED, 1 FAILED",
        "  5 devices wait for the next batches",
    ]
    reply = played.do("job", name="mine", detail="Empty job target")
    assert (
        reply["what"][0]
        == 'the detail of the job mine is "Job auto applied", not "Empty job target"'
    )
    assert not played.do("job", name="mine", match='{"name": "other"}')["holds"]
    reply = played.do("job", name="mien")
    assert reply == {
        "holds": False,
        "what": ["nRF Cloud does not know the job mien", '  did you mean "mine"?'],
    }
    with pytest.raises(BddError, match="it is not said which"):
        played.do("job", status="CREATED")
    with pytest.raises(BddError, match='did you mean "COMPLETED"'):
        played.do("job", name="mine", status="COMPLETE")


def test_the_newest_of_a_name(played: Played) -> None:
    jobs = [played.job(name="mine") for _ in range(2)]
    assert played.do("job", name="mine")["job"]["jobId"] == jobs[1]


def test_an_execution_is_as_it_should_be_or_it_is_told_how_it_is(played: Played) -> None:
    played.device("d1")
    assert played.do("execution", device="d1")["what"] == [
        "nRF Cloud does not know the execution for d1"
    ]
    assert played.do("execution", device="d11")["what"] == [
        "nRF Cloud does not know the device d11",
        '  did you mean "d1"?',
    ]
    older, newer = played.job("d1"), played.job("d1")
    assert played.do("execution", device="d1", status="QUEUED")["execution"]["jobId"] == newer
    played.report("d1", older, "DOWNLOADING", "3 of 4")
    reply = played.do("execution", device="d1", status="IN_PROGRESS")
    assert reply["what"][0] == "the execution for d1 is QUEUED, not IN_PROGRESS"
    assert reply["what"][-1] == (f"  before it comes that of the job {older}, which is DOWNLOADING")
    assert played.do("execution", device="d1", job=older, detail="3 of 4")["holds"]


def test_a_group_has_these_devices(played: Played) -> None:
    played.device("d1", tags=["field"])
    played.device("d2", tags=["field"])
    assert played.do("group", name="field") == {
        "devices": ["d1", "d2"],
        "gateways": {},
        "holds": True,
        "what": [],
    }
    assert played.do("group", name="field", devices=["d2", "d1"])["holds"]
    played.do("device", id="ble", gateway="hub", tags=["air"])
    assert played.do("group", name="air")["gateways"] == {"ble": "hub"}
    assert played.do("group", name="field", devices=["d2", "d3"])["what"] == [
        "the group field does not have the expected devices",
        "  missing: d3",
        "  not expected: d1",
    ]
    assert played.do("group", name="feild", devices=["d1"])["what"][-2:] == [
        "  nRF Cloud does not know the group feild",
        '    did you mean "field"?',
    ]
    assert played.do("group", name="empty", devices=[])["holds"]


def test_the_state_of_a_device(played: Played) -> None:
    played.device("d1", appVersion="1.0.0")
    match = '{"reported": {"device": {"deviceInfo": {"appVersion": "1.0.0"}}}}'
    assert played.do("state", device="d1", match=match)["holds"]
    reply = played.do("state", device="d1", match=match.replace("1.0.0", "2.0.0"))
    assert reply["what"][0] == "the state of d1 does not match what is expected"
    assert "2.0.0" in reply["what"][1]
    assert not played.do("state", device="none", match=match)["holds"]
