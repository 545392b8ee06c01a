from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.http_text import HttpRequest, Pairs
from mock_nrfcloud.sisters.aws_iot import requests
from mock_nrfcloud.sisters.aws_iot.errors import ApiError


def asked(body: bytes | None = None, **query: str) -> HttpRequest:
    return HttpRequest("PUT", "/", tuple(query.items()), (), body)


@pytest.mark.parametrize("name", ["a", "a" * 64, "A-z_09"])
def test_what_is_the_id_of_a_job(name: str) -> None:
    requests.check_names(job=name)


@pytest.mark.parametrize("name", ["", "a" * 65, "a:b", "ä", "a\n", "٣", "$next"])
def test_what_is_no_id_of_a_job(name: str) -> None:
    with pytest.raises(ApiError, match="1 to 64 characters"):
        requests.check_names(job=name)


@pytest.mark.parametrize("name", ["a", "a" * 128, "urn:a-z_09"])
def test_what_is_the_name_of_a_thing(name: str) -> None:
    requests.check_names(thing=name)


@pytest.mark.parametrize("name", ["", "a" * 129, "a b", "a/b", "ä", "a\n"])
def test_what_is_no_name_of_a_thing(name: str) -> None:
    with pytest.raises(ApiError, match="1 to 128 characters"):
        requests.check_names(thing=name)


@pytest.mark.parametrize(
    "details",
    [
        None,
        {},
        {str(key): "value" for key in range(10)},
        {"a" * 128: "b" * 1024},
        {"a:b_c-9": "Ünï ☃ 🦉"},
    ],
)
def test_what_are_status_details(details: dict[str, str] | None) -> None:
    requests.check_details(details)


@pytest.mark.parametrize(
    ("details", "problem"),
    [
        ({str(key): "value" for key in range(11)}, "11 pairs: at most 10"),
        ({"": "a"}, "1 to 128 characters"),
        ({"a" * 129: "a"}, "1 to 128 characters"),
        ({"a b": "a"}, "1 to 128 characters"),
        ({"a": ""}, "1 to 1024 characters"),
        ({"a": "b" * 1025}, "1 to 1024 characters"),
        ({"a": "\x00"}, "control character"),
        ({"a": "line\nline"}, "control character"),
        ({"a": "\u200b"}, "control character"),
        ({"a": "\ud800"}, "control character"),
        ({"a": "\ue000"}, "control character"),
    ],
)
def test_what_are_no_status_details(details: dict[str, str], problem: str) -> None:
    with pytest.raises(ApiError, match=problem) as caught:
        requests.check_details(details)
    assert caught.value.name == "InvalidRequestException"


def test_half_of_a_character_could_not_be_told_of() -> None:
    target = b'{"targets": ["arn:aws:iot:us-east-1:123456789012:thing/t"], '
    with pytest.raises(ApiError, match="half of a character"):
        requests.body(asked(target + b'"document": "\\ud800"}'), requests.CreateJob)
    body = requests.body(asked(target + b'"document": "\\ud83e\\udd89"}'), requests.CreateJob)
    assert body.document == "🦉"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"a"',
        b"\xff",
        b'{"expectedVersion": "1"}',
        b'{"expectedVersion": 1.5}',
        b'{"expectedVersion": true}',
        b'{"expectedVersion": 9223372036854775808}',
        b'{"statusDetails": []}',
        b'{"statusDetails": {"a": 1}}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_body(body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        requests.body(asked(body), requests.CancelExecution)
    assert caught.value.name == "InvalidRequestException"


def test_members_that_are_not_known_make_no_difference() -> None:
    found = requests.body(asked(b'{"more": 1}'), requests.CancelExecution)
    assert found == requests.CancelExecution()
    assert requests.body(asked(), requests.CancelExecution) == requests.CancelExecution()


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    for kind in (requests.CreateJob, requests.UpdateExecution, requests.StartNext):
        try:
            assert isinstance(requests.body(asked(body), kind), kind)
        except ApiError:
            continue


@pytest.mark.parametrize(
    ("query", "force"), [((), False), ((("force", "true"),), True), ((("force", "false"),), False)]
)
def test_a_flag(query: Pairs, force: bool) -> None:
    assert requests.flag(HttpRequest("PUT", "/", query), "force") is force


def test_what_is_no_parameter() -> None:
    for refused in (
        lambda: requests.flag(asked(force="yes"), "force"),
        lambda: requests.number(asked(executionNumber="one"), "executionNumber"),
        lambda: requests.status(asked(status="CANCELLED")),
        lambda: requests.page(asked(maxResults="0"), []),
        lambda: requests.page(asked(maxResults="251"), []),
        lambda: requests.page(asked(nextToken="x"), []),
    ):
        with pytest.raises(ApiError) as caught:
            refused()
        assert caught.value.name == "InvalidRequestException"


@given(st.integers(0, 40), st.integers(1, 15))
def test_pages_together_are_the_list(length: int, size: int) -> None:
    every, found, token = list(range(length)), [], None
    while True:
        query = {"maxResults": str(size)} | ({"nextToken": token} if token else {})
        part, token = requests.page(asked(**query), every)
        found += part
        if token is None:
            break
        assert len(part) == size
    assert found == every


@pytest.mark.parametrize(
    ("arn", "problem"),
    [
        ("t", "no ARN of a thing"),
        ("arn:aws:s3:eu-west-1:123456789012:thing/t", "no ARN"),
        ("arn:aws:iot:eu-west-1:123456789012:thinggroup/g", "no groups"),
        ("arn:aws:iot:eu-west-1:123456789012:thing/a b", "thingName"),
    ],
)
def test_what_is_no_target(arn: str, problem: str) -> None:
    with pytest.raises(ApiError, match=problem):
        requests.target_thing(arn)


def test_a_target_is_a_thing_of_any_region() -> None:
    assert requests.target_thing("arn:aws-cn:iot:cn-north-1:123456789012:thing/a:b") == "a:b"
