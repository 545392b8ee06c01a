from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.simulator.messages import ask, read_execution, read_job, status, update
from harness.simulator.updating import Job, Report
from mock_nrfcloud.fota import messages
from mock_nrfcloud.fota.entities import FIRMWARE_HOST, Document
from mock_nrfcloud.fota.lifecycle import ExecutionStatus

JOB = Job("job", 10, "host", ("a/b", "c"))


def test_it_understands_what_nrf_cloud_says() -> None:
    document = Document(bundle_id="b", type="APP", size=7, version="1", uris=("t/b/one", "t/b/two"))
    _, payload = messages.notification("team", "d1", None, "job-1", document)
    assert read_job(payload) == ("", Job("job-1", 7, FIRMWARE_HOST, ("t/b/one", "t/b/two")))


@pytest.mark.parametrize(
    "report",
    [
        Report("job", ExecutionStatus.DOWNLOADING, percent=25),
        Report("job", ExecutionStatus.SUCCEEDED, "done"),
    ],
)
def test_nrf_cloud_understands_what_it_says(report: Report) -> None:
    said = messages.read("prod/team/d1/jobs/update", update(report))
    assert isinstance(said, messages.Update)
    detail = "25%" if report.percent else "done"
    assert (said.job, said.status, said.detail) == ("job", report.status, detail)
    assert status(report) == {"status": report.status, "details": detail}


def test_a_gateway_hears_and_speaks_for_its_devices() -> None:
    document = Document(bundle_id="b", type="APP", size=7, version="1", uris=("t/b/one",))
    topic, payload = messages.notification("team", "ble", "hub", "job", document)
    assert topic == "prod/team/hub/jobs/ble/rcv"
    assert read_job(payload, gateway=True) == ("ble", Job("job", 7, FIRMWARE_HOST, ("t/b/one",)))
    assert read_job(payload) == ("", None)
    report = Report("job", ExecutionStatus.DOWNLOADING, percent=25)
    said = messages.read("prod/team/hub/jobs/ble/update", update(report, "ble"))
    assert said == messages.Update("team", "hub", "ble", "job", report.status, "25%")
    asked = messages.read("prod/team/hub/jobs/ble/req", ask("ble"))
    assert asked == messages.Request("team", "hub", "ble")


def test_an_execution_tells_of_a_job() -> None:
    document = {"fileSize": 10, "host": "host", "path": "a/b c"}
    assert read_execution({"jobId": "job", "jobDocument": document}) == JOB
    assert read_execution({"jobId": "job", "jobDocument": {**document, "host": None}}) is None
    assert read_execution([]) is None


@given(
    st.binary()
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(
        lambda value: json.dumps(value).encode()
    )
)
def test_what_makes_no_sense_is_no_job(payload: bytes) -> None:
    assert read_job(payload)[1] is None or len(json.loads(payload)) == 5
    assert read_job(payload, gateway=True)[1] is None or len(json.loads(payload)) == 6


def test_deep_nesting_is_no_job() -> None:
    assert read_job(b"[" * 100_000) == ("", None)
