"""GitHub takes paths from the top of the repository, wherever in it a command runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.tools.github import working_folder


@pytest.mark.parametrize(("top", "folder"), [(".", "."), ("..", "acceptance")])
def test_the_working_folder_is_told_from_the_top(
    top: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "acceptance"
    here.mkdir()
    monkeypatch.chdir(here)
    assert working_folder({"GITHUB_WORKSPACE": str((here / top).resolve())}) == folder


def test_without_a_workflow_it_is_the_top_itself() -> None:
    assert working_folder({}) == "."
