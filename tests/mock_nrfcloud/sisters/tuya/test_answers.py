"""Answers in both formats: the same members."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from mock_nrfcloud.sisters.tuya.answers import refused, success
from mock_nrfcloud.sisters.tuya.refusals import Refusal

WRONG = Refusal("SignatureDoesNotMatch", "<&> 'é'")
ILLEGAL = Refusal("iot.system.IllegalRequest", "no")


def test_a_success_is_that_of_the_page() -> None:
    response = success("A", "d2fce065", "")
    assert response.header("content-type") == "application/json"
    assert response.json() == {"code": "", "requestId": "d2fce065", "success": True}


def test_a_failure_of_the_api_is_told_in_a_body_of_its_own() -> None:
    response = refused(ILLEGAL, "A", "r", "JSON")
    assert response.status == 200
    assert response.json() == {
        "code": "iot.system.IllegalRequest",
        "errorMessage": "no",
        "requestId": "r",
        "success": False,
    }


@pytest.mark.parametrize(
    ("name", "xml", "json"),
    [
        ("AResponse", success("A", "r", "XML"), success("A", "r", "JSON")),
        ("AResponse", refused(ILLEGAL, "A", "r", "XML"), refused(ILLEGAL, "A", "r", "JSON")),
        ("Error", refused(WRONG, "A", "r", "XML"), refused(WRONG, "A", "r", "JSON")),
    ],
    ids=["success", "failure", "refusal"],
)
def test_xml_says_the_same_as_json(name, xml, json) -> None:  # type: ignore[no-untyped-def]
    root = ElementTree.fromstring(xml.body)
    assert root.tag == name
    said = {each.tag: each.text or "" for each in root}
    told = {
        key: str(value).lower() if value in (True, False) else value
        for key, value in json.json().items()
    }
    assert said == told
    assert xml.status == json.status
    assert xml.header("content-type") == "text/xml;charset=utf-8"
