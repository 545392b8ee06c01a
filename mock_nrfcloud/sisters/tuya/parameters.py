"""The parameters of a call: from the query, and from a form in the body of a POST. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl

from harness.core.http_text import HttpRequest
from mock_nrfcloud.sisters.tuya.refusals import ILLEGAL, Refusal

MAX_PARAMETERS: Final = 1000
MAX_DEVICES: Final = 200
"""How many devices one call may name."""

_DEVICE: Final = re.compile(r"DeviceName\.([1-9][0-9]{0,5})")
_FORM: Final = "application/x-www-form-urlencoded"


def parameters(request: HttpRequest) -> dict[str, str]:
    """All parameters by name. Raises Refusal: each may be there once."""
    found: dict[str, str] = {}
    for name, value in (*request.query, *_form(request)):
        if name in found:
            raise Refusal("InvalidParameter", f"The parameter {name[:100]!r} is given twice.")
        found[name] = value
    return found


def _form(request: HttpRequest) -> list[tuple[str, str]]:
    if request.method != "POST" or not request.body:
        return []
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise Refusal("InvalidParameter", f"The body is no form ({_FORM}).")
    body = request.body.decode(errors="replace")
    try:
        return parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        message = f"The body has more than {MAX_PARAMETERS:,} parameters."
        raise Refusal("InvalidParameter", message) from None


def needed(found: dict[str, str], name: str) -> str:
    """A parameter that must be there. Raises Refusal."""
    if value := optional(found, name):
        return value
    raise Refusal(ILLEGAL, f"{name} is mandatory for this action.")


def optional(found: dict[str, str], name: str) -> str:
    """A parameter, "" if it is not there. Tuya has two spellings: FirmwareId and FirmwareID."""
    plain, capital = found.get(name, ""), found.get(re.sub("Id$", "ID", name), "")
    if plain and capital and plain != capital:
        raise Refusal(ILLEGAL, f"{name} is given twice, as {plain[:100]!r} and {capital[:100]!r}.")
    return plain or capital


def device_names(found: dict[str, str]) -> list[str]:
    """DeviceName.1, DeviceName.2 and so on. Raises Refusal: 1 to 200 of them, none twice."""
    for name in found:
        if name.partition(".")[0] == "DeviceName" and not _DEVICE.fullmatch(name):
            raise Refusal(ILLEGAL, f"{name[:100]!r} is not numbered: write DeviceName.1.")
    names = [value for name, value in found.items() if _DEVICE.fullmatch(name)]
    if not names:
        raise Refusal(ILLEGAL, "DeviceName.1 is mandatory for this action.")
    if len(names) > MAX_DEVICES:
        raise Refusal(ILLEGAL, f"{len(names)} devices are too many: at most {MAX_DEVICES}.")
    if not all(names):
        raise Refusal(ILLEGAL, "A DeviceName is empty.")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Refusal(ILLEGAL, f"The device {twice[:100]!r} is named twice.")
    return names
