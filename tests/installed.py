"""The package as its users have it: built from this tree and installed into an empty venv.

Nothing is downloaded: pip finds the dependencies of the tests in a folder that has all of their
environment but the project itself, which is an editable install there, and the command that a
dependency would bring.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

OURS = ("nrfcloud_bdd", "_nrfcloud_bdd", "_editable")


def environment(folder: Path) -> Mapping[str, str]:
    """The environment in which `pip install` of this tree works offline; `folder` is made."""
    folder.mkdir()
    for path in Path(pytest.__file__).parent.parent.iterdir():
        if not path.name.startswith((*OURS, "pip")):
            (folder / path.name).symlink_to(path)
    commands = folder / "bin"
    commands.mkdir()
    behave = commands / "behave"
    behave.write_text('#!/bin/sh\nexec python -m behave "$@"\n', encoding="utf-8")
    behave.chmod(0o755)
    return {
        **os.environ,
        "PATH": os.pathsep.join((str(commands), os.environ["PATH"])),
        "PYTHONPATH": str(folder),
        "PIP_NO_INDEX": "1",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say: no isolation
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
