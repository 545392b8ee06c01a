"""A live recording: what is driven and what that causes, in order, until it is ended."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.errors import BddError
from harness.recorder.live import record
from harness.recorder.plan import NewDevice, Plan
from harness.recording.model import Recording
from harness.settings import Settings, load
from mock_nrfcloud.values import ROOT_HOST
from tests.recorder.cloud import BUNDLE, cloud
from tests.recorder.driving import SETTINGS

Where = Mapping[str, Any]


def settings(folder: Path, text: str = SETTINGS, **environ: str) -> Settings:
    path = folder / "nrfcloud-bdd.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ, {})


class Stdout(io.StringIO):
    """Starts somebody who drives the service, once it is said where."""

    def __init__(self, drive: Callable[[Where], None]) -> None:
        super().__init__()
        self._drive = drive
        self.driver: threading.Thread | None = None

    def flush(self) -> None:
        where = json.loads(self.getvalue())
        self.driver = threading.Thread(target=self._drive, args=(where,))
        self.driver.start()


def ask(where: Where, path: str, method: str = "GET", body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(where["driver"] + path, data, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def recorded(
    made: Settings, plan: Plan, drive: Callable[[Where], None], **environ: str
) -> tuple[Recording, str, str]:
    """What was recorded, and what was printed."""
    out, err = Stdout(drive), io.StringIO()
    found = record(made, {**os.environ, **environ}, plan, out, err)
    assert out.driver
    out.driver.join()
    return found, out.getvalue(), err.getvalue()


DEVICE = (NewDevice("PCA20065", "default", "tracker"),)


def test_a_flow_is_recorded_in_order(tmp_path: Path) -> None:
    def drive(where: Where) -> None:
        device = where["devices"][0]
        query = f"?fingerprint={device['fingerprint']}"
        ask(where, "/__record/mark?title=Bundles", "POST")
        found = ask(where, f"/device/{device['id']}/fota/bundles{query}")
        assert found["bundles"][0]["bundleId"] == BUNDLE
        ask(where, "/__record/stop", "POST")

    with cloud() as upstream:
        plan = Plan({ROOT_HOST: upstream.url}, devices=DEVICE)
        key = {"NRFCLOUD_API_KEY": "the-real-key"}
        found, out, err = recorded(settings(tmp_path, **key), plan, drive, **key)
        assert upstream.keys == ["Bearer the-real-key"]
    trigger, call = found.observed
    assert (trigger.side, trigger.host, trigger.answered_by) == ("service", "", "")
    assert trigger.response
    assert trigger.response.status == 200
    assert (call.side, call.host, call.request.path) == ("cloud", ROOT_HOST, "/v1/firmwares")
    assert trigger.at < call.at
    assert [mark.title for mark in found.marks] == ["Bundles"]
    assert found.marks[0].at < trigger.at
    (device,) = found.devices
    assert (device.name, device.model, device.account) == ("tracker", "PCA20065", "default")
    assert found.values["APIURL"].startswith("http://127.0.0.1:")
    assert "Scenario: Bundles\ncloud   GET /v1/firmwares?pageLimit=100 -> 200, " in err
    assert "service GET /device/${tracker_deviceId}/fota/bundles?fingerprint=[redacted] -> " in err
    assert device.fingerprint not in err
    assert device.fingerprint in out
    for text in (repr(found.observed), out, err):
        assert "the-real-key" not in text


def test_what_a_stub_answers_is_recorded_with_it(tmp_path: Path) -> None:
    stub = {
        "request": {"method": "GET", "urlPath": "/v1/firmwares"},
        "response": {"status": 200, "jsonBody": {"items": [], "total": 0}},
    }
    seed = tmp_path / "stubs.json"
    seed.write_text(json.dumps({"mappings": [stub]}))

    def drive(where: Where) -> None:
        device = where["devices"][0]
        ask(where, f"/device/{device['id']}/fota/bundles?fingerprint={device['fingerprint']}")
        ask(where, "/__record/stop", "POST")

    with cloud() as upstream:
        plan = Plan({ROOT_HOST: upstream.url}, on_miss=True, seed=seed, devices=DEVICE)
        found, _, err = recorded(settings(tmp_path), plan, drive)
        assert upstream.keys == []
    assert found.observed[1].answered_by
    assert "-> 200 (by a stub), " in err


def test_a_key_that_is_none_covers_nothing(tmp_path: Path) -> None:
    def drive(where: Where) -> None:
        ask(where, "/health")
        ask(where, "/__record/stop", "POST")

    key = {"NRFCLOUD_API_KEY": "x"}
    found, _, err = recorded(settings(tmp_path, **key), Plan({}), drive, **key)
    assert "x" not in found.secrets
    assert "[redacted]" not in err
    assert "No API key" not in err
    _, _, err = recorded(settings(tmp_path), Plan({}), drive, NRFCLOUD_API_KEY="")
    assert err.startswith("No API key is set: the upstream gets those that the service has.\n")


def test_an_upstream_that_is_down_is_told(tmp_path: Path) -> None:
    def drive(where: Where) -> None:
        device = where["devices"][0]
        with pytest.raises(urllib.error.HTTPError):
            ask(where, f"/device/{device['id']}/fota/bundles?fingerprint={device['fingerprint']}")
        ask(where, "/__record/stop", "POST")

    plan = Plan({ROOT_HOST: "http://127.0.0.1:1"}, devices=DEVICE)
    found, _, err = recorded(settings(tmp_path), plan, drive)
    call = found.observed[1]
    assert call.response is None
    assert call.note.startswith("127.0.0.1:1 cannot be reached: ")
    assert f": {call.note}" in err


def test_without_a_service_only_calls_are_recorded_until_ctrl_c(tmp_path: Path) -> None:
    def drive(where: Where) -> None:
        assert where.keys() == {"mock", "devices"}
        urllib.request.urlopen(f"{where['mock']}/v1/firmwares", timeout=30).close()
        signal.raise_signal(signal.SIGINT)

    with cloud() as upstream:
        found, _, _ = recorded(settings(tmp_path, ""), Plan({ROOT_HOST: upstream.url}), drive)
    assert [each.side for each in found.observed] == ["cloud"]


@pytest.mark.parametrize(
    ("text", "plan", "why"),
    [
        ("", Plan({}, devices=DEVICE), 'registry = "admin" needs the URL of the service'),
        (
            SETTINGS,
            Plan({}, devices=(NewDevice("PCA20065", "defualt", "a"),)),
            "there is no account 'defualt' in the settings: did you mean \"default\"",
        ),
        (SETTINGS, Plan({}, seed=Path("no.json")), r"no\.json:1:1: cannot be read"),
        (
            '[devices]\nregistry = "list"\n[[devices.listed]]\nid = "a"\nfingerprint = "b"\n'
            'model = "c"\n',
            Plan({}, devices=DEVICE),
            "No device of the model 'PCA20065' in the account 'default' is left",
        ),
    ],
)
def test_what_keeps_it_from_starting(tmp_path: Path, text: str, plan: Plan, why: str) -> None:
    with pytest.raises(BddError, match=why):
        record(settings(tmp_path, text), os.environ, plan, io.StringIO(), io.StringIO())


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with cloud() as other:
        port = int(other.url.rpartition(":")[2])
        for plan in (Plan({}, port=port), Plan({}, driver_port=port)):
            with pytest.raises(BddError, match=f"cannot listen on port {port}: "):
                record(settings(tmp_path), os.environ, plan, io.StringIO(), io.StringIO())
