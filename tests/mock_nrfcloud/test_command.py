"""`python -m mock_nrfcloud`: flags, refusals to start, TLS, and a clean stop."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import socket
import ssl
import sys
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from mock_nrfcloud.command import loop_factory, main
from tests.mock_nrfcloud.standalone import ROOT, running, start


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line with which it refuses to start."""
    try:
        status: object = main(["--port", "0", *arguments], prog="mock")
    except SystemExit as ended:
        status = ended.code
    assert status == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("mock: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nope"], "unrecognized arguments: --nope"),
        (["more"], "unrecognized arguments: more"),
        (["--port", "x"], "argument --port: invalid"),
        (["--port", "65536"], "65536 is no port"),
        (["--journal-max", "0"], "at least 1"),
        (["--exhausted", "x"], "argument --exhausted"),
        (["--host", "0.0.0.0"], "can be reached from elsewhere, and there is no admin token: set"),
        (["--host", "::"], "can be reached from elsewhere"),
        (["--host", "no.such.host.invalid"], "is no address"),
        (["--host", "192.0.2.1", "--admin-token", "t"], "cannot listen on 192.0.2.1, port 0"),
        (["--seed", "nothing.json"], "nothing.json:1:1: cannot be read"),
        (["--tls-key", "key.pem"], "--tls-key is given without --tls-cert"),
        (["--tls-cert", "nothing.pem"], "--tls-cert nothing.pem cannot be used"),
        (["--tls-cert", __file__], "cannot be used"),
        (["--ca-cert", "ca.pem"], "--ca-cert is given without --proxy: give both"),
        (["--forward", "*"], "--forward is given without --proxy: give both"),
        (["--mqtt-port", "0", "--mqtt-url", "mqtt://a"], "--mqtt-port is given with --mqtt-url"),
        (["--mqtt-url", "http://a"], "'http://a' is no URL of an MQTT broker: write mqtt://"),
        (["--mqtt-url", "mqtt://127.0.0.1:1"], "mqtt://127.0.0.1:1 cannot be used: "),
        (["--proxy"], "--proxy is given without --ca-cert: name the file"),
        (["--proxy", "--ca-cert", "/"], "the CA bundle / cannot be written: Is a directory"),
        (["--proxy", "--ca-cert", __file__], "has something else in it: name another file"),
        (
            ["--proxy", "--ca-cert", "ca.pem", "--forward", "api.nrfcloud.com"],
            "api.nrfcloud.com cannot be forwarded: the mock answers for it",
        ),
        (["--twin", "nrfclod"], "there is no twin 'nrfclod': did you mean \"nrfcloud\"?"),
        (["--account", "acme"], "--account acme is not NAME=VARIABLE"),
        (["--account", "acme=NO_KEY"], "--account acme=NO_KEY: the environment has no NO_KEY"),
        (["--journal", "/"], "the journal / cannot be used: Is a directory"),
    ],
)
def test_it_refuses_to_start(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MOCK_ADMIN_TOKEN", raising=False)
    assert message in refused(capsys, *arguments)


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "in use" in refused(capsys, "--port", port)


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"], prog="mock")
    assert ended.value.code == 0
    assert "example:" in capsys.readouterr().out


def test_it_is_a_stand_in_for_nrf_cloud(tmp_path: Path) -> None:
    seed = tmp_path / "devices.json"
    page = (ROOT / "docs" / "fota-twin.md").read_text()
    seed.write_text(page.split("```json\n")[1].split("```")[0])
    keys = {"ACME_KEY": "key-of-acme", "OTHER_KEY": "key-of-other"}
    accounts = ("--account", "acme=ACME_KEY", "--account", "other=OTHER_KEY")
    with running("--twin", "nrfcloud", *accounts, "--seed", str(seed), env=keys) as mock:
        assert mock.ask("/v1/account")[0] == 401
        for name in ("acme", "other"):
            _, found = mock.ask("/v1/account", Authorization=f"Bearer key-of-{name}")
            assert found["team"]["name"] == name
        for name, devices in (("acme", ["d1"]), ("other", [])):
            _, found = mock.ask("/v1/devices", Authorization=f"Bearer key-of-{name}")
            assert [each["id"] for each in found["items"]] == devices
        _, shown = mock.ask("/__admin/twins/nrfcloud")
        assert list(shown["reply"]["accounts"]) == ["acme", "other"]
        assert "key-of" not in str(shown)
        assert mock.ask("/__admin/twins/tuya")[0] == 404


def test_it_serves_what_it_is_told_to(tmp_path: Path) -> None:
    seed = tmp_path / "stubs.json"
    mapping = {"request": {"method": "GET", "url": "/x"}, "response": {"jsonBody": [1]}}
    seed.write_text(json.dumps({"mappings": [mapping]}))
    arguments = ["--seed", str(seed), "--exhausted", "not-found", "--journal-max", "2"]
    with running(*arguments) as mock:
        assert mock.admin == f"{mock.url}/__admin"
        assert mock.ask("/x") == (200, [1])
        assert mock.ask("/x")[0] == 404
        assert mock.ask("/x")[0] == 404
        _, found = mock.ask("/__admin/requests")
        assert [each["number"] for each in found["requests"]] == [3, 2]
        mock.ask("/__admin/namespaces/a", {}, method="PUT")
        assert mock.ask("/__ns/a/__admin/settings")[1]["exhausted"] == "not-found"


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (["--admin-token", "t0ken"], {}),
        (["--host", "0.0.0.0"], {"MOCK_ADMIN_TOKEN": "t0ken"}),
    ],
)
def test_a_token_is_demanded(arguments: list[str], env: Mapping[str, str]) -> None:
    with running(*arguments, env=env) as mock:
        assert mock.ask("/__admin/health")[0] == 401
        assert mock.ask("/__admin/health", Authorization="Bearer t0ken")[0] == 200
        assert mock.ask("/v1/x")[0] == 404


def test_tls(certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    with running("--tls-cert", str(cert), "--tls-key", str(key)) as mock:
        assert mock.url.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=str(cert))
        url = f"{mock.admin}/health"
        with urllib.request.urlopen(url, context=context, timeout=30) as response:
            assert json.load(response)["status"] == "healthy"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_even_while_somebody_waits(number: signal.Signals) -> None:
    with running() as mock:
        waiting = http.client.HTTPConnection(mock.url.partition("//")[2], timeout=30)
        waiting.request(
            "POST",
            "/__admin/requests/wait?timeout=60",
            '{"method": "GET", "url": "/never"}',
            {"Content-Type": "application/json"},
        )
        mock.ask("/__admin/health")  # answered by the loop that has got the other one before it
        mock.process.send_signal(number)
        with closing(waiting):
            assert json.load(waiting.getresponse())["found"] is None
        assert mock.process.wait(timeout=30) == 0
        assert mock.process.stderr
        assert "Traceback" not in mock.process.stderr.read()


def test_the_program_starts_as_a_subcommand_too() -> None:
    with start("--help") as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("usage: python -m mock_nrfcloud")


def test_it_runs_on_uvloop_if_that_is_installed() -> None:
    uvloop = pytest.importorskip("uvloop")
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        assert isinstance(runner.get_loop(), uvloop.Loop)


def test_without_uvloop_it_runs_on_asyncio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loop_factory() is None


def test_it_says_where_its_mqtt_broker_is() -> None:
    with running("--mqtt-port", "0") as mock:
        assert mock.ask("/__admin/mqtt", method="POST") == (200, {"url": mock.first["mqtt"]})
        with running("--mqtt-url", mock.first["mqtt"]) as other:
            assert other.first["mqtt"] == mock.first["mqtt"]


def test_its_mqtt_broker_starts_when_it_is_asked_for() -> None:
    with running() as mock:
        assert "mqtt" not in mock.first
        status, broker = mock.ask("/__admin/mqtt", method="POST")
        assert status == 200
        assert mock.ask("/__admin/mqtt", method="POST") == (200, broker)
