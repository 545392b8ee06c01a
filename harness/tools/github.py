"""Where a command runs, in a workflow of GitHub."""

from __future__ import annotations

import os
from collections.abc import Mapping


def working_folder(env: Mapping[str, str]) -> str:
    """The working directory from the top of the repository, from where GitHub takes paths."""
    return os.path.relpath(os.curdir, env.get("GITHUB_WORKSPACE") or None)
