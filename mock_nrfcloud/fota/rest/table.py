"""All operations of the REST API."""

from __future__ import annotations

from typing import Final

from mock_nrfcloud.fota.rest import account, devices, firmware, fota
from mock_nrfcloud.fota.rest.routing import Operations

OPERATIONS: Final = Operations(
    fota.OPERATIONS, devices.OPERATIONS, firmware.OPERATIONS, account.OPERATIONS
)
"""Of those that fit a request the first is taken."""
