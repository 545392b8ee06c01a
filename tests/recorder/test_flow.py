"""The flow that the seeds tell, regained: an upgrade and an abort, driven by hand against the
reference service, with the twin in the place of nRF Cloud.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.core.markdown import parse
from tests.mock_nrfcloud.standalone import Running, running
from tests.recorder.driving import Recorder, project, recording

FIRST, SECOND = "APP*1e29dfa3*v2.0.1", "APP*6a2f1c0b*v2.1.0"
OUT = "fota.feature.md"
BUNDLES = [
    {"do": "bundle", "version": "v2.0.1", "bundleId": FIRST},
    {"do": "bundle", "version": "v2.1.0", "bundleId": SECOND},
]


def tell(cloud: Running, **command: object) -> None:
    """Tell the twin, and wait until what is asked of it holds."""
    asked = cloud.ask("/__admin/twins/nrfcloud?timeout=20", {"command": command})
    assert asked[0] == 200, asked
    assert asked[1].get("holds", True), asked


def drive(recorder: Recorder, cloud: Running) -> None:
    """One device is upgraded, then another upgrade of it is aborted."""
    device = recorder.device
    tell(cloud, do="device", id=device, firmwareTypes=["BOOT", "MODEM", "APP"], appVersion="2.0.0")

    def ask(method: str, path: str, body: object = None) -> Any:
        path = f"/device/{device}/fota{path}?fingerprint={recorder.fingerprint}"
        status, answer = recorder.ask(method, path, body)
        assert status < 300, answer
        return answer

    def jobs(status: str) -> None:
        for _ in range(1000):  # as an impatient user would: nothing else tells
            if ask("GET", "/jobs")["jobs"][0]["status"] == status:
                return
        raise AssertionError(f"the job has never been {status}")

    recorder.mark("Upgrade the device")
    ask("POST", "/app", {"upgradePath": {"<2.0.1": FIRST}})
    recorder.wait_for(r"cloud +GET /v1/fota-jobs/")
    tell(cloud, do="report", device=device, status="SUCCEEDED")
    recorder.mark("The device is upgraded")
    jobs("SUCCEEDED")
    recorder.mark("Schedule another upgrade")
    job = ask("POST", "/app", {"upgradePath": {">=0.0.0": SECOND}})
    recorder.wait_for(r"cloud +POST /v1/fota-jobs ")
    recorder.wait_for(r"cloud +GET /v1/fota-jobs/")
    recorder.mark("Abort it")
    ask("DELETE", f"/job/{job['id']}")
    jobs("FAILED")
    recorder.wait_for(r"cloud +PUT /v1/fota-jobs/")


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_an_upgrade_and_an_abort_become_scenarios_that_pass(tmp_path: Path, twice: bool) -> None:
    made = project(tmp_path)
    (tmp_path / "cloud.json").write_text(json.dumps({"twins": {"nrfcloud": BUNDLES}}))
    with running("--twin", "nrfcloud", "--seed", str(tmp_path / "cloud.json")) as cloud:
        arguments = ["--upstream", cloud.url, "--device", "PCA20065", "--out", OUT]
        arguments += ["--twice"] if twice else []
        with recording(tmp_path, *arguments) as recorder:
            drive(recorder, cloud)
            recorder.stop()
            if twice:
                recorder.begin()
                drive(recorder, cloud)
                recorder.stop()
            assert recorder.end() == 0, recorder.err
    text = (tmp_path / OUT).read_text(encoding="utf-8")
    scenarios = [each.title for each in parse(text, OUT).scenarios]
    assert scenarios == [
        "Upgrade the device",
        "The device is upgraded",
        "Schedule another upgrade",
        "Abort it",
    ]
    for told in (
        '"statusDetail": "No more bundles to apply for 2.0.1. Job completed."',
        '"statusDetail": "The job was cancelled."',
        "POST /v1/fota-jobs HTTP/1.1\n",
        "PUT /v1/fota-jobs/${nrfCloudJobId2}/cancel HTTP/1.1\n",
        "/fota/job/${jobId}?fingerprint=${fingerprint}`\n",
    ):
        assert told in text
    assert recorder.device not in text
    assert made.run("harness.tools.cli", "lint", OUT).out == "1 file: clean\n"
