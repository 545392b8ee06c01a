"""Reads the settings file, and puts together what it, the environment and `-D` values say."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.core import schema
from harness.core.schema import SchemaError
from harness.core.toml_text import key_lines, read_toml
from harness.errors import Place, SettingsError
from harness.settings.checks import check
from harness.settings.keys import DEFAULT_ACCOUNTS, RetrySettings, Settings

FILE_NAME = "nrfcloud-bdd.toml"
"""Stands beside behave.ini."""
MAX_FILE = 256 * 1024
"""Bytes of the largest settings file."""


def load(
    path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, object]
) -> Settings:
    """The settings of a run; the defaults if `path` is None or is not there.

    `overrides` are the `-D` values, which are texts, and those of pytest's fixtures, which are
    JSON. Each is a value of the scenarios, but for `retry_scale` and `report_directory`: they stand
    for the keys retry.scale and report.directory.
    Raises SettingsError with the file and the line of what is wrong.
    """
    text = _read_file(path) if path else ""
    root = path.parent if path else Path()
    try:
        settings = _read(text, str(path))
    except RecursionError:
        raise SettingsError("it is nested too deeply", Place(str(path), 1)) from None
    settings = _overridden(settings, overrides)
    service = settings.service and replace(settings.service, cwd=root / settings.service.cwd)
    settings = replace(
        settings,
        root=root,
        service=service,
        mock=replace(settings.mock, openapi=tuple(root / each for each in settings.mock.openapi)),
        accounts={**DEFAULT_ACCOUNTS, **settings.accounts},
        report=replace(settings.report, directory=root / settings.report.directory),
    )
    return replace(settings, secrets=_secrets(settings, environ))


def _read_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > MAX_FILE:
        raise SettingsError(f"{path} is larger than {MAX_FILE:,} bytes: is it the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = Place(str(path), line)
        raise SettingsError("there are bytes that are not UTF-8", place, "save as UTF-8") from None


def _read(text: str, file: str) -> Settings:
    try:
        settings = schema.read_table(Settings, read_toml(text, file))
        check(settings)
    except SchemaError as error:
        place = Place(file, key_lines(text).get(error.path, 1))
        hint = error.hint or schema.suggest(Settings, schema.dotted(error.path))
        raise SettingsError(error.what, place, hint) from None
    return settings


def _overridden(settings: Settings, overrides: Mapping[str, object]) -> Settings:
    values = dict(settings.values)
    for name, value in overrides.items():
        if name == "retry_scale":
            settings = replace(settings, retry=RetrySettings(_factor(name, str(value))))
        elif name == "report_directory":
            # From where the command was given, not from the settings file.
            report = replace(settings.report, directory=Path(str(value)).absolute())
            settings = replace(settings, report=report)
        else:
            values[name] = value
    try:
        return replace(settings, values=schema.JSON_TABLE.read(values, ("values",)))
    except SchemaError as error:
        raise SettingsError(error.what, hint=error.hint) from None


def _factor(name: str, text: str) -> float:
    try:
        return schema.FACTOR.read(float(text), ())
    except (ValueError, SchemaError):
        hint = f"it must be {schema.FACTOR.name}, such as 0.1"
        raise SettingsError(f"-D {name}={text[:40]}", hint=hint) from None


def _secrets(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    names = [account.api_key_env for account in settings.accounts.values()]
    if settings.devices.registry == "admin":
        names.append(settings.devices.admin_token_env)
    starts_service = settings.service is not None and settings.service.command is not None
    made_up = {name: secrets.token_hex(20) for name in names} if starts_service else {}
    if settings.mock.url:
        names.append(settings.mock.admin_token_env)
    names.append(settings.mqtt.password_env)
    return made_up | {name: environ[name] for name in names if environ.get(name)}
