"""`nrfcloud-bdd run --record`: what is shown can be pasted, and then the scenario passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import Project, make_project
from tests.recorder.cloud import cloud
from tests.recorder.driving import SETTINGS

IN_WORK = """
    # In work

    ## The bundles are known

    Given I have the fingerprint for a `PCA20065` device in `fingerprint`

    When I `GET`
    `${APIURL}/device/${fingerprint_deviceId}/fota/bundles?fingerprint=${fingerprint}`

    Then `$.bundles[0]` of the last response should match

    ```json
    { "type": "APP", "version": "v2.0.0" }
    ```
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = make_project(tmp_path, {"in-work.feature.md": IN_WORK})
    made.write("nrfcloud-bdd.toml", SETTINGS)
    return made


def run(project: Project, *arguments: str) -> tuple[int, str]:
    """The status, and what is shown when the reports have been written."""
    done = project.run("harness.tools.cli", "run", "--retry-scale", "0.2", "-f", "null", *arguments)
    assert "Traceback" not in done.text
    return done.status, done.text.partition("report.html\n")[2]


@pytest.mark.parametrize("jobs", [(), ("--jobs", "2")])
def test_what_an_upstream_answers_is_shown_and_lets_the_scenario_pass_without_it(
    project: Project, jobs: tuple[str, ...]
) -> None:
    path = project.folder / "features" / "in-work.feature.md"
    with cloud() as upstream:
        upstream.planted["token"] = "s3cr3t-of-nrf-cloud"
        status, shown = run(project, "--record", "--upstream", upstream.url, *jobs)
    assert status == 1
    answers, _, changes = shown.partition("\n\nfeatures/in-work.feature.md:10:1: ")
    assert changes == (
        "this step would hold:\n\n"
        "Then `$.bundles[0]` of the last response should match\n\n"
        '```json\n{ "type": "APP", "version": "v2.0.1" }\n```\n\n'
        "`nrfcloud-bdd approve` changes the files so.\n"
    )
    heading, _, steps = answers.partition("\n\n")
    assert heading.strip().startswith("features/in-work.feature.md:3: no stub answered ")
    assert '"token": "[redacted]"' in steps
    assert "s3cr3t" not in "".join(each.read_text() for each in project.folder.rglob("*.json"))
    project.run("harness.tools.cli", "approve", "--yes")
    text = path.read_text()
    path.write_text(text.replace("When I", f"{steps}\n\nWhen I"))
    assert run(project, "--record") == (0, "There is nothing to complete.\n")


def test_without_an_upstream_the_answers_are_to_be_filled_in(project: Project) -> None:
    status, shown = run(project, "--record")
    assert status == 1
    assert "\n`GET /v1/firmwares?pageLimit=100` request\n" in shown
    assert "HTTP/1.1 200 OK\nContent-Type: application/json\n\n{}\n```" in shown


def test_an_upstream_goes_with_record(project: Project) -> None:
    done = project.run("harness.tools.cli", "run", "--upstream", "http://127.0.0.1:9")
    assert done.status == 2
    assert done.err.endswith("error: --upstream goes with --record\n")
    done = project.run("harness.tools.cli", "run", "--record", "--upstream", "nonsense")
    assert done.status == 2
    assert "is no URL such as https://api.nrfcloud.com" in done.err


def test_an_upstream_that_is_down_is_told(project: Project) -> None:
    status, shown = run(project, "--record", "--upstream", "http://127.0.0.1:1")
    assert status == 1
    assert "no stub answered" in shown
