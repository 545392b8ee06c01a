"""Files are written as a whole, over nothing, or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.recorder import files


def test_a_new_file_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a.feature.md"
    files.check(file, force=False)
    files.write(file, "# Å\n", force=False)
    assert file.read_text(encoding="utf-8") == "# Å\n"
    assert file.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_there_is_replaced_only_if_forced(tmp_path: Path) -> None:
    file = tmp_path / "a.feature.md"
    file.write_text("mine")
    for attempt in (files.check, lambda file, force: files.write(file, "new", force=force)):
        with pytest.raises(UsageError, match=r"a.feature.md is there already: --force replaces"):
            attempt(file, force=False)
    assert file.read_text() == "mine"
    files.check(file, force=True)
    files.write(file, "new", force=True)
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a.md", r"a\.md is no scenario file: its name ends with \.feature\.md"),
        ("no/a.feature.md", "its folder is not there: make it first"),
    ],
)
def test_what_cannot_be_written_is_told_before(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        files.check(tmp_path / name, force=True)


@pytest.mark.parametrize("force", [True, False])
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, force: bool) -> None:
    file = tmp_path / "a.feature.md"
    file.write_text("mine") if force else None

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        files.write(file, "new", force=force)
    assert [each.read_text() for each in tmp_path.iterdir()] == (["mine"] if force else [])


def test_a_text_that_cannot_go_where_it_should_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = files.rescue("# It\n")
    assert kept.parent == tmp_path
    assert kept.read_text() == "# It\n"
