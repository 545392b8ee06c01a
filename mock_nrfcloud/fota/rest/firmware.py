"""Firmware bundles over REST, and their files. Pure."""

from __future__ import annotations

import re
from typing import Final

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.fota import views
from mock_nrfcloud.fota.assumptions import MAX_UPLOADED_BYTES
from mock_nrfcloud.fota.bundles import content, uploaded
from mock_nrfcloud.fota.errors import NO_ENTITY, RANGE, ApiError, check_room, conflict, unknown
from mock_nrfcloud.fota.rest.call import Call, accepted, ok, paged
from mock_nrfcloud.fota.rest.routing import Operations
from mock_nrfcloud.fota.team import Team

OPERATIONS: Final = Operations()

_MODEM_TYPES: Final = ("MODEM", "MDM_FULL")
_RANGE: Final = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
_OCTETS: Final = (("Content-Type", "application/octet-stream"), ("Accept-Ranges", "bytes"))


@OPERATIONS.operation("GET", "/v1/firmwares")
def list_firmwares(call: Call) -> HttpResponse:
    """The firmware bundles."""
    bundles = call.account.team.bundles
    types = _MODEM_TYPES if call.flag("modemOnly") else None
    found, after = bundles.page(call.page(), lambda each: types is None or each.type in types)
    total = sum(types is None or each.type in types for each in bundles)
    return paged([views.bundle(each) for each in found], after, total)


@OPERATIONS.operation("POST", "/v1/firmwares")
def upload_firmware(call: Call) -> HttpResponse:
    """A new bundle, from a zip file."""
    team = call.account.team
    check_room(team.bundles, "bundles")
    bundle = uploaded(call.request.body or b"", call.account.agenda.now())
    if sum(each.size for each in team.bundles if each.is_uploaded) > MAX_UPLOADED_BYTES:
        raise conflict("There are too many bytes of firmware already: delete some")
    team.bundles.put(bundle)
    return ok({"uris": [f"{team.id}/{bundle.id}/{file}" for file in bundle.files]}, 202)


@OPERATIONS.operation("DELETE", "/v1/firmwares/{bundle}")
def delete_firmware(call: Call) -> HttpResponse:
    """Delete a bundle; jobs keep their document."""
    name = call.parts["bundle"]
    if call.account.team.bundles.get(name) is None:
        raise unknown("Bundle", name)
    call.account.team.bundles.remove(name)
    return accepted()


def download(teams: dict[str, Team], request: HttpRequest) -> HttpResponse | None:
    """A file of a bundle, or the part of it that is asked for (RFC 9110, 14.2); None for what is
    no path of such a file. Raises ApiError."""
    if request.method != "GET" or request.path.count("/") != 3:
        return None
    _, team_id, bundle_id, file = request.path.split("/")
    team = teams.get(team_id)
    bundle = team.bundles.get(bundle_id) if team else None
    data = content(bundle, file) if bundle else None
    if data is None:
        raise ApiError(NO_ENTITY, "There is no such firmware")
    asked = _RANGE.fullmatch(request.header("Range") or "")
    if asked is None:
        return HttpResponse(200, "", _OCTETS, data)
    start = int(asked[1])
    end = min(int(asked[2] or len(data)), len(data) - 1)
    if not start <= end:
        raise ApiError(RANGE, f"The file has {len(data)} bytes")
    part = ("Content-Range", f"bytes {start}-{end}/{len(data)}")
    return HttpResponse(206, "", (*_OCTETS, part), data[start : end + 1])
