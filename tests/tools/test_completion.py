"""Completion of the command line, in a real bash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.tools.completion import SHELLS
from tests.in_process import ROOT
from tests.project import Project

BIN = Path(sys.executable).parent


def completed(line: str) -> set[str]:
    """What bash offers for the end of a line."""
    script = f"""
        eval "$(nrfcloud-bdd completion bash)"
        COMP_TYPE=9 COMP_KEY=9 COMP_LINE={line!r}
        COMP_POINT=${{#COMP_LINE}}
        read -ra COMP_WORDS <<< "$COMP_LINE"
        _python_argcomplete nrfcloud-bdd
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return {word.strip() for word in done.stdout.splitlines()} - {""}


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("nrfcloud-bdd p", {"parse"}),
        ("nrfcloud-bdd run --sh", {"--shard", "--show-source", "--show-timings", "--show-skipped"}),
        ("nrfcloud-bdd run --forbid", {"--forbid-only"}),
        ("nrfcloud-bdd steps --format ", {"markdown", "json"}),
        ("nrfcloud-bdd lint --fi", {"--fix"}),
        ("nrfcloud-bdd mock --exh", {"--exhausted"}),
        ("nrfcloud-bdd parse pypro", {"pyproject.toml"}),
        ("nrfcloud-bdd completion z", {"zsh"}),
    ],
)
def test_bash_offers_what_can_follow(line: str, offered: set[str]) -> None:
    assert completed(line) == offered


@pytest.mark.parametrize("shell", SHELLS)
def test_there_is_a_script_for_each_shell(shell: str) -> None:
    done = Project(ROOT).run("harness.tools.cli", "completion", shell)
    assert done.status == 0, done.text
    assert "nrfcloud-bdd" in done.out
