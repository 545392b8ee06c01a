"""Who may call: what is wrong with the common parameters is told in the service's own codes."""

from __future__ import annotations

import pytest

from mock_nrfcloud.sisters.tuya import access
from tests.mock_nrfcloud.sisters.tuya.caller import NOW, Caller


@pytest.fixture
def caller() -> Caller:
    caller = Caller()
    caller.task("testDevice1")
    caller.task("testDevice2")
    return caller


@pytest.mark.parametrize(
    ("changed", "status", "code", "message"),
    [
        ({"Timestamp": ""}, 400, "MissingParameter", "Timestamp is mandatory for this action."),
        (
            {"SignatureNonce": ""},
            400,
            "MissingParameter",
            "SignatureNonce is mandatory for this action.",
        ),
        (
            {"SignatureMethod": "HMAC-SHA256"},
            400,
            "InvalidParameter",
            "SignatureMethod must be HMAC-SHA1, not 'HMAC-SHA256'.",
        ),
        (
            {"SignatureVersion": "2.0"},
            400,
            "InvalidParameter",
            "SignatureVersion must be 1.0, not '2.0'.",
        ),
        (
            {"Timestamp": "2024-11-19 09:47:43"},
            400,
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.",
        ),
        (
            {"Timestamp": "2024-13-19T09:47:43Z"},
            400,
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.",
        ),
        (
            {"AccessKeyId": "nobody"},
            404,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found.",
        ),
        ({"Format": "YAML"}, 400, "InvalidParameter", "Format must be JSON or XML."),
        ({"Action": ""}, 400, "MissingParameter", "Action is mandatory."),
        (
            {"Action": "CancelOTATask"},
            404,
            "InvalidAction.NotFound",
            "There is no action 'CancelOTATask'.",
        ),
    ],
)
def test_what_is_wrong_is_told(
    caller: Caller, changed: dict[str, str], status: int, code: str, message: str
) -> None:
    answer = caller.call(**changed)
    assert (answer["status"], answer["code"], answer["errorMessage"]) == (status, code, message)
    # What the published client looks for.
    assert (answer["Code"], answer["Message"]) == (code, message)
    assert caller.statuses(status="QUEUED") == ["QUEUED", "QUEUED"]


def test_a_signature_of_another_secret_does_not_match(caller: Caller) -> None:
    answer = caller.call(secret="another")
    assert (answer["status"], answer["code"]) == (400, "SignatureDoesNotMatch")
    assert "server string to sign is:GET&%2F&AccessKeyId%3Dtestid" in answer["errorMessage"]
    assert answer["errorMessage"].count(":") == 1
    assert "testsecret" not in str(answer)


def test_what_was_changed_after_it_was_signed_does_not_match(caller: Caller) -> None:
    for name, value in (("JobId", ""), ("DeviceName.2", "testDevice3")):
        response = caller.send({**caller.parameters(), name: value})
        assert response is not None
        assert response.status == 400
        assert b"SignatureDoesNotMatch" in response.body
    response = caller.send(caller.parameters(), method="POST")
    assert response is not None
    assert response.status == 400
    assert caller.statuses() == ["QUEUED", "QUEUED"]


def test_a_nonce_is_good_once(caller: Caller) -> None:
    parameters = caller.parameters()
    first, second = caller.send(parameters), caller.send(parameters)
    assert first is not None
    assert second is not None
    assert (first.status, second.status) == (200, 400)
    assert b"SignatureNonceUsed" in second.body


def test_a_nonce_is_not_used_up_by_a_wrong_signature(caller: Caller) -> None:
    caller.call(SignatureNonce="once", secret="another")
    assert caller.call(SignatureNonce="once")["success"]


@pytest.mark.parametrize(("off", "fine"), [(900, True), (-900, True), (901, False), (-901, False)])
def test_a_timestamp_may_be_off_by_a_quarter_of_an_hour(
    caller: Caller, off: float, fine: bool
) -> None:
    parameters = caller.parameters()
    caller.now = NOW + off
    response = caller.send(parameters)
    assert response is not None
    assert (response.status == 200) == fine
    assert (b"InvalidTimeStamp.Expired" in response.body) != fine


def test_nonces_are_forgotten_when_their_calls_are_too_old_anyway(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    nonces = caller.twin._state.access.nonces
    for _ in range(3):
        caller.call()
    assert len(nonces) == 3
    caller.now += 901
    caller.call()
    assert len(nonces) == 1
    monkeypatch.setattr(access, "MAX_NONCES", 2)
    for _ in range(3):
        caller.call()
    assert len(nonces) == 2
