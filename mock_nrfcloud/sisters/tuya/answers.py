"""What a call is answered with, in JSON or XML. Pure."""

from __future__ import annotations

import json
from typing import Final
from xml.etree import ElementTree

from harness.core.http_text import HttpResponse
from mock_nrfcloud.sisters.tuya.refusals import OF_THE_GATEWAY, Refusal

FORMATS: Final = ("JSON", "XML")
Members = dict[str, str | bool]


def success(action: str, request_id: str, form: str) -> HttpResponse:
    """The call has done what it should."""
    members: Members = {"code": "", "requestId": request_id, "success": True}
    return _answer(200, f"{action}Response", members, form)


def refused(refusal: Refusal, action: str, request_id: str, form: str) -> HttpResponse:
    """The call has changed nothing.

    What the gateway refuses also has the names that clients of its signature look for.
    """
    members: Members = {
        "code": refusal.code,
        "errorMessage": refusal.message,
        "requestId": request_id,
        "success": False,
    }
    if refusal.code not in OF_THE_GATEWAY:
        return _answer(refusal.status, f"{action}Response", members, form)
    members |= {"Code": refusal.code, "Message": refusal.message, "RequestId": request_id}
    return _answer(refusal.status, "Error", members, form)


def _answer(status: int, name: str, members: Members, form: str) -> HttpResponse:
    if form != "XML":
        body = json.dumps(members, ensure_ascii=False).encode()
        return HttpResponse(status, headers=(("Content-Type", "application/json"),), body=body)
    root = ElementTree.Element(name)
    for member, value in members.items():
        text = value if isinstance(value, str) else str(value).lower()
        ElementTree.SubElement(root, member).text = text
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(status, headers=(("Content-Type", "text/xml;charset=utf-8"),), body=body)
