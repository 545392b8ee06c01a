"""Tuya's CancelOTATaskByDevice: signed calls, and the upgrade tasks that they cancel."""

from typing import Final

HOST: Final = "tuyacloud.com"
"""The host that the twin always answers for. Tuya gives each customer one below it."""
