"""The REST APIs. CancelJobExecution follows its page of the API Reference, sentence by sentence."""

from __future__ import annotations

import pytest

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.sisters.aws_iot.texts import ARN
from tests.mock_nrfcloud.sisters.aws_iot.conftest import Service

CANCEL = "PUT /things/t/jobs/j/cancel"


def check_error(answer: HttpResponse, status: int, name: str) -> None:
    assert (answer.status, answer.header("x-amzn-ErrorType")) == (status, name)
    assert answer.header("x-amzn-RequestId")
    body = answer.json()
    assert isinstance(body, dict)
    assert body["message"]


def test_what_is_queued_is_cancelled(iot: Service) -> None:
    iot.now = 2000.0
    answer = iot.control(CANCEL)
    assert (answer.status, answer.body) == (200, b"")
    assert iot.execution() == {
        "jobId": "j",
        "status": "CANCELED",
        "forceCanceled": False,
        "statusDetails": {"detailsMap": {}},
        "thingArn": f"{ARN}:thing/t",
        "versionNumber": 2,
        "queuedAt": 1000.0,
        "lastUpdatedAt": 2000.0,
        "executionNumber": 1,
    }


def test_what_is_in_progress_needs_force(iot: Service) -> None:
    iot.do("report", job="j", thing="t", status="IN_PROGRESS")
    for refused in (CANCEL, f"{CANCEL}?force=false"):
        check_error(iot.control(refused), 409, "InvalidStateTransitionException")
    assert iot.execution()["versionNumber"] == 2
    assert iot.control(f"{CANCEL}?force=true").status == 200
    assert iot.execution()["forceCanceled"]
    late = iot.data("POST /things/t/jobs/j", {"status": "SUCCEEDED"})
    check_error(late, 409, "InvalidStateTransitionException")
    assert iot.execution()["status"] == "CANCELED"


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "REJECTED", "TIMED_OUT", "REMOVED"])
def test_what_has_ended_cannot_be_cancelled(iot: Service, status: str) -> None:
    iot.do("report", job="j", thing="t", status="IN_PROGRESS")
    iot.do("report", job="j", thing="t", status=status)
    check_error(iot.control(f"{CANCEL}?force=true"), 409, "InvalidStateTransitionException")
    assert iot.execution()["status"] == status


def test_another_version_is_a_conflict_that_tells_the_state(iot: Service) -> None:
    iot.do("report", job="j", thing="t", status="IN_PROGRESS", details={"step": "1"})
    answer = iot.control(f"{CANCEL}?force=true", {"expectedVersion": 1})
    check_error(answer, 409, "VersionConflictException")
    assert answer.json() == {
        "message": "The execution has the version 2, not 1",
        "code": "VersionMismatch",
        "executionState": {
            "status": "IN_PROGRESS",
            "statusDetails": {"step": "1"},
            "versionNumber": 2,
        },
    }
    assert iot.control(f"{CANCEL}?force=true", {"expectedVersion": 2}).status == 200


def test_details_are_replaced_or_stay(iot: Service) -> None:
    iot.do("create", job="k", things=["t"])
    for job in ("j", "k"):
        iot.do("report", job=job, thing="t", status="IN_PROGRESS", details={"step": "1"})
    iot.control(f"{CANCEL}?force=true", {"statusDetails": {"why": "recalled"}})
    iot.control("PUT /things/t/jobs/k/cancel?force=true")
    assert iot.execution("j")["statusDetails"] == {"detailsMap": {"why": "recalled"}}
    assert iot.execution("k")["statusDetails"] == {"detailsMap": {"step": "1"}}


@pytest.mark.parametrize(
    ("request_", "body", "status", "name"),
    [
        ("PUT /things/t/jobs/none/cancel", None, 404, "ResourceNotFoundException"),
        ("PUT /things/none/jobs/j/cancel", None, 404, "ResourceNotFoundException"),
        ("PUT /things/u/jobs/j/cancel", None, 404, "ResourceNotFoundException"),
        ("PUT /things/t%20t/jobs/j/cancel", None, 400, "InvalidRequestException"),
        (f"PUT /things/t/jobs/{'j' * 65}/cancel", None, 400, "InvalidRequestException"),
        (f"{CANCEL}?force=maybe", None, 400, "InvalidRequestException"),
        (CANCEL, b"{", 400, "InvalidRequestException"),
        (CANCEL, {"statusDetails": {"": "a"}}, 400, "InvalidRequestException"),
        (CANCEL, {"expectedVersion": 9}, 409, "VersionConflictException"),
    ],
)
def test_what_is_refused_changes_nothing(
    iot: Service, request_: str, body: object, status: int, name: str
) -> None:
    iot.do("thing", name="u")
    before = iot.execution()
    check_error(iot.control(request_, body), status, name)
    assert iot.execution() == before


def test_a_colon_arrives_escaped(iot: Service) -> None:
    iot.do("thing", name="a:b")
    iot.do("create", job="k", things=["a:b"])
    assert iot.control("PUT /things/a%3Ab/jobs/k/cancel").status == 200


def test_a_job_is_created_described_and_cancelled(iot: Service) -> None:
    iot.do("thing", name="u")
    targets = [f"{ARN}:thing/{name}" for name in ("t", "u", "t")]
    body = {"targets": targets, "document": "{}", "description": "new"}
    job = {"jobArn": f"{ARN}:job/k", "jobId": "k", "description": "new"}
    assert iot.control("PUT /jobs/k", body).json() == job
    check_error(iot.control("PUT /jobs/k", body), 409, "ResourceAlreadyExistsException")
    iot.do("report", job="k", thing="u", status="IN_PROGRESS")
    cancel = {"reasonCode": "RECALLED", "comment": "see the news"}
    assert iot.control("PUT /jobs/k/cancel", cancel).json() == job
    described = iot.control("GET /jobs/k").json()
    assert described == {
        "job": {
            **job,
            "targetSelection": "SNAPSHOT",
            "status": "CANCELED",
            "forceCanceled": False,
            "reasonCode": "RECALLED",
            "comment": "see the news",
            "targets": targets[:2],
            "createdAt": 1000.0,
            "lastUpdatedAt": 1000.0,
            "completedAt": 1000.0,
            "jobProcessDetails": {
                "numberOfCanceledThings": 1,
                "numberOfSucceededThings": 0,
                "numberOfFailedThings": 0,
                "numberOfRejectedThings": 0,
                "numberOfQueuedThings": 0,
                "numberOfInProgressThings": 1,
                "numberOfRemovedThings": 0,
                "numberOfTimedOutThings": 0,
            },
        }
    }
    check_error(iot.control("PUT /jobs/k/cancel?force=true"), 400, "InvalidRequestException")


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({}, 400, "InvalidRequestException"),
        ({"targets": [], "document": "{}"}, 400, "InvalidRequestException"),
        ({"targets": [f"{ARN}:thing/t"]}, 400, "InvalidRequestException"),
        (
            {
                "targets": [f"{ARN}:thing/t"],
                "document": "{}",
                "documentSource": "https://a.example",
            },
            400,
            "InvalidRequestException",
        ),
        (
            {"targets": [f"{ARN}:thing/t"], "document": "{}", "targetSelection": "ALL"},
            400,
            "InvalidRequestException",
        ),
        ({"targets": [f"{ARN}:thing/v"], "document": "{}"}, 404, "ResourceNotFoundException"),
    ],
)
def test_what_is_no_job(iot: Service, body: object, status: int, name: str) -> None:
    check_error(iot.control("PUT /jobs/k", body), status, name)
    check_error(iot.control("GET /jobs/k"), 404, "ResourceNotFoundException")


def test_a_document_can_be_elsewhere(iot: Service) -> None:
    body = {"targets": [f"{ARN}:thing/t"], "documentSource": "https://s3.example/job.json"}
    assert iot.control("PUT /jobs/k", body).status == 200
    described = iot.control("GET /jobs/k").json()
    assert isinstance(described, dict)
    assert described["documentSource"] == "https://s3.example/job.json"


def test_executions_are_described_and_listed(iot: Service) -> None:
    iot.do("thing", name="u")
    iot.do("create", job="k", things=["t", "u"])
    iot.do("report", job="k", thing="t", status="IN_PROGRESS")
    assert iot.control("GET /things/t/jobs/k").json() == {"execution": iot.execution("k")}
    assert iot.control("GET /things/t/jobs/k?executionNumber=1").status == 200
    other = iot.control("GET /things/t/jobs/k?executionNumber=2")
    check_error(other, 404, "ResourceNotFoundException")
    queued = {
        "status": "QUEUED",
        "queuedAt": 1000.0,
        "lastUpdatedAt": 1000.0,
        "executionNumber": 1,
    }
    assert iot.control("GET /things/t/jobs?maxResults=1").json() == {
        "executionSummaries": [{"jobId": "j", "jobExecutionSummary": queued}],
        "nextToken": "1",
    }
    assert iot.control("GET /jobs/k/things?status=QUEUED").json() == {
        "executionSummaries": [{"thingArn": f"{ARN}:thing/u", "jobExecutionSummary": queued}]
    }
    assert iot.control("GET /things/u/jobs?jobId=j").json() == {"executionSummaries": []}
    check_error(iot.control("GET /things/v/jobs"), 404, "ResourceNotFoundException")
    check_error(iot.control("GET /jobs/l/things"), 404, "ResourceNotFoundException")


def test_devices_start_and_update(iot: Service) -> None:
    iot.do("create", job="k", things=["t"], document='{"do": "blink"}')
    iot.now = 1001.25
    execution = {
        "jobId": "j",
        "thingName": "t",
        "jobDocument": "{}",
        "status": "IN_PROGRESS",
        "statusDetails": {"by": "me"},
        "versionNumber": 2,
        "queuedAt": 1000.0,
        "startedAt": 1001.25,
        "lastUpdatedAt": 1001.25,
        "executionNumber": 1,
    }
    start = "PUT /things/t/jobs/$next"
    for details in ({"by": "me"}, {"again": "and again"}):
        answer = iot.data(start, {"statusDetails": details})
        assert answer.json() == {"execution": execution}
    update = {"status": "SUCCEEDED", "expectedVersion": 2, "includeJobExecutionState": True}
    assert iot.data("POST /things/t/jobs/j", update).json() == {
        "executionState": {
            "status": "SUCCEEDED",
            "statusDetails": {"by": "me"},
            "versionNumber": 3,
        }
    }
    assert iot.do("job", id="j")["job"]["status"] == "COMPLETED"
    update = {"status": "REJECTED", "includeJobDocument": True}
    assert iot.data("POST /things/t/jobs/k", update).json() == {"jobDocument": '{"do": "blink"}'}
    assert iot.data(start).json() == {}


@pytest.mark.parametrize("status", ["QUEUED", "CANCELED", "TIMED_OUT", "REMOVED", "CANCELLED", ""])
def test_what_a_device_cannot_report(iot: Service, status: str) -> None:
    answer = iot.data("POST /things/t/jobs/j", {"status": status})
    assert 400 <= answer.status < 500
    assert iot.execution()["versionNumber"] == 1


@pytest.mark.parametrize(
    ("host", "scope", "is_data"),
    [
        ("aws-iot", "iot", False),
        ("aws-iot", "iot-jobs-data", True),
        ("aws-iot-data", "iot", True),
        ("iot.eu-west-1.amazonaws.com", "iot", False),
        ("data.jobs.iot.eu-west-1.amazonaws.com", "iot-jobs-data", True),
    ],
)
def test_the_host_and_the_signature_tell_the_planes_apart(
    iot: Service, host: str, scope: str, is_data: bool
) -> None:
    signed = (
        f"AWS4-HMAC-SHA256 Credential=AKID/20261121/eu-west-1/{scope}/aws4_request,"
        " SignedHeaders=host, Signature=0"
    )
    assert host in iot.twin.hosts
    for method, path, plane in (
        ("PUT", "/things/t/jobs/$next", True),
        ("GET", "/jobs/j", False),
    ):
        request = HttpRequest(method, path, (), (("Authorization", signed),))
        assert (iot.twin.answer(host, request) is not None) is (plane is is_data)
