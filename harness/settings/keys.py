"""Every key of the settings file: its type, default, example and meaning.

The classes are the table from which checks and docs/settings.md are made. Longer than other modules
because of that. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, get_args

from harness.core import schema
from harness.core.document import UnusedStubs
from harness.core.schema import Setting

Exhausted = Literal["repeat", "not-found"]
Check = Literal["warn", "strict"]
Registry = Literal["admin", "dynamodb", "list"]


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
DEFAULT_ACCOUNTS = {DEFAULT_ACCOUNT: AccountSettings("NRFCLOUD_API_KEY")}


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
    ] = field(default_factory=DEFAULT_ACCOUNTS.copy)
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


def settings_table() -> str:
    """Every key with type, default, example and meaning, as a Markdown table."""
    rows = [("Key", "Value", "Default", "Example", "Meaning"), ("---",) * 5]
    for key in schema.keys(Settings):
        default = f"`{key.default}`" if key.default else ""
        rows.append((f"`{key.name}`", key.kind, default, f"`{key.example}`", key.doc))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
