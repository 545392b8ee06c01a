"""The settings of a run: the file nrfcloud-bdd.toml, the environment and `-D` values as one object.

Reads one file; starts and connects to nothing.
"""

from harness.settings.keys import (
    DEFAULT_ACCOUNT,
    AccountSettings,
    DeviceSettings,
    ListedDevice,
    MockSettings,
    MqttSettings,
    ReportSettings,
    RetrySettings,
    RunSettings,
    ServiceSettings,
    Settings,
    settings_table,
)
from harness.settings.loading import FILE_NAME, load

__all__ = [
    "DEFAULT_ACCOUNT",
    "FILE_NAME",
    "AccountSettings",
    "DeviceSettings",
    "ListedDevice",
    "MockSettings",
    "MqttSettings",
    "ReportSettings",
    "RetrySettings",
    "RunSettings",
    "ServiceSettings",
    "Settings",
    "load",
    "settings_table",
]
