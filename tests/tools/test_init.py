"""A new project: it passes at once, and nothing is overwritten.

From the wheel it does so in tests/test_tutorial.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.tools.init import RENAMED, main, template_files
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
