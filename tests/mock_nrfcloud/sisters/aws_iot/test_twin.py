"""The commands of the twin, and random lives of executions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from harness.errors import BddError
from mock_nrfcloud.sisters.aws_iot import twin
from mock_nrfcloud.sisters.aws_iot.lifecycle import TERMINAL, Status
from tests.mock_nrfcloud.sisters.aws_iot.conftest import Service


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ({"do": "thing", "name": "a b"}, "thingName 'a b' is not"),
        ({"do": "create", "job": "j", "things": ["t"]}, "The job j already exists"),
        ({"do": "create", "job": "k", "things": ["v"]}, "The thing v does not exist"),
        ({"do": "create", "job": "k", "things": []}, "create: things: Expected .* length >= 1"),
        ({"do": "create", "job": "k", "things": ["t"] * 101}, "length <= 100"),
        ({"do": "create", "job": "k:", "things": ["t"]}, "jobId 'k:' is not"),
        ({"do": "report", "job": "j", "thing": "t", "status": "CANCELLED"}, "did you mean"),
        ({"do": "report", "job": "j", "thing": "t", "status": "CANCELED"}, "cannot become"),
        ({"do": "report", "job": "j", "thing": "t", "status": "TIMED_OUT"}, "cannot become"),
        ({"do": "report", "job": "k", "thing": "t", "status": "FAILED"}, "job k does not exist"),
        ({"do": "job", "id": "j", "status": "CANCELLED"}, 'did you mean "CANCELED"'),
        ({"do": "excution"}, "did you mean"),
    ],
)
def test_what_cannot_be_done(iot: Service, command: dict[str, Any], problem: str) -> None:
    before = iot.twin.snapshot()
    with pytest.raises(BddError, match=problem):
        iot.twin.command(command)
    assert iot.twin.snapshot() == before


def test_questions_tell_why_they_do_not_hold(iot: Service) -> None:
    assert iot.do("job", id="j", status="IN_PROGRESS")["holds"]
    assert iot.do("job", id="k")["what"] == ["there is no AWS IoT job “k”"]
    assert iot.do("execution", job="j", thing="t", status="CANCELED")["what"] == [
        "the execution of the AWS IoT job “j” on the thing “t” is QUEUED, not CANCELED",
        '  it is: {"jobId": "j", "status": "QUEUED", "forceCanceled": false, "statusDetails":'
        ' {"detailsMap": {}}, "thingArn": "arn:aws:iot:us-east-1:123456789012:thing/t",'
        ' "versionNumber": 1, "queuedAt": 1000.0, "lastUpdatedAt": 1000.0, "executionNumber": 1}',
    ]
    (missing,) = iot.do("execution", job="j", thing="u")["what"]
    assert missing.endswith("on the thing “u”: The thing u does not exist")


def test_a_person_sees_what_there_is(iot: Service) -> None:
    iot.do("thing", name="a")
    shown = iot.do("show")
    assert shown["things"] == ["a", "t"]
    assert [(each["jobId"], each["status"]) for each in shown["jobs"]] == [("j", "IN_PROGRESS")]


def test_there_is_an_end_to_things(iot: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin, "MAX_THINGS", 1)
    with pytest.raises(BddError, match="at most 1 things"):
        iot.do("thing", name="u")


def test_there_is_an_end_to_jobs(iot: Service) -> None:
    for number in range(999):
        iot.do("create", job=f"j{number}", things=["t"])
    with pytest.raises(BddError, match="at most 1000 jobs"):
        iot.do("create", job="one-more", things=["t"])


def test_what_is_left_is_inherited_and_does_not_change(iot: Service) -> None:
    left = iot.twin.snapshot()
    iot.do("report", job="j", thing="t", status="FAILED")
    heir = Service()
    heir.twin.begin([left])
    assert heir.execution()["status"] == "QUEUED"
    for several in ([iot.twin.snapshot(), left], [left, iot.twin.snapshot()]):
        heir = Service()
        heir.twin.begin(several)
        assert heir.execution()["status"] == "FAILED", "what has ended stays so"
        assert heir.do("job", id="j")["job"]["status"] == "COMPLETED"
    iot.twin.received("any", b"thing")
    iot.twin.close()


THINGS = ("a", "b", "c")
JOBS = ("one", "two")
MAYBE_DETAILS = st.none() | st.just({"step": "1"})


class Life(RuleBasedStateMachine):
    """Jobs, devices and those who cancel, in any order, over the API."""

    def __init__(self) -> None:
        super().__init__()
        self.service = Service()
        self.seen: dict[tuple[str, str], tuple[str, int]] = {}

    @initialize()
    def begin(self) -> None:
        for thing in THINGS:
            self.service.do("thing", name=thing)
        targets = [f"arn:aws:iot:us-east-1:123456789012:thing/{thing}" for thing in THINGS]
        for job in JOBS:
            body = {"targets": targets, "document": "{}"}
            assert self.service.control(f"PUT /jobs/{job}", body).status == 200

    @rule(
        job=st.sampled_from(JOBS),
        thing=st.sampled_from(THINGS),
        force=st.booleans(),
        version=st.none() | st.integers(1, 4),
    )
    def cancel(self, job: str, thing: str, force: bool, version: int | None) -> None:
        before = self.service.execution(job, thing)
        path = f"PUT /things/{thing}/jobs/{job}/cancel?force={str(force).lower()}"
        body = {} if version is None else {"expectedVersion": version}
        status = self.service.control(path, body).status
        may = ("QUEUED", "IN_PROGRESS") if force else ("QUEUED",)
        allowed = before["status"] in may and version in (None, before["versionNumber"])
        assert status == (200 if allowed else 409)

    @rule(job=st.sampled_from(JOBS), force=st.booleans())
    def cancel_job(self, job: str, force: bool) -> None:
        status = self.service.control(f"PUT /jobs/{job}/cancel?force={str(force).lower()}").status
        assert status in (200, 400)

    @rule(thing=st.sampled_from(THINGS), details=MAYBE_DETAILS)
    def start(self, thing: str, details: dict[str, str] | None) -> None:
        body = {} if details is None else {"statusDetails": details}
        assert self.service.data(f"PUT /things/{thing}/jobs/$next", body).status == 200

    @rule(job=st.sampled_from(JOBS), thing=st.sampled_from(THINGS), status=st.sampled_from(Status))
    def report(self, job: str, thing: str, status: Status) -> None:
        answer = self.service.data(f"POST /things/{thing}/jobs/{job}", {"status": status})
        assert answer.status in (200, 409)

    @invariant()
    def what_has_ended_stays_and_versions_rise(self) -> None:
        for key, (status, version) in self.seen.items():
            now = self.service.execution(*key)
            if status in TERMINAL:
                assert (now["status"], now["versionNumber"]) == (status, version)
            assert (now["versionNumber"] > version) or now["status"] == status
        self.seen = {
            (job, thing): (now["status"], now["versionNumber"])
            for job in JOBS
            for thing in THINGS
            for now in [self.service.execution(job, thing)]
        }

    @invariant()
    def counts_add_up_and_jobs_end(self) -> None:
        for job in JOBS:
            told = self.service.do("job", id=job)["job"]
            assert sum(told["jobProcessDetails"].values()) == len(THINGS)
            statuses = [self.service.execution(job, thing)["status"] for thing in THINGS]
            over = all(status in TERMINAL for status in statuses)
            assert over or told["status"] != "COMPLETED"
            assert not over or told["status"] != "IN_PROGRESS"


TestLife = Life.TestCase
