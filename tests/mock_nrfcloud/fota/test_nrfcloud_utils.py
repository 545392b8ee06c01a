"""Nordic's own command-line client creates jobs at the twin: unpatched, so by the proxy.

Its address of nRF Cloud is fixed. It is installed apart from us (`.ci/run`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_nrfcloud.proxy.variables import variables
from tests.mock_nrfcloud.standalone import Running, running

CLIENT = "nrf_cloud_device_mgmt"
KEY = "the-api-key-of-nobody"

pytestmark = pytest.mark.skipif(
    shutil.which(CLIENT) is None, reason=f"{CLIENT} is not there: pip install nrfcloud-utils"
)


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """nRF Cloud with three devices and two bundles."""
    bundle = tmp_path_factory.mktemp("proxy") / "ca.pem"
    with running("--proxy", "--ca-cert", str(bundle), "--twin", "nrfcloud") as mock:
        command(
            mock,
            do="bundle",
            type="APP",
            version="2.0.0",
            bundleId="APP*h2SCvjVR*v2.0.0",
            name="two",
        )
        command(
            mock,
            do="bundle",
            type="MODEM",
            version="mfw_2.0.4",
            bundleId="MODEM*be0ef0bd*mfw_2.0.4",
        )
        for number in range(3):
            types = ["APP", "MODEM"] if number else ["MODEM"]
            versions = {"appVersion": "1.0.0", "modemFirmware": "mfw_2.0.3"}
            device = {"id": f"dev-{number}", "firmwareTypes": types, "tags": ["field"]}
            command(mock, do="device", **device, **versions)
        yield mock


def command(mock: Running, **command: object) -> Any:
    """What the twin replies to a command."""
    status, said = mock.ask("/__admin/twins/nrfcloud", {"command": command})
    assert status == 200, said
    return said["reply"]


def client(mock: Running, *arguments: str, answers: str = "") -> str:
    """What the client says, given these arguments and answers to its questions."""
    environment = {**os.environ, **variables(mock.first["proxy"], Path(mock.first["ca_cert"]))}
    done = subprocess.run(
        [CLIENT, "--api-key", KEY, *arguments],
        env=environment,
        input=answers,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def created(said: str) -> str:
    """The ID of the job that the client has created."""
    job = re.search(r"Created job: (\S+)$", said, re.MULTILINE)
    assert job, said
    return job[1]


def test_a_job_for_a_device(mock: Running) -> None:
    said = client(
        mock,
        *("--type", "APP", "--dev-id", "dev-1", "--bundle-id", "APP*h2SCvjVR*v2.0.0"),
        *("--name", "by id", "--desc", "one device"),
    )
    assert "1 of 1 devices support APP FOTA updates" in said
    assert re.search(r"Version: +1\.0\.0 --> 2\.0\.0", said)
    match = {
        "name": "by id",
        "description": "one device",
        "firmware": {"bundleId": "APP*h2SCvjVR*v2.0.0"},
    }
    job = command(mock, do="job", id=created(said), status="IN_PROGRESS", match=json.dumps(match))
    assert job["holds"], job
    execution = command(mock, do="execution", device="dev-1", job=created(said), status="QUEUED")
    assert execution["holds"], execution


def test_a_job_for_a_group_that_is_applied_later(mock: Running) -> None:
    said = client(
        mock,
        *("--type", "APP", "--tag", "field", "--defer-apply", "--bundle-id", "APP*h2SCvjVR*v2.0.0"),
        *("--name", "by group", "--desc", "those that can"),
    )
    assert "2 of 3 devices support APP FOTA updates" in said
    match = {"target": {"tags": ["field"]}}
    job = command(mock, do="job", id=created(said), status="CREATED", match=json.dumps(match))
    assert job["holds"], job


def test_a_job_for_devices_with_a_modem_firmware(mock: Running) -> None:
    said = client(mock, "--name", "modems", "--desc", "all of one version", answers="1\n1\ny\n")
    assert "3 of 3 devices support MODEM FOTA updates" in said
    job = command(mock, do="job", id=created(said))["job"]
    assert sorted(job["target"]["deviceIds"]) == ["dev-0", "dev-1", "dev-2"]


def test_what_is_refused_is_told(mock: Running) -> None:
    said = client(
        mock,
        *("--type", "APP", "--dev-id", "dev-1", "--bundle-id", "APP*none*v2"),
        *("--name", "no bundle", "--desc", "of that ID"),
    )
    assert "Bundle ID 'APP*none*v2' was not found" in said
