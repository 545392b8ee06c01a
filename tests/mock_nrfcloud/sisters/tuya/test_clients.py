"""The clients of others against the twin in a mock that runs by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkiot.request.v20180120.CancelOTATaskByDeviceRequest import (
    CancelOTATaskByDeviceRequest,
)

from mock_nrfcloud.proxy.variables import variables
from mock_nrfcloud.sisters.tuya.signature import encoded_query, parameters_of, signed
from tests.mock_nrfcloud.sisters.tuya.caller import CALL
from tests.mock_nrfcloud.standalone import Running, running

HOST = "si-d6e8d8e2a58f4a8958054.tuyacloud.com"
SECRET = "nobody-may-read-this"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    bundle = tmp_path_factory.mktemp("proxy") / "ca.pem"
    with running("--proxy", "--ca-cert", str(bundle)) as mock:
        yield mock


@pytest.fixture
def mock(program: Running) -> Running:
    """With a key, and two tasks that are queued."""
    program.ask("/__admin/reset", {})
    command(program, do="start", host=HOST)
    command(program, do="key", id="testid", secret=SECRET)
    for device in CALL["DeviceName"]:
        command(program, do="task", product="k1nhvyl", firmware="168", device=device, job="1")
    return program


def command(mock: Running, **members: object) -> Any:
    status, reply = mock.ask("/__admin/twins/tuya", {"command": members})
    assert status == 200, reply
    return reply


def statuses(mock: Running) -> list[str]:
    return [each["status"] for each in command(mock, do="tasks")["reply"]["tasks"]]


def client(mock: Running, key: str = "testid", secret: str = SECRET) -> AcsClient:
    return AcsClient(key, secret, "cn-shanghai", auto_retry=False, port=urlsplit(mock.url).port)


def request(method: str = "POST", **changed: Any) -> CancelOTATaskByDeviceRequest:
    request = CancelOTATaskByDeviceRequest()
    request.set_endpoint("127.0.0.1")
    request.set_protocol_type("http")
    request.set_method(method)
    request.set_ProductKey("k1nhvyl")
    request.set_FirmwareId("168")
    request.set_DeviceNames(CALL["DeviceName"])
    for name, value in changed.items():
        getattr(request, f"set_{name}")(value)
    return request


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_published_client_cancels(mock: Running, method: str) -> None:
    told = json.loads(client(mock).do_action_with_exception(request(method, JobId="1")))
    assert (told["success"], told["code"]) == (True, "")
    assert statuses(mock) == ["CANCELED", "CANCELED"]


def test_the_published_client_sends_a_form(mock: Running) -> None:
    asked = request()
    asked.add_body_params("JobId", "1")
    assert json.loads(client(mock).do_action_with_exception(asked))["success"]
    assert statuses(mock) == ["CANCELED", "CANCELED"]


def test_the_published_client_is_told_what_the_api_refuses(mock: Running) -> None:
    told = json.loads(client(mock).do_action_with_exception(request(JobId="2")))
    assert told["code"] == "iot.system.IllegalRequest"
    assert told["errorMessage"] == "The batch '2' does not exist."
    assert statuses(mock) == ["QUEUED", "QUEUED"]


@pytest.mark.parametrize(
    ("key", "secret", "status", "code"),
    [
        # What this client makes of SignatureDoesNotMatch, if both have signed the same string.
        ("testid", "another", 400, "InvalidAccessKeySecret"),
        ("nobody", SECRET, 404, "InvalidAccessKeyId.NotFound"),
    ],
)
def test_the_published_client_raises_what_the_gateway_refuses(
    mock: Running, key: str, secret: str, status: int, code: str
) -> None:
    with pytest.raises(ServerException) as error:
        client(mock, key, secret).do_action_with_exception(request())
    assert (error.value.get_http_status(), error.value.get_error_code()) == (status, code)
    assert error.value.get_request_id()
    assert statuses(mock) == ["QUEUED", "QUEUED"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_documented_curl_line(mock: Running) -> None:
    parameters = signed("GET", parameters_of(CALL), "testid", SECRET, time.time(), uuid4().hex)
    url = f"https://{HOST}:8686/?{encoded_query(parameters)}"
    trusted = variables(mock.first["proxy"], Path(mock.first["ca_cert"]))
    answers = [
        json.loads(subprocess.check_output(["curl", "-sS", url], env={**os.environ, **trusted}))
        for _ in range(2)
    ]
    assert [each["success"] for each in answers] == [True, False]
    assert answers[1]["code"] == "SignatureNonceUsed"
    assert statuses(mock) == ["CANCELED", "CANCELED"]


def test_no_secret_is_shown(mock: Running) -> None:
    client(mock).do_action_with_exception(request())
    _, listed = mock.ask("/__admin/requests")
    query = listed["requests"][0]["request"]["queryParameters"]
    assert query["Signature"] == "[redacted]"
    assert query["AccessKeyId"] == "testid"
    assert SECRET not in json.dumps(listed)
