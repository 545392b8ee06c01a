"""The settings of a run: the file nrfcloud-bdd.toml, the environment and `-D` values as one object.

The classes are the table of all keys: checks and docs/settings.md are made from them. Reads one
file; starts and connects to nothing. Longer than other modules because of that table.
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal, get_args

from harness.core import schema
from harness.core.braces import fill as fill
from harness.core.braces import fill_values as fill_values
from harness.core.document import UnusedStubs
from harness.core.schema import KeyPath, SchemaError, Setting
from harness.core.toml_text import key_lines, read_toml
from harness.errors import Place, SettingsError

FILE_NAME = "nrfcloud-bdd.toml"
"""Stands beside behave.ini."""

Exhausted = Literal["repeat", "not-found"]
Check = Literal["warn", "strict"]
Registry = Literal["admin", "dynamodb", "list"]

MAX_FILE = 256 * 1024
"""Bytes of the largest settings file."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The service under test, if the harness starts it or waits for it."""

    command: Annotated[
        str | None,
        Setting(
            schema.TEXT,
            "Starts the service. Split into arguments as a shell would, but no shell runs it.",
            'command = "{python} -m my_service --port {port}"',
        ),
    ] = None
    url: Annotated[
        str,
        Setting(
            schema.starting("a URL", "http://", "https://"),
            "Where it is reached. With a fixed port, or (without `command`) a service that runs"
            " elsewhere and is only waited for.",
            'url = "http://localhost:3000"',
        ),
    ] = "http://127.0.0.1:{port}"
    ready: Annotated[
        str,
        Setting(
            schema.starting("a path", "/"),
            "The service is ready once this path answers with a status of 2xx.",
            'ready = "/status"',
        ),
    ] = "/health"
    ready_timeout: Annotated[
        float, Setting(schema.SECONDS, "So long it may take to get ready.", "ready_timeout = 60")
    ] = 30.0
    cwd: Annotated[
        Path,
        Setting(
            schema.PATH,
            "The folder in which it runs, from that of the settings file.",
            'cwd = "../backend"',
        ),
    ] = Path()
    env: Annotated[
        Mapping[str, str],
        Setting(
            schema.TEXT_MAP,
            "Variables added to its environment. No secrets: those are handed over by themselves.",
            'env = { LOG_LEVEL = "debug" }',
        ),
    ] = field(default_factory=dict)
    websocket: Annotated[
        str | None,
        Setting(
            schema.starting("a URL", "ws://", "wss://"),
            "Where its websocket is, if not at `{service_url}` with `ws` for `http`.",
            'websocket = "ws://127.0.0.1:{port}/live"',
        ),
    ] = None
    version: Annotated[
        str | None,
        Setting(
            schema.TEXT,
            "`{service_version}`, if not the `version` in the JSON that `ready` answers.",
            'version = "1.2.0"',
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class MockSettings:
    """The mock of api.nrfcloud.com and of other third parties."""

    exhausted: Annotated[
        Exhausted,
        Setting(
            schema.choice(*get_args(Exhausted)),
            "What is answered once all queued responses are served: the newest again, or 404.",
            'exhausted = "not-found"',
        ),
    ] = "repeat"
    unused_stubs: Annotated[
        UnusedStubs,
        Setting(
            schema.choice(*get_args(UnusedStubs)),
            "Queued responses that nobody asked for: a note at the end of the run, a failure of"
            " the feature, or nothing.",
            'unused_stubs = "strict"',
        ),
    ] = "warn"
    url: Annotated[
        str | None,
        Setting(
            schema.starting("a URL", "http://", "https://"),
            "A mock that runs elsewhere, in place of the one in the harness.",
            'url = "https://mock.example.com"',
        ),
    ] = None
    admin_token_env: Annotated[
        str,
        Setting(
            schema.TEXT,
            "The environment variable that holds the admin token of that mock.",
            'admin_token_env = "STAGING_MOCK_TOKEN"',
        ),
    ] = "MOCK_ADMIN_TOKEN"
    fault_seed: Annotated[
        int,
        Setting(
            schema.NUMBER,
            "Delays by chance are drawn from it, for each feature anew: they are the same again.",
            "fault_seed = 7",
        ),
    ] = 0
    proxy: Annotated[
        bool,
        Setting(
            schema.FLAG,
            "Whether the mock is the HTTP(S) proxy of the service too, which is told so by its"
            " environment: for services whose nRF Cloud URL cannot be set.",
            "proxy = true",
        ),
    ] = False
    forward: Annotated[
        tuple[str, ...],
        Setting(
            schema.TEXTS,
            "Hosts that the service reaches through that proxy; `*` is all. Others are refused.",
            'forward = ["dynamodb.eu-west-1.amazonaws.com"]',
        ),
    ] = ()

    openapi: Annotated[
        tuple[Path, ...],
        Setting(
            schema.PATHS,
            "OpenAPI documents, one for each host, that stubs and calls are checked against.",
            'openapi = "nrfcloud-openapi.yaml"',
        ),
    ] = ()
    check: Annotated[
        Check,
        Setting(
            schema.choice(*get_args(Check)),
            "What is not as they say is noted, or refused.",
            'check = "strict"',
        ),
    ] = "warn"


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """The MQTT broker between devices and the mock, which starts when a scenario needs it."""

    broker: Annotated[
        str,
        Setting(
            schema.either(
                schema.choice("embedded", "mosquitto"),
                schema.starting("a URL", "mqtt://", "mqtts://"),
            ),
            "In the harness, the program mosquitto, or one that runs elsewhere.",
            'broker = "mosquitto"',
        ),
    ] = "embedded"
    username_env: Annotated[
        str,
        Setting(
            schema.TEXT,
            "The environment variable that holds the user name for one elsewhere.",
            'username_env = "BROKER_USER"',
        ),
    ] = "MQTT_USERNAME"
    password_env: Annotated[
        str,
        Setting(
            schema.TEXT,
            "The environment variable that holds the password.",
            'password_env = "BROKER_PASSWORD"',
        ),
    ] = "MQTT_PASSWORD"


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A device that the service knows already."""

    id: Annotated[str, Setting(schema.TEXT, "Its device ID.", 'id = "oob-350006660000014"')]
    fingerprint: Annotated[
        str, Setting(schema.TEXT, "Its fingerprint.", 'fingerprint = "92b.y7i24q"')
    ]
    model: Annotated[str, Setting(schema.TEXT, "Its model.", 'model = "PCA20065"')]
    account: Annotated[
        str, Setting(schema.TEXT, "The nRF Cloud account it belongs to.", 'account = "other"')
    ] = "default"


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """How the service learns of new devices."""

    registry: Annotated[
        Registry,
        Setting(
            schema.choice(*get_args(Registry)),
            "Over its admin endpoint, in a DynamoDB table, or not at all: it knows those `listed`.",
            'registry = "list"',
        ),
    ] = "admin"
    admin_token_env: Annotated[
        str,
        Setting(
            schema.TEXT,
            "The environment variable that holds the bearer token of the admin endpoint.",
            'admin_token_env = "BACKEND_TOKEN"',
        ),
    ] = "REFERENCE_SERVICE_ADMIN_TOKEN"
    table: Annotated[
        str | None, Setting(schema.TEXT, "The DynamoDB table of the devices.", 'table = "devices"')
    ] = None
    fingerprint_index: Annotated[
        str | None,
        Setting(
            schema.TEXT,
            "Its index by fingerprint, in which a new one is looked up first.",
            'fingerprint_index = "fingerprint"',
        ),
    ] = None
    region: Annotated[
        str | None, Setting(schema.TEXT, "The AWS region of the table.", 'region = "eu-west-1"')
    ] = None
    listed: Annotated[
        tuple[ListedDevice, ...],
        Setting(schema.list_of_tables(ListedDevice), "Devices, each handed out once."),
    ] = ()


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """An nRF Cloud account, by the name that scenarios give it."""

    api_key_env: Annotated[
        str,
        Setting(
            schema.TEXT,
            "The environment variable that holds its API key.",
            'api_key_env = "NRFCLOUD_API_KEY"',
        ),
    ]


@dataclass(frozen=True, slots=True)
class RetrySettings:
    """How long is waited for what has to become true."""

    scale: Annotated[
        float,
        Setting(
            schema.FACTOR, "Multiplies the time that retries and waits may take.", "scale = 0.1"
        ),
    ] = 1.0


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Reports."""

    directory: Annotated[
        Path,
        Setting(
            schema.PATH,
            "Where they are written, from the folder of the settings file.",
            'directory = "build/reports"',
        ),
    ] = Path("reports")
    redact: Annotated[
        tuple[str, ...],
        Setting(
            schema.TEXTS,
            "JSONPath of what is hidden in failures, reports and recordings, besides the built-in"
            " list. In what a run shows, only what has six characters or more.",
            'redact = ["$..apiKey", "$..token"]',
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How steps run."""

    strict_placeholders: Annotated[
        bool,
        Setting(
            schema.FLAG,
            "Whether a placeholder without a value in a code block fails its step.",
            "strict_placeholders = false",
        ),
    ] = True
    request_timeout: Annotated[
        float,
        Setting(
            schema.SECONDS,
            "So long a request to the service may take, and a websocket to open.",
            "request_timeout = 5",
        ),
    ] = 30.0


DEFAULT_ACCOUNT = "default"
_DEFAULT_ACCOUNTS = {DEFAULT_ACCOUNT: AccountSettings("NRFCLOUD_API_KEY")}


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it. `root` is the folder of the file; the paths in here begin there already.

    `secrets` are the environment variables that the keys `…_env` name, with their values; those
    that a service started by the harness needs and that are unset are made up.
    """

    values: Annotated[
        Mapping[str, object],
        Setting(
            schema.JSON_TABLE,
            "Known to every scenario by its name. `-D NAME=TEXT` wins.",
            'APIURL = "{service_url}"',
        ),
    ] = field(default_factory=dict)
    service: Annotated[ServiceSettings | None, Setting(schema.table(ServiceSettings))] = None
    mock: Annotated[MockSettings, Setting(schema.table(MockSettings))] = field(
        default_factory=MockSettings
    )
    mqtt: Annotated[MqttSettings, Setting(schema.table(MqttSettings))] = field(
        default_factory=MqttSettings
    )
    devices: Annotated[DeviceSettings, Setting(schema.table(DeviceSettings))] = field(
        default_factory=DeviceSettings
    )
    accounts: Annotated[
        Mapping[str, AccountSettings], Setting(schema.tables_by_name(AccountSettings))
    ] = field(default_factory=_DEFAULT_ACCOUNTS.copy)
    retry: Annotated[RetrySettings, Setting(schema.table(RetrySettings))] = field(
        default_factory=RetrySettings
    )
    report: Annotated[ReportSettings, Setting(schema.table(ReportSettings))] = field(
        default_factory=ReportSettings
    )
    run: Annotated[RunSettings, Setting(schema.table(RunSettings))] = field(
        default_factory=RunSettings
    )
    root: Path = Path()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


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
        accounts={**_DEFAULT_ACCOUNTS, **settings.accounts},
        report=replace(settings.report, directory=root / settings.report.directory),
    )
    return replace(settings, secrets=_secrets(settings, environ))


def settings_table() -> str:
    """Every key with type, default, example and meaning, as a Markdown table."""
    rows = [("Key", "Value", "Default", "Example", "Meaning"), ("---",) * 5]
    for key in schema.keys(Settings):
        default = f"`{key.default}`" if key.default else ""
        rows.append((f"`{key.name}`", key.kind, default, f"`{key.example}`", key.doc))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


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
        _check(settings)
    except SchemaError as error:
        place = Place(file, key_lines(text).get(error.path, 1))
        hint = error.hint or schema.suggest(Settings, schema.dotted(error.path))
        raise SettingsError(error.what, place, hint) from None
    return settings


def _check(settings: Settings) -> None:
    """What one key says of another. Raises SchemaError."""
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
