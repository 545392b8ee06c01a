"""What steps ask of the FOTA twin: which commands they become."""

from __future__ import annotations

from typing import Any, cast

import pytest

from harness.capabilities.fota import Fota
from harness.capabilities.rest import Rest
from harness.capabilities.twins import Twins
from harness.core.ids import StoryIds
from harness.errors import StepFailure

JOB = "bc631093-7f7c-4c1b-aa63-a68c759bcd5c"


class Asked:
    """In place of Twins and Rest: what they are asked, without what has no value."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []
        self.sent: list[object] = []

    def do(self, twin: str, /, **command: object) -> dict[str, Any]:
        assert twin == "nrfcloud"
        self.commands.append({name: each for name, each in command.items() if each is not None})
        return {"job": {"jobId": JOB}}

    should = do

    def add_header(self, name: str, value: str) -> None:
        self.sent.append((name, value))

    def send(self, *request: object) -> None:
        self.sent.append(request)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def fota(asked: Asked) -> Fota:
    keys = {"default": "k1", "elite": "k2"}
    return Fota(cast(Twins, asked), cast(Rest, asked), keys, "http://mock", StoryIds(()))


def test_it_behaves_with_the_accounts_of_the_settings(fota: Fota, asked: Asked) -> None:
    fota.behave()
    assert asked.commands == [
        {"do": "start"},
        {"do": "account", "name": "default", "key": "k1"},
        {"do": "account", "name": "elite", "key": "k2"},
    ]


def test_many_devices_are_named_after_their_group(fota: Fota, asked: Asked) -> None:
    fota.know_many(2, "fleet", "APP, BOOT")
    assert asked.commands == [
        {"do": "device", "id": f"fleet-{each}", "tags": ["fleet"], "firmwareTypes": ["APP", "BOOT"]}
        for each in (1, 2)
    ]
    for count in (0, 1001):
        with pytest.raises(StepFailure, match="take 1 to 1,000"):
            fota.know_many(count, "fleet", None)


def test_jobs_go_by_id_or_by_name(fota: Fota, asked: Asked) -> None:
    fota.check_job(JOB, None, "CREATED", None)
    fota.check_job("update", "elite", "CREATED", "x")
    fota.check_execution("d1", "update", None, "QUEUED", None)
    fota.report(None, "FAILED", None, JOB, device="d1")
    assert asked.commands == [
        {"do": "job", "id": JOB, "status": "CREATED"},
        {"do": "job", "name": "update", "account": "elite", "status": "CREATED", "detail": "x"},
        {"do": "job", "name": "update"},
        {"do": "execution", "device": "d1", "job": JOB, "status": "QUEUED"},
        {"do": "report", "device": "d1", "job": JOB, "status": "FAILED", "detail": ""},
    ]


def test_a_block_goes_as_the_text_that_it_is(fota: Fota, asked: Asked) -> None:
    fota.match_job("update", None, '{"jobId": "#uuid"}')
    fota.match_shadow("d1", "elite", "{}")
    assert [each["match"] for each in asked.commands] == ['{"jobId": "#uuid"}', "{}"]
    with pytest.raises(StepFailure, match="not JSON"):
        fota.match_shadow("d1", None, "{")
    with pytest.raises(StepFailure, match="needs a code block"):
        fota.match_job("update", None, None)


def test_a_group_may_have_no_devices(fota: Fota, asked: Asked) -> None:
    fota.check_group("g", "d1, d2", None)
    fota.check_group("g", None, None)
    assert [each["devices"] for each in asked.commands] == [["d1", "d2"], []]


def test_nrf_cloud_is_called_with_the_key_of_an_account(fota: Fota, asked: Asked) -> None:
    fota.call("GET /v1/devices?a=b", None, None, "")
    fota.call("POST /v1/fota-jobs", "elite", "{}", "json")
    assert asked.sent == [
        ("Authorization", "Bearer k1"),
        ("GET", "http://mock/v1/devices?a=b", None, ""),
        ("Authorization", "Bearer k2"),
        ("POST", "http://mock/v1/fota-jobs", "{}", "json"),
    ]
    with pytest.raises(StepFailure, match="“elit” is not known: did you mean “elite”"):
        fota.call("GET /v1/devices", "elit", None, "")
    with pytest.raises(StepFailure, match="“GET” is no request"):
        fota.call("GET", None, None, "")


def test_lists_are_separated_by_commas(fota: Fota, asked: Asked) -> None:
    fota.know("d", types=" APP,, BOOT ", groups="a, c d")
    (known,) = asked.commands
    assert (known["firmwareTypes"], known["tags"]) == (["APP", "BOOT"], ["a", "c d"])
