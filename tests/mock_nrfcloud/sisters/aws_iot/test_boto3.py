"""The AWS SDK for Python against the twin, over HTTP: what its users see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from harness.core.http_text import HttpResponse
from harness.drivers.loop import LoopThread
from mock_nrfcloud.client import CallPattern, InProcessMock
from mock_nrfcloud.proxy.variables import variables
from mock_nrfcloud.values import Outage
from tests.mock_nrfcloud.standalone import running

ARN = "arn:aws:iot:eu-west-1:123456789012:thing/pump:1"
EXECUTION = {"thingName": "pump:1", "jobId": "update-7"}
CANCEL = "/things/pump:1/jobs/update-7/cancel"


def client(service: str, url: str | None = None) -> Any:
    """A client of the SDK; without a URL it asks the real hosts."""
    return boto3.client(
        service,
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="no-secret",
        config=Config(retries={"total_max_attempts": 3, "mode": "standard"}),
    )


class Aws:
    """A mock with the twin, and clients for it."""

    def __init__(self, loop: LoopThread) -> None:
        self.loop = loop
        self.mock = InProcessMock()
        loop.call(self.mock.start())
        loop.call(self.mock.twin("aws-iot", {"do": "thing", "name": "pump:1"}))
        self._clients: list[Any] = []

    def client(self, service: str) -> Any:
        made = client(service, f"{self.mock.url}/aws-iot")
        self._clients.append(made)
        return made

    def fail(self, times: int, status: int, *headers: tuple[str, str]) -> None:
        response = HttpResponse(status, "", headers, b'{"code": 42900, "message": "Later"}')
        self.loop.call(self.mock.add_outage(Outage(times, response, host="aws-iot")))

    def times_cancelled(self) -> int:
        return len(self.loop.call(self.mock.calls(CallPattern("PUT", CANCEL, host="aws-iot"))))

    def close(self) -> None:
        for each in self._clients:
            each.close()
        self.loop.call(self.mock.stop())


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    # botocore waits a random time up to 1 s before it tries again.
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", _at_once)
    with LoopThread() as loop:
        aws = Aws(loop)
        try:
            yield aws
        finally:
            aws.close()


def _at_once(*_: object) -> float:
    return 0.0


@pytest.fixture
def iot(aws: Aws) -> Any:
    iot = aws.client("iot")
    iot.create_job(jobId="update-7", targets=[ARN], document="{}")
    return iot


def test_an_execution_is_cancelled(iot: Any) -> None:
    answer = iot.cancel_job_execution(**EXECUTION, statusDetails={"why": "recalled"})
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    execution = iot.describe_job_execution(**EXECUTION)["execution"]
    assert (execution["status"], execution["versionNumber"]) == ("CANCELED", 2)
    assert execution["statusDetails"] == {"detailsMap": {"why": "recalled"}}
    assert execution["lastUpdatedAt"] >= execution["queuedAt"]
    assert iot.describe_job(jobId="update-7")["job"]["status"] == "COMPLETED"


def test_the_planes_meet(aws: Aws, iot: Any) -> None:
    device = aws.client("iot-jobs-data")
    started = device.start_next_pending_job_execution(thingName="pump:1")["execution"]
    assert (started["jobId"], started["versionNumber"]) == ("update-7", 2)
    with pytest.raises(iot.exceptions.InvalidStateTransitionException, match="set force"):
        iot.cancel_job_execution(**EXECUTION)
    with pytest.raises(iot.exceptions.VersionConflictException):
        iot.cancel_job_execution(**EXECUTION, force=True, expectedVersion=1)
    iot.cancel_job_execution(**EXECUTION, force=True, expectedVersion=2)
    with pytest.raises(device.exceptions.InvalidStateTransitionException):
        device.update_job_execution(**EXECUTION, status="SUCCEEDED")
    assert device.start_next_pending_job_execution(thingName="pump:1").get("execution") is None
    (listed,) = iot.list_job_executions_for_thing(thingName="pump:1")["executionSummaries"]
    assert listed["jobExecutionSummary"]["status"] == "CANCELED"
    pages = iot.get_paginator("list_job_executions_for_job").paginate(jobId="update-7")
    assert [each["thingArn"].split("/")[1] for each in pages.search("executionSummaries[]")] == [
        "pump:1"
    ]


def test_conflicts_are_not_tried_again(aws: Aws, iot: Any) -> None:
    with pytest.raises(iot.exceptions.VersionConflictException, match="version 1, not 7"):
        iot.cancel_job_execution(**EXECUTION, expectedVersion=7)
    assert aws.times_cancelled() == 1


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("InvalidRequestException", {"statusDetails": {"a": "\n"}}),
        ("InvalidRequestException", {"jobId": "a" * 65}),
        ("InvalidRequestException", {"thingName": "a b"}),
        ("ResourceNotFoundException", {"jobId": "none"}),
        ("ResourceNotFoundException", {"thingName": "none"}),
    ],
)
def test_errors_have_their_classes(iot: Any, name: str, call: dict[str, Any]) -> None:
    with pytest.raises(getattr(iot.exceptions, name)):
        iot.cancel_job_execution(**EXECUTION | call)
    with pytest.raises(iot.exceptions.ResourceAlreadyExistsException):
        iot.create_job(jobId="update-7", targets=[ARN], document="{}")


@pytest.mark.parametrize(
    ("status", "name"), [(429, "ThrottlingException"), (503, "ServiceUnavailableException")]
)
def test_what_passes_is_tried_again(aws: Aws, iot: Any, status: int, name: str) -> None:
    aws.fail(2, status, ("x-amzn-ErrorType", name))
    iot.cancel_job_execution(**EXECUTION)
    assert aws.times_cancelled() == 3


@pytest.mark.parametrize(
    ("status", "name"), [(429, "ThrottlingException"), (503, "ServiceUnavailableException")]
)
def test_what_lasts_has_its_class(aws: Aws, iot: Any, status: int, name: str) -> None:
    aws.fail(3, status, ("x-amzn-ErrorType", name))
    with pytest.raises(getattr(iot.exceptions, name)):
        iot.cancel_job_execution(**EXECUTION)


def test_the_steps_on_faults_do_without_the_name(aws: Aws, iot: Any) -> None:
    aws.fail(2, 429)
    iot.cancel_job_execution(**EXECUTION)
    aws.fail(3, 503)
    with pytest.raises(ClientError):
        iot.describe_job(jobId="update-7")


def test_the_real_hosts_are_reached_by_the_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "ca.pem"
    with running("--proxy", "--ca-cert", str(bundle), "--twin", "aws-iot") as mock:
        command = {"do": "thing", "name": "pump:1"}
        mock.ask("/__admin/twins/aws-iot", {"command": command})
        for name, value in variables(mock.first["proxy"], bundle).items():
            monkeypatch.setenv(name, value)
        iot = client("iot")
        device = client("iot-jobs-data")
        try:
            iot.create_job(jobId="update-7", targets=[ARN], document="{}")
            device.start_next_pending_job_execution(thingName="pump:1")
            iot.cancel_job_execution(**EXECUTION, force=True)
            _, seen = mock.ask("/__admin/requests")
        finally:
            iot.close()
            device.close()
    hosts = [each["request"]["host"] for each in reversed(seen["requests"])]
    control, data = "iot.eu-west-1.amazonaws.com", "data.jobs.iot.eu-west-1.amazonaws.com"
    assert hosts == [control, data, control]
