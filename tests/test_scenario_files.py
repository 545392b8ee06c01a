"""Files that can be read, and those that cannot."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from harness.errors import ScenarioFileError
from harness.scenario_files import MAX_BYTES, load, replace_bytes


def test_a_file_becomes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.feature.md"
    path.write_bytes("\ufeff# Title\r\n\r\n## S\r\n\r\nGiven x\r\n".encode())
    assert load(str(path)).title == "Title"


def large(path: Path) -> None:
    path.touch()
    os.truncate(path, MAX_BYTES + 1)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (str, "cannot be read: No such file or directory"),
        (os.mkdir, "cannot be read: it is no regular file"),
        (os.mkfifo, "cannot be read: it is no regular file"),
        (lambda path: path.symlink_to(path), "cannot be read: Too many levels of symbolic links"),
        (lambda path: path.symlink_to("/dev/zero"), "cannot be read: it is no regular file"),
        (large, "more than 20,000,000 bytes"),
    ],
    ids=["missing", "folder", "pipe", "loop", "device", "large"],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, make: object, said: str) -> None:
    path = tmp_path / "a.feature.md"
    assert callable(make)
    make(path)
    with pytest.raises(ScenarioFileError) as caught:
        load(str(path))
    assert str(caught.value) == f"{path}:1:1: {said}"


def test_a_name_that_cannot_be_one() -> None:
    with pytest.raises(ScenarioFileError, match="null byte"):
        load("a\0b")


def test_a_file_is_replaced_as_a_whole_through_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "a.feature.md", tmp_path / "link.feature.md"
    path.write_bytes(b"old")
    path.chmod(0o604)
    link.symlink_to(path)
    replace_bytes(str(link), b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o604)
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [path, link]


def test_a_file_that_cannot_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.feature.md"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ScenarioFileError, match="cannot be written: No space left on device"):
        replace_bytes(str(path), b"new")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"old"]
