"""Runs whose mock has an OpenAPI document, by the real command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.mock_nrfcloud.contract.documents import NRFCLOUD
from tests.mock_nrfcloud.standalone import ROOT, running
from tests.project import Done, Project

FEATURE = """\
# Contract

## A job

Given this nRF Cloud API request is queued for a `GET /v1/fota-jobs/bc631093` request

```
HTTP/1.1 200 OK
Content-Type: application/json

{
  "jobId": "bc631093",
  "status": "DONE"
}
```
"""
PROBLEM = "response.body.status: it is not one of ['CREATED', "


def run(folder: Path, settings: str) -> Done:
    project = Project(folder)
    for name in ("behave.ini", "environment.py"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(NRFCLOUD, folder / "api.yaml")
    project.write("features/a.feature.md", FEATURE)
    project.write("nrfcloud-bdd.toml", f"[mock]\n{settings}\n")
    return project.run("harness.tools.cli", "run", "--format", "plain")


def test_a_warning_is_a_note_at_the_end(tmp_path: Path) -> None:
    done = run(tmp_path, 'openapi = "api.yaml"')
    assert done.status == 0, done.text
    note = "Not as the OpenAPI document says:\n  queued GET /v1/fota-jobs/bc631093: "
    assert note + PROBLEM in done.err


@pytest.mark.parametrize("remote", [False, True])
def test_a_strict_mock_refuses_an_answer_and_shows_where(tmp_path: Path, remote: bool) -> None:
    if remote:
        with running("--openapi", str(NRFCLOUD), "--check", "strict") as mock:
            done = run(tmp_path, f'url = "{mock.url}"')
    else:
        done = run(tmp_path, 'openapi = ["api.yaml"]\ncheck = "strict"')
    assert done.status == 1, done.text
    place = "features/a.feature.md:13:13: the answer is not as the OpenAPI document says\n"
    assert place in done.out
    assert PROBLEM in done.out


def test_a_document_that_is_wrong_ends_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, 'openapi = "no.yaml"')
    assert done.status == 2
    assert "no.yaml:1:1: cannot be read: No such file or directory" in done.err
    assert "Traceback" not in done.text


def test_the_features_of_this_project_are_as_the_document_says(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("behave.ini", "environment.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    # The document has what the service asks for, not all that the twin answers.
    behaves = shutil.ignore_patterns("fota-twin-*", "devices-*")
    shutil.copytree(ROOT / "features", tmp_path / "features", ignore=behaves)
    shutil.copy(NRFCLOUD, tmp_path / "api.yaml")
    settings = (ROOT / "nrfcloud-bdd.toml").read_text()
    checked = '[mock]\nopenapi = "api.yaml"\ncheck = "strict"\n'
    (tmp_path / "nrfcloud-bdd.toml").write_text(f"{settings}\n{checked}")
    done = project.run("harness.tools.cli", "run", "--format", "progress")
    assert done.status == 0, done.text
    assert "Not as the OpenAPI document says" not in done.err


def test_the_admin_api_tells_what_is_wrong() -> None:
    mapping = {"request": {"method": "GET", "url": "/v1/jobs"}}
    with running("--openapi", str(NRFCLOUD)) as mock:
        status, made = mock.ask("/__admin/mappings", mapping)
        assert status == 201
        (warning,) = made["warnings"]
        assert warning["path"] == "$.request.urlPath"
        mock.ask("/v1/jobs")
        _, found = mock.ask("/__admin/requests")
        assert found["requests"][0]["problems"] == [warning]
        _, notes = mock.ask("/__admin/notes")
        assert [each.split(":")[0] for each in notes["notes"]] == [
            "queued GET /v1/jobs",
            "GET /v1/jobs",
        ]
    with running("--openapi", str(NRFCLOUD), "--check", "strict") as mock:
        status, problem = mock.ask("/__admin/mappings", mapping)
        assert (status, problem["errors"]) == (422, [warning])
        status, problem = mock.ask("/v1/jobs")
        assert (status, problem["errors"]) == (400, [warning])
        assert problem["type"] == "urn:nrfcloud-bdd:openapi"
