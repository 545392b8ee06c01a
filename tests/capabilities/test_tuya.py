"""Calls of Tuya's API, and access keys whose secrets are not shown."""

from __future__ import annotations

from random import Random
from typing import cast
from urllib.parse import parse_qsl

import pytest

from harness.capabilities.rest import Rest
from harness.capabilities.tuya import Tuya
from harness.capabilities.twins import Twins
from harness.capabilities.values import Values
from harness.core.ids import StoryIds
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.errors import StepFailure
from mock_nrfcloud.client import InProcessMock


class Sent:
    """In place of Rest: what is sent."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str | None, str]] = []

    def send(self, method: str, url: str, body: str | None, kind: str) -> None:
        self.requests.append((method, url, body, kind))


class Bench:
    """The capability, beside a mock that does not listen."""

    def __init__(self, loop: LoopThread) -> None:
        self.sent = Sent()
        self.secrets: list[str] = []
        values = Values({"s": "testsecret", "n": 1}, lambda: 0, Random(0), StoryIds(()))
        self.tuya = Tuya(
            Twins(loop, InProcessMock(), Budgets(), Redactor),
            cast(Rest, self.sent),
            values,
            "http://mock",
            self.secrets.append,
        )


@pytest.fixture
def bench(loop: LoopThread) -> Bench:
    return Bench(loop)


def test_a_call_is_signed_and_posted(bench: Bench) -> None:
    bench.tuya.know("first", "s")
    bench.tuya.know("second", None)
    bench.tuya.call("A", {"DeviceName": ["d1", "d 2"], "Timestamp": "now"})
    ((method, url, body, kind),) = bench.sent.requests
    assert (method, body, kind) == ("POST", None, "")
    target, _, query = url.partition("?")
    assert target == "http://mock/tuyacloud.com/"
    sent = dict(parse_qsl(query))
    assert sent["AccessKeyId"] == "second"
    assert (sent["Action"], sent["Timestamp"]) == ("A", "now")
    assert (sent["DeviceName.1"], sent["DeviceName.2"]) == ("d1", "d 2")
    assert sent["Signature"]


def test_a_secret_is_hidden(bench: Bench) -> None:
    bench.tuya.know("first", "s & '1'")
    bench.tuya.know("second", None)
    assert bench.secrets == ["testsecret1"]


@pytest.mark.parametrize("expression", ["n", "nothing"])
def test_a_secret_is_a_text(bench: Bench, expression: str) -> None:
    with pytest.raises(StepFailure, match=f"`{expression}` is no text"):
        bench.tuya.know("first", expression)
    assert bench.secrets == []


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        (["p"], "the parameters are not a JSON object"),
        ({"FirmwareId": 168}, "FirmwareId is neither a text nor a list of texts"),
        ({"DeviceName": ["a", None]}, "DeviceName is neither a text nor a list of texts"),
    ],
)
def test_parameters_are_texts(bench: Bench, parameters: object, problem: str) -> None:
    bench.tuya.know("first", None)
    with pytest.raises(StepFailure, match=problem):
        bench.tuya.call("A", parameters)
    assert bench.sent.requests == []
