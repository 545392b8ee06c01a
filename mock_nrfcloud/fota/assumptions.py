"""What Nordic's documentation does not say, and how the twin decides it. Pure.

Each is a constant with its reason, or what it means; docs/fota-twin.md lists them.
"""

from __future__ import annotations

from typing import Final

from mock_nrfcloud.fota.lifecycle import ExecutionStatus

UNKNOWN_KEY: Final = 40100
"""The error code for an API key that no account has (HTTP status 401)."""
CONFLICT: Final = 40900
"""The error code for what the state of a job or an execution does not allow (409)."""
VERSION_MISMATCH: Final = 41200
"""The error code for an `If-Match` that is not the version of the shadow (412)."""
NOTHING_PENDING: Final = 40499
"""The error code of `…/current` for a device without a pending execution (404)."""
TOO_LARGE: Final = 41300
"""The error code for a state or a firmware that is too large (413)."""

ROLLOUT_SECONDS: Final = 10.0
"""How long after a batch of executions the next one follows."""
DELETION_SECONDS: Final = 60.0
"""How long a deleted job can still be asked for by its ID, as DELETION_IN_PROGRESS."""
BULK_SECONDS: Final = 5.0
"""How long a bulk operation takes: the devices of a CSV file are there after that."""
MAX_GATEWAYS: Final = 10
"""How many gateways the Bluetooth LE devices of one job may be connected to."""
RETRIED: Final = frozenset({ExecutionStatus.FAILED})
"""The statuses whose devices get a retry job: `failed` is taken literally."""
MAX_STATE_BYTES: Final = 32 * 1024
"""How large a device's reported and desired state may be, each, as JSON."""
MAX_STATE_DEPTH: Final = 16
"""How deep the objects and arrays of a device's state may be nested."""
MAX_THINGS: Final = 100_000
"""How many devices an account may have, and how many jobs, bundles and bulk operations."""
MAX_UPLOADED_BYTES: Final = 128 * 1024 * 1024
"""How large the bundles may be together that were uploaded to an account."""
MAX_DETAIL: Final = 1024
"""How long the texts may be that clients and devices give: names, descriptions, details."""
MAX_FIRMWARE_BYTES: Final = 16 * 1024 * 1024
"""How large the files of a bundle may be together."""

TYPE_CODES: Final = {
    "APP": 0,
    "MODEM": 1,
    "BOOT": 2,
    "SOFTDEVICE": 3,
    "BOOTLOADER": 4,
    "MDM_FULL": 5,
    "SMP": 6,
    "CUSTOM": 7,
}
"""The numbers of firmware types in MQTT messages; documented are those of APP, MODEM, BOOT and
MDM_FULL."""
VERSION_MEMBERS: Final = {"APP": "appVersion", "MODEM": "modemFirmware"}
"""Where in `device.deviceInfo` of the reported state the version stands that an update changes;
documented is that it does for APP and MODEM."""

PLAN: Final = "PRO"
"""The plan of every account."""
MQTT_ENDPOINT: Final = "mqtt.nrfcloud.com"
"""The MQTT host that an account is told."""
GROUND_FIX: Final = {"lat": 63.4213, "lon": 10.4372, "uncertainty": 300.0, "fulfilledWith": "MCELL"}
"""Where every device is, if it asks by cells or Wi-Fi."""
