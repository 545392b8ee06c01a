"""The acceptance suite against a mock in another process: steps do not know the difference."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.mock_nrfcloud.standalone import ROOT, running
from tests.project import Project

TOKEN = "a-token-for-the-admin"


def test_the_whole_suite_runs_against_a_remote_mock(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("behave.ini", "environment.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "features", tmp_path / "features")
    settings = (ROOT / "nrfcloud-bdd.toml").read_text()
    with running(env={"MOCK_ADMIN_TOKEN": TOKEN}) as mock:
        remote = f'[mock]\nurl = "{mock.url}"\nadmin_token_env = "STAGING_TOKEN"\n'
        (tmp_path / "nrfcloud-bdd.toml").write_text(f"{settings}\n{remote}")
        done = project.run(
            "harness.tools.cli", "run", "--format", "progress", env={"STAGING_TOKEN": TOKEN}
        )
        assert done.status == 0, done.text
        assert " 0 failed, 0 skipped" in done.out
        assert TOKEN not in done.text
        # All of it was asked of that mock, and nothing is left there.
        authorization = f"Bearer {TOKEN}"
        _, found = mock.ask("/__admin/namespaces", Authorization=authorization)
        assert found == {"namespaces": []}
        _, requests = mock.ask("/__admin/requests", Authorization=authorization)
        assert requests["meta"]["total"] == 0


def test_a_wrong_token_ends_the_run_with_a_plain_message(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("behave.ini", "environment.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    project.write("features/a.feature.md", "# A\n\n## B\n\nGiven I store `1` into `a`\n")
    with running(env={"MOCK_ADMIN_TOKEN": TOKEN}) as mock:
        project.write("nrfcloud-bdd.toml", f'[mock]\nurl = "{mock.url}"\n')
        done = project.run("harness.tools.cli", "run", env={"MOCK_ADMIN_TOKEN": "another"})
    assert done.status == 2
    assert "the admin token is missing or wrong" in done.err
    assert "Traceback" not in done.text
