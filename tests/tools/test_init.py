"""A new project: it passes at once, from a clone and from the wheel, and nothing is overwritten."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from harness.tools.init import RENAMED, main, template_files
from tests.in_process import ROOT
from tests.project import Project


def test_a_new_project_passes_under_behave_and_under_pytest(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    assert main([str(folder)]) == 0
    project = Project(folder)
    done = project.behave("-f", "null")
    assert done.status == 0, done.text
    assert "2 scenarios passed, 0 failed, 0 skipped" in done.out
    done = project.run("harness.tools.cli", "run", "-f", "null")
    assert done.status == 0, done.text
    assert (folder / ".gitignore").read_text() == "/reports/\n__pycache__/\n"


def test_what_is_there_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "behave.ini").symlink_to("nowhere")
    assert main([str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert f"{tmp_path / 'README.md'}, {tmp_path / 'behave.ini'}: there already" in told
    assert {path.name for path in tmp_path.iterdir()} == {"README.md", "behave.ini"}
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_folder_with_other_files_is_fine(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("")
    assert main([str(tmp_path)]) == 0
    assert all((tmp_path / RENAMED.get(name, name)).is_file() for name in template_files())


def test_a_file_in_the_way_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main([str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_wheel_has_all_that_a_project_needs(tmp_path: Path) -> None:
    """The wheel alone: its dependencies are those of the tests, its code is not."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=False, system_site_packages=False)
    python = tmp_path / "env" / "bin" / "python"
    packages = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True, capture_output=True)
    # Those of the tests, but for the project itself, which is an editable install there.
    ours = Path(pytest.__file__).parent.parent
    (packages / "dependencies.pth").write_text(
        f"import sys; sys.path.append({str(ours)!r})\n", encoding="utf-8"
    )
    env = {**os.environ, "PYTHONPATH": ""}
    project = tmp_path / "project"
    commands = [["init", str(project)], ["run", "-f", "progress"]]
    (tmp_path / "empty").mkdir()
    for command, folder in zip(commands, (tmp_path / "empty", project), strict=True):
        done = subprocess.run(
            [str(tmp_path / "env" / "bin" / "nrfcloud-bdd"), *command],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "2 scenarios passed, 0 failed" in done.stdout
    shown = subprocess.run(
        [str(python), "-c", "import harness; print(harness.__file__)"],
        cwd=project,
        env=env,
        capture_output=True,
        text=True,
    )
    assert shown.stdout.startswith(str(packages))
