"""All operations of the REST API."""

from __future__ import annotations

from typing import Final

from harness.core.http_text import HttpResponse
from mock_nrfcloud.fota.rest import account, devices, firmware, fota
from mock_nrfcloud.fota.rest.call import Call, ok
from mock_nrfcloud.fota.rest.openapi import document
from mock_nrfcloud.fota.rest.routing import Operations

OPERATIONS: Final = Operations(
    fota.OPERATIONS, devices.OPERATIONS, firmware.OPERATIONS, account.OPERATIONS
)
"""Of those that fit a request the first is taken."""


@OPERATIONS.operation("GET", "/v1/openapi.json", public=True)
def get_openapi(_call: Call) -> HttpResponse:
    """This document."""
    return ok(document(OPERATIONS))
