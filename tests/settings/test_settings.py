"""The settings file: defaults, every key, every mistake, secrets, and the docs in step with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from harness.core import schema
from harness.core.braces import fill, fill_values
from harness.errors import SettingsError
from harness.settings import (
    AccountSettings,
    DeviceSettings,
    ListedDevice,
    MockSettings,
    ReportSettings,
    RetrySettings,
    RunSettings,
    ServiceSettings,
    Settings,
    load,
    settings_table,
)

DOCS = Path(__file__).resolve().parents[2] / "docs" / "settings.md"

Loader = Callable[..., Settings]


@pytest.fixture
def load_text(tmp_path: Path) -> Loader:
    def loader(
        text: str | bytes,
        environ: Mapping[str, str] | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> Settings:
        path = tmp_path / "s.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, environ or {}, overrides or {})

    return loader


def error_of(loader: Loader, text: str | bytes, tmp_path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        loader(text)
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_without_a_file_there_are_the_defaults(tmp_path: Path) -> None:
    expected = Settings(accounts={"default": AccountSettings("NRFCLOUD_API_KEY")})
    assert load(None, {}, {}) == expected
    found = load(tmp_path / "missing.toml", {}, {})
    assert found.root == tmp_path
    assert found.report.directory == tmp_path / "reports"
    assert load(None, {}, {}).service is None


def test_every_key(load_text: Loader, tmp_path: Path) -> None:
    settings = load_text(
        """
        [values]
        APIURL = "{service_url}"
        nested = { list = [1, 2.5, true] }
        [service]
        command = "{python} -m x --port {port}"
        url = "http://localhost:{port}"
        ready = "/up"
        ready_timeout = 5
        cwd = "backend"
        env = { A = "b" }
        websocket = "ws://x"
        version = "1.0"
        [mock]
        exhausted = "not-found"
        unused_stubs = "off"
        url = "https://mock"
        admin_token_env = "T"
        [devices]
        registry = "list"
        admin_token_env = "A"
        table = "t"
        fingerprint_index = "i"
        region = "r"
        [[devices.listed]]
        id = "oob-1"
        fingerprint = "92b.y7i24q"
        model = "PCA20065"
        [accounts.other]
        api_key_env = "OTHER"
        [retry]
        scale = 0
        [report]
        directory = "out"
        redact = ["$..a"]
        [run]
        strict_placeholders = false
        request_timeout = 1.5
        """
    )
    secrets = settings.secrets
    assert settings == Settings(
        values={"APIURL": "{service_url}", "nested": {"list": [1, 2.5, True]}},
        service=ServiceSettings(
            command="{python} -m x --port {port}",
            url="http://localhost:{port}",
            ready="/up",
            ready_timeout=5.0,
            cwd=tmp_path / "backend",
            env={"A": "b"},
            websocket="ws://x",
            version="1.0",
        ),
        mock=MockSettings("not-found", "off", "https://mock", "T"),
        devices=DeviceSettings(
            "list", "A", "t", "i", "r", (ListedDevice("oob-1", "92b.y7i24q", "PCA20065"),)
        ),
        accounts={
            "default": AccountSettings("NRFCLOUD_API_KEY"),
            "other": AccountSettings("OTHER"),
        },
        retry=RetrySettings(0.0),
        report=ReportSettings(tmp_path / "out", ("$..a",)),
        run=RunSettings(False, 1.5),
        root=tmp_path,
        secrets=secrets,
    )


def test_a_byte_order_mark_is_tolerated(load_text: Loader) -> None:
    assert load_text(b"\xef\xbb\xbf[retry]\r\nscale = 2\r\n").retry.scale == 2


SERVICE = '[service]\ncommand = "x {port}"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\na = ", "s.toml:2:1: this is not TOML: invalid value"),
        (b"[run]\na = '\xff'", "s.toml:2:1: there are bytes that are not UTF-8: save as UTF-8"),
        (
            '[service]\ncommand = "x {port}"\nredy = "/"',
            's.toml:3:1: there is no key "service.redy": did you mean "service.ready"?',
        ),
        ("[servce]", 's.toml:1:1: there is no key "servce": did you mean "service"?'),
        (
            "[retry]\nrequest_timeout = 1",
            's.toml:2:1: there is no key "retry.request_timeout": did you mean "run.request_t',
        ),
        (
            '[accounts.x]\napi_key = "s3cr3t"',
            's.toml:2:1: there is no key "accounts.x.api_key": did you mean "accounts.NAME.api_',
        ),
        ("☃ = 1", "s.toml:1:1: this is not TOML"),
        ("xyzzy = 1", 's.toml:1:1: there is no key "xyzzy"'),
        (
            '\n[run]\nrequest_timeout = "10"',
            "s.toml:3:1: run.request_timeout is a text: it must be a number of seconds, above 0",
        ),
        ("retry = 1", "s.toml:1:1: retry is the number 1: write [retry] for a table"),
        (
            "[values]\nx = [\n  1979-05-27,\n]",
            "s.toml:2:1: values.x[0] is a date or a time, which JSON lacks: write it in quotes",
        ),
        (
            "[[devices.listed]]\nid = 'a'",
            's.toml:1:1: devices.listed[0] lacks the key "fingerprint": add it',
        ),
        ("[accounts.x]", 's.toml:1:1: accounts.x lacks the key "api_key_env": add it'),
        (
            "[run]\n[service]",
            "s.toml:2:1: the service is not told its {port}: pass it in command or env,"
            " or set the url at which it is reached",
        ),
        ('[run]\n[service.env]\nA = "b"', "s.toml:2:1: the service is not told its {port}"),
        ('[service]\ncommand = "x"', "s.toml:1:1: the service is not told its {port}"),
        (
            "[service]\ncommand = '''\nx \"{port}'''",
            "s.toml:2:1: service.command cannot be split into words: No closing quotation",
        ),
        (
            '[service]\nurl = "http://h"\ncommand = " "',
            "s.toml:3:1: service.command is blank: write a command, or leave it out",
        ),
        (
            '[devices]\nregistry = "dynamodb"',
            's.toml:1:1: the registry "dynamodb" needs a table: set "table"',
        ),
        (
            '[devices]\nregistry = "list"',
            's.toml:1:1: the registry "list" needs devices: add [[devices.listed]]',
        ),
        ("x = 1 #" + "x" * 256 * 1024, "s.toml is larger than 262,144 bytes"),
        ("a = " + "[" * 100_000, "s.toml:1:1: it is nested too deeply"),
        ("[values]\n" + "a." * 5_000 + "a = 1", "s.toml:1:1: it is nested too deeply"),
    ],
)
def test_what_is_wrong_and_where(
    load_text: Loader, tmp_path: Path, text: str | bytes, message: str
) -> None:
    error = error_of(load_text, text, tmp_path)
    assert error.startswith(message)
    assert "s3cr3t" not in error


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load(tmp_path, {}, {})


def test_a_port_may_be_told_in_the_environment(load_text: Loader) -> None:
    settings = load_text('[service]\ncommand = "x"\nenv = { PORT = "{port}" }')
    assert settings.service
    assert settings.service.env == {"PORT": "{port}"}


def test_a_service_that_runs_elsewhere(load_text: Loader) -> None:
    settings = load_text('[service]\nurl = "https://example.com"')
    assert settings.service
    assert settings.service.command is None
    assert settings.secrets == {}


def test_values_of_the_command_line_win(load_text: Loader) -> None:
    settings = load_text("[values]\na = 1\nb = 2", overrides={"a": "one", "c": "{x}"})
    assert settings.values == {"a": "one", "b": 2, "c": "{x}"}


def test_two_names_of_the_command_line_are_settings(load_text: Loader) -> None:
    text = '[retry]\nscale = 3\n[report]\ndirectory = "a"\nredact = ["$.x"]'
    settings = load_text(text, overrides={"retry_scale": "0.25", "report_directory": "/abs/out"})
    assert settings.retry.scale == 0.25
    assert settings.report == ReportSettings(Path("/abs/out"), ("$.x",))
    assert settings.values == {}
    relative = load_text("", overrides={"report_directory": "out"})
    assert relative.report.directory == Path.cwd() / "out"


@pytest.mark.parametrize("text", ["", "fast", "-1", "nan", "inf", "1e400"])
def test_a_retry_scale_that_is_none(load_text: Loader, text: str) -> None:
    with pytest.raises(SettingsError, match=rf"^-D retry_scale={text}: it must be a number, at"):
        load_text("", overrides={"retry_scale": text})


ENVIRONMENT = {"NRFCLOUD_API_KEY": "key", "OTHER": "", "UNRELATED": "x", "MOCK_ADMIN_TOKEN": "t"}


def test_secrets_that_are_unset_are_made_up_for_a_service_that_is_started(
    load_text: Loader,
) -> None:
    text = f'{SERVICE}[accounts.other]\napi_key_env = "OTHER"'
    first, second = (load_text(text, ENVIRONMENT).secrets for _ in range(2))
    assert set(first) == {"NRFCLOUD_API_KEY", "OTHER", "REFERENCE_SERVICE_ADMIN_TOKEN"}
    assert first["NRFCLOUD_API_KEY"] == "key"
    made_up = {first["OTHER"], first["REFERENCE_SERVICE_ADMIN_TOKEN"], second["OTHER"]}
    assert len(made_up) == 3
    assert all(re.fullmatch(r"[0-9a-f]{40}", secret) for secret in made_up)


def test_secrets_are_never_made_up_for_a_service_that_runs_elsewhere(load_text: Loader) -> None:
    assert load_text("", ENVIRONMENT).secrets == {"NRFCLOUD_API_KEY": "key"}


def test_a_mock_that_runs_elsewhere_has_a_token(load_text: Loader) -> None:
    text = f'{SERVICE}[mock]\nurl = "https://mock"\n[devices]\nregistry = "list"\n'
    text += "[[devices.listed]]\nid = 'a'\nfingerprint = 'b'\nmodel = 'c'"
    assert load_text(text, ENVIRONMENT).secrets == {"NRFCLOUD_API_KEY": "key"} | {
        "MOCK_ADMIN_TOKEN": "t"
    }
    assert set(load_text(text).secrets) == {"NRFCLOUD_API_KEY"}


def test_secrets_are_not_shown(load_text: Loader) -> None:
    assert "key" not in repr(load_text("", {"NRFCLOUD_API_KEY": "k-e-y"})).replace("api_key", "")


def test_filling_is_offered_here_too() -> None:
    assert fill("{a}", {"a": "b"}) == "b"
    assert fill_values(["{a}"], {"a": "b"}) == ["b"]


def test_every_key_has_a_meaning_and_an_example_that_is_right(load_text: Loader) -> None:
    lines = []
    table = ""
    for key in schema.keys(Settings):
        if key.name == "mock.url":  # it excludes mock.proxy
            continue
        assert key.doc.endswith("."), key
        in_table, _, name = key.name.replace("accounts.NAME", "accounts.x").rpartition(".")
        assert name in ("NAME", *tomllib.loads(key.example)), key
        if in_table != table:
            table = in_table
            lines.append(f"[[{table[:-2]}]]" if table.endswith("[]") else f"[{table}]")
        if key.name != "mock.openapi":  # which is for a mock that has no URL
            lines.append(key.example)
    settings = load_text("\n".join(lines))
    assert settings.devices.listed
    assert settings.service


def test_the_docs_have_the_table_of_all_keys() -> None:
    text = DOCS.read_text(encoding="utf-8")
    start = "<!-- settings: written by harness.settings.settings_table -->\n"
    end = "<!-- end of settings -->"
    assert text.partition(start)[2].partition(end)[0] == settings_table()


def test_the_examples_of_the_docs_are_right(load_text: Loader) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        load_text(block)


def test_a_placeholder_that_there_will_never_be_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "nrfcloud-bdd.toml"
    file.write_text('[service]\ncommand = "{python} {port}"\n\n[values]\nAPIURL = "{serviceurl}"\n')
    with pytest.raises(SettingsError) as caught:
        load(file, {}, {})
    assert str(caught.value) == (
        f"{file}:5:1: values.APIURL: there is no {{serviceurl}}: did you mean {{service_url}}?"
    )
    file.write_text('[values]\nAPIURL = "{service_url}"\n')
    with pytest.raises(SettingsError, match=r"values\.APIURL: there is no"):
        load(file, {}, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[mock]\nurl = "http://m"\n[mqtt]\nbroker = "mosquitto"',
            "4:1: mqtt.broker is for the mock in the harness, and mock.url names another:"
            " start that one with --mqtt-url",
        ),
        (
            '[mqtt]\nbroker = "mosquito"',
            '2:1: mqtt.broker is a text: it must be "embedded" or "mosquitto", or a URL that'
            " begins with mqtt:// or mqtts://",
        ),
    ],
)
def test_a_broker_is_named_or_has_a_url(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(path, {}, {})
    assert str(caught.value) == f"{path}:{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[mock]\nforward = ["*"]', '2:1: there is no proxy: set "proxy = true"'),
        ("[mock]\nproxy = true", "2:1: there is no service.command that could be told"),
        (
            '[mock]\nproxy = true\nurl = "https://mock"',
            "2:1: a mock that runs elsewhere cannot be made a proxy from here: start that with",
        ),
    ],
)
def test_a_proxy_needs_a_service_and_a_mock_of_its_own(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(path, {}, {})
    assert f"s.toml:{message}" in str(caught.value)
