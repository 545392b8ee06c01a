"""The example of docs/recording.md is recorded anew, with its own commands, and is as it says.

ACCEPT_EXAMPLE=1 writes the scenario into the page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.mock_nrfcloud.standalone import running
from tests.project import Project
from tests.recorder.driving import recording
from tests.test_docs import ROOT, blocks

PAGE = ROOT / "docs" / "recording.md"
OUT = "features/fota-abort.feature.md"


def alike(text: str) -> str:
    """A scenario without what differs between two recordings: how often and when was asked."""
    text = re.sub(r"\n<!-- Asked for \d+ times [^\n]*-->\n", "", text)
    return re.sub(r"ts(?: [+-] \d+)?\b", "ts", text)


def in_place(page: str, example: str) -> str:
    return re.sub(
        r"(?<=^````markdown\n).*?(?=^````$)", lambda _: example, page, count=1, flags=re.M | re.S
    )


def run(script: str, folder: Path, variables: dict[str, str]) -> None:
    command = ["bash", "-euo", "pipefail", "-c", script]
    env = {**os.environ, **variables}
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, timeout=60)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_example_comes_out_as_it_stands(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    seed, *_ = blocks(PAGE, "json")
    commands, *_ = blocks(PAGE, "console")
    (flags,) = re.findall(r"^\$ nrfcloud-bdd record (.*)$", commands, re.M)
    waits = (r"cloud +GET /v1/fota-jobs/", r"cloud +PUT /v1/fota-jobs/", "They pass.")
    made = Project(tmp_path)
    assert made.run("harness.tools.cli", "init", ".").status == 0
    (tmp_path / "cloud.json").write_text(seed)
    with running("--twin", "nrfcloud", "--seed", str(tmp_path / "cloud.json")) as mock:
        arguments = flags.replace("http://127.0.0.1:8080", mock.url).split()
        with recording(tmp_path, *arguments) as recorder:
            names = {"CLOUD": mock.url, "DRIVER": recorder.where["driver"]}
            names |= {"ID": recorder.device, "FINGERPRINT": recorder.fingerprint}
            for script, told in zip(blocks(PAGE, "sh"), waits, strict=True):
                run(script, tmp_path, names)
                recorder.wait_for(told)
            assert recorder.end() == 0, recorder.err
    example = (tmp_path / OUT).read_text(encoding="utf-8")
    if os.environ.get("ACCEPT_EXAMPLE"):
        PAGE.write_text(in_place(page, example), encoding="utf-8")
    (shown,) = blocks(PAGE, "markdown")
    assert alike(example) == alike(shown)
    said = made.run("harness.tools.cli", "lint", OUT)
    assert said.out == "1 file: clean\n"
