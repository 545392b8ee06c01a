"""The signature of calls: the vector that is published, and what may not make a difference."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from hypothesis import given
from hypothesis import strategies as st

from mock_nrfcloud.sisters.tuya.signature import (
    encoded_query,
    parameters_of,
    percent_encoded,
    signature,
    signed,
    string_to_sign,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PARAMETERS = st.dictionaries(TEXT, TEXT, max_size=6)
PUBLISHED = {
    "Timestamp": "2016-02-23T12:46:24Z",
    "Format": "XML",
    "AccessKeyId": "testid",
    "Action": "DescribeRegions",
    "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
    "Version": "2014-05-26",
    "SignatureVersion": "1.0",
}


def test_the_published_vector() -> None:
    text = string_to_sign("GET", PUBLISHED)
    assert text.startswith("GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML")
    assert signature("testsecret", text) == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_a_call_is_signed_with_what_is_common() -> None:
    call = signed(
        "GET",
        {name: PUBLISHED[name] for name in ("Format", "Action", "Version")},
        "testid",
        "testsecret",
        1456231584.0,
        PUBLISHED["SignatureNonce"],
    )
    assert dict(call) == {**PUBLISHED, "Signature": "OLeaidS1JvxuMvnyHOwuJ+uX5qY="}


def test_what_is_given_of_the_common_parameters_stays() -> None:
    call = dict(signed("GET", {"Signature": "mine", "Timestamp": "then"}, "id", "s", 0.0, "n"))
    assert (call["Signature"], call["Timestamp"]) == ("mine", "then")


def test_empty_parameters_are_signed_and_the_signature_is_not() -> None:
    assert (
        string_to_sign("POST", {"b": "", "a": "*", "Signature": "x"}) == "POST&%2F&a%3D%252A%26b%3D"
    )


def test_lists_are_numbered() -> None:
    assert parameters_of({"DeviceName": ["a", "b"], "JobId": "1"}) == {
        "DeviceName.1": "a",
        "DeviceName.2": "b",
        "JobId": "1",
    }


@given(TEXT)
def test_what_is_encoded_is_unreserved_or_a_percent_sign_and_can_be_read(text: str) -> None:
    encoded = percent_encoded(text)
    assert re.fullmatch(r"([A-Za-z0-9_.~-]|%[0-9A-F]{2})*", encoded)
    assert unquote(encoded) == text


@given(PARAMETERS, st.randoms())
def test_the_order_makes_no_difference(parameters: dict[str, str], random: st.DataObject) -> None:
    shuffled = list(parameters.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert string_to_sign("GET", dict(shuffled)) == string_to_sign("GET", parameters)
    assert dict(parse_qsl(encoded_query(shuffled), keep_blank_values=True)) == parameters


@given(PARAMETERS, PARAMETERS)
def test_other_parameters_have_another_string(one: dict[str, str], other: dict[str, str]) -> None:
    for each in (one, other):
        each.pop("Signature", None)
    assert (string_to_sign("GET", one) == string_to_sign("GET", other)) == (one == other)
