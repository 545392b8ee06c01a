"""A tiny project in an empty folder, run by the real command: for tests of what users see."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BEHAVE_INI = """\
[behave]
runner = harness.bdd.runner:MarkdownRunner
paths = features
show_skipped = no
show_source = no
color = off
"""

ENVIRONMENT = "from harness.session import *\n"

STEPS = """\
from pathlib import Path

from behave import step, use_step_matcher

from harness.bdd.phrases import repeatable

use_step_matcher("phrase")


@step("I note `{text}`")
def note(context, text):
    with Path("noted.txt").open("a") as file:
        file.write(text + "\\n")


@step("it fails")
def fails(context):
    raise AssertionError("it was told to")


@step("the third try succeeds")
@repeatable
def third(context):
    context.feature.tries = getattr(context.feature, "tries", 0) + 1
    assert context.feature.tries >= 3, f"this is try {context.feature.tries}"
"""


# As on a plain terminal: these tests may run in a workflow themselves.
USUAL = {"NO_COLOR": "1", "COLUMNS": "100", "GITHUB_ACTIONS": "", "GITHUB_STEP_SUMMARY": ""}


@dataclass(frozen=True)
class Done:
    """How the command ended. `noted` is what the step "I note" wrote, a line a call."""

    status: int
    out: str
    err: str
    noted: list[str]

    @property
    def text(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class Project:
    folder: Path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def behave(self, *arguments: str, env: Mapping[str, str] | None = None) -> Done:
        return self.run("behave", *arguments, env=env)

    def run(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Done:
        noted = self.folder / "noted.txt"
        noted.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env={**os.environ, **USUAL, **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        lines = noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []
        return Done(done.returncode, done.stdout, done.stderr, lines)


def make_project(folder: Path, features: Mapping[str, str]) -> Project:
    """A project with these files under features/ (text is dedented)."""
    project = Project(folder)
    project.write("behave.ini", BEHAVE_INI)
    project.write("environment.py", ENVIRONMENT)
    project.write("steps/own.py", STEPS)
    for name, text in features.items():
        project.write(f"features/{name}", text)
    return project
