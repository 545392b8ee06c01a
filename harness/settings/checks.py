"""What one key of the settings says of another. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from harness.core import schema
from harness.core.braces import fill_values
from harness.core.schema import KeyPath, SchemaError
from harness.errors import SettingsError
from harness.settings.keys import ServiceSettings, Settings


def check(settings: Settings) -> None:
    """Raises SchemaError, with the key, for what does not go together."""
    if settings.service:
        _check_service(settings.service)
    _check_proxy(settings)
    _check_placeholders(settings)
    if settings.mock.url and settings.mock.openapi:
        what = "mock.openapi is for the mock in the harness, and mock.url names another"
        raise SchemaError(("mock", "openapi"), what, "start that one with --openapi")
    if settings.mock.url and settings.mqtt.broker != "embedded":
        what = "mqtt.broker is for the mock in the harness, and mock.url names another"
        raise SchemaError(("mqtt", "broker"), what, "start that one with --mqtt-url")
    devices = settings.devices
    if devices.registry == "dynamodb" and devices.table is None:
        raise SchemaError(("devices",), 'the registry "dynamodb" needs a table', 'set "table"')
    if devices.registry == "list" and not devices.listed:
        hint = "add [[devices.listed]] with id, fingerprint and model"
        raise SchemaError(("devices",), 'the registry "list" needs devices', hint)


def _check_proxy(settings: Settings) -> None:
    mock = settings.mock
    if not mock.proxy:
        if mock.forward:
            raise SchemaError(("mock", "forward"), "there is no proxy", 'set "proxy = true"')
        return
    if mock.url is not None:
        what = "a mock that runs elsewhere cannot be made a proxy from here"
        raise SchemaError(("mock", "proxy"), what, "start that with --proxy, and leave this out")
    if settings.service is None or settings.service.command is None:
        what = "there is no service.command that could be told of the proxy"
        raise SchemaError(("mock", "proxy"), what, "let the harness start the service")


def _check_placeholders(settings: Settings) -> None:
    """Placeholders that there will never be; what they stand for is known later."""
    known = dict.fromkeys(("python", "mock_url"), "")
    texts: dict[KeyPath, object] = {}
    if settings.service is not None:
        known |= dict.fromkeys(("service_url", "service_ws"), "")
        texts["service", "command"] = settings.service.command
        texts["service", "url"] = settings.service.url
        texts["service", "websocket"] = settings.service.websocket
        _check_texts(texts, {**known, "port": ""})
        known["service_version"] = ""
    _check_texts({("values", name): value for name, value in settings.values.items()}, known)


def _check_texts(texts: Mapping[KeyPath, object], known: Mapping[str, str]) -> None:
    for path, text in texts.items():
        try:
            fill_values(text, known, schema.dotted(path))
        except SettingsError as error:
            raise SchemaError(path, error.what, error.hint) from None


def _check_service(service: ServiceSettings) -> None:
    texts = (service.command or "", *service.env.values())
    if "{port}" in service.url and not any("{port}" in text for text in texts):
        raise SchemaError(
            ("service",),
            "the service is not told its {port}",
            "pass it in command or env, or set the url at which it is reached",
        )
    if service.command is not None:
        path = ("service", "command")
        try:
            words = shlex.split(service.command)
        except ValueError as error:
            what = f"service.command cannot be split into words: {error}"
            raise SchemaError(path, what, "close it") from None
        if not words:
            raise SchemaError(path, "service.command is blank", "write a command, or leave it out")
