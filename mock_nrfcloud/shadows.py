"""Device shadow data: one page for each device, combined where a request asks for several.

Only for mock_nrfcloud.stubs. Pure: no I/O, no clock. May import nothing but harness.core and
harness.errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud.routes import Answer, Group, Held
from mock_nrfcloud.values import ROOT_HOST, SHADOW_PATH, SHADOW_QUERY, Stub, device_ids

Page = Mapping[str, object]
"""A page of devices as nRF Cloud answers it: `{"items": […], "total": n}`."""

_JSON: Final = (("Content-Type", "application/json"),)


class Shadows:
    """The pages by device. A request for shadows behaves as if each page were a kept stub."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[int, Page]] = {}

    def set(self, device_id: str, page: Page, order: int) -> None:
        """The page of a device from now on. Raises BddError if it is none."""
        if not isinstance(page, Mapping) or not isinstance(page.get("items"), list):
            raise BddError(
                f"the shadow data for {device_id} has no array `items`",
                hint='write a page as nRF Cloud answers it: {"items": […], "total": 1}',
            )
        self._pages[device_id] = order, page

    def pages(self) -> tuple[tuple[str, Page], ...]:
        """All devices with their pages."""
        return tuple((device_id, page) for device_id, (_, page) in self._pages.items())

    def remove(self, device_id: str) -> bool:
        """Forget the page of a device; whether there was one."""
        return self._pages.pop(device_id, None) is not None

    def stubs(self) -> Iterator[Stub]:
        """The pages as the stubs that they behave like, the newest first."""
        return (shadow_stub(each, self._pages[each][1]) for each in reversed(self._pages))

    def group(self, host: str, request: HttpRequest) -> Group | None:
        """The known ones among the devices that a request asks for; None if it asks for none."""
        if (host, request.method, request.path) != (ROOT_HOST, "GET", SHADOW_PATH):
            return None
        if not set(SHADOW_QUERY) <= set(request.query):
            return None
        known = [each for each in device_ids(request.query) if each in self._pages]
        if not known:
            return None
        pages = [self._pages[each] for each in known]
        body = json.dumps(_combined([page for _, page in pages])).encode()
        answer = Answer("shadow:" + ",".join(known), HttpResponse(200, "", _JSON, body))
        newest = max(order for order, _ in pages)
        # That the device is among `deviceIds` is a condition too, already known to hold.
        stub = Stub("GET", SHADOW_PATH, answer.response, query=SHADOW_QUERY, kind="kept")
        return Group(stub, stub.specificity + 1, kept=Held(newest, answer.stub, stub, answer))


def shadow_stub(device_id: str, page: Page) -> Stub:
    """The stub that the page of a device behaves like."""
    query = (("deviceIds", device_id), *SHADOW_QUERY)
    response = HttpResponse(200, "", _JSON, json.dumps(page).encode())
    return Stub("GET", SHADOW_PATH, response, query=query, kind="kept")


def _combined(pages: Sequence[Page]) -> Page:
    """One page with the items of several; a single page stays as it was written."""
    if len(pages) == 1:
        return pages[0]
    items = [item for page in pages for item in cast("list[object]", page["items"])]
    return {"items": items, "total": len(items)}
