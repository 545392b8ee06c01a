"""Every check has a bad file, and what `lint` says of it is in the golden file beside it.

pytest tests/lint/test_golden.py        with ACCEPT_GOLDEN=1 writes them anew: read the diff
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from harness.lint.problems import CHECKS
from tests.project import Done, Project

BAD = Path(__file__).parent / "bad"
FILES = sorted(path.name.removesuffix(".feature.md") for path in BAD.glob("*.feature.md"))
GOLDEN = sorted(path.stem for path in BAD.glob("*.golden"))
HELPERS = {"needs-back", "stores-a-job", "same-title-again", "stores-elsewhere"}


@lru_cache(maxsize=1)
def human() -> Done:
    return Project(BAD).run("harness.tools.cli", "lint", ".")


def said_of(name: str, out: str) -> str:
    """What is said of one file: its problems with the lines below each."""
    begins = re.compile(r"^([\w-]+)\.feature\.md:", re.M)
    marks = [*begins.finditer(out)]
    ends = [mark.start() for mark in marks[1:]] + [out.rindex("\n", 0, -1) + 1]
    return "".join(
        out[mark.start() : end] for mark, end in zip(marks, ends, strict=True) if mark[1] == name
    )


def compare(name: str, said: str) -> None:
    golden = BAD / f"{name}.golden"
    if os.environ.get("ACCEPT_GOLDEN"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_gets_its_golden_output(name: str) -> None:
    done = human()
    assert done.status == 1, done.text
    assert done.err == ""
    compare(name, said_of(name, done.out))


def test_every_golden_file_has_a_bad_one() -> None:
    assert set(GOLDEN) - {"forbidden-only-strict"} == set(FILES)


def test_every_check_has_a_bad_file_of_its_name() -> None:
    assert set(FILES) - HELPERS == set(CHECKS) - {"step-file"}  # which has a project of its own
    for name in set(FILES) - HELPERS - {"forbidden-only"}:
        assert f"[{name}]" in (BAD / f"{name}.golden").read_text(encoding="utf-8")


def test_only_can_be_forbidden() -> None:
    file = "forbidden-only.feature.md"
    done = Project(BAD).run("harness.tools.cli", "lint", "--forbid-only", file)
    assert done.status == 1
    compare("forbidden-only-strict", done.out)


def test_json_and_github_say_the_same() -> None:
    counts = Counter(re.findall(r"^[\w-]+\.feature\.md:.*\[([\w-]+)\]$", human().out, re.M))
    document = json.loads(Project(BAD).run("harness.tools.cli", "lint", "--format=json", ".").out)
    assert document["files"] == len(FILES)
    assert Counter(problem["code"] for problem in document["problems"]) == counts
    github = Project(BAD).run("harness.tools.cli", "lint", "--format=github", ".").out
    commands = [
        re.fullmatch(r"::(error|warning) file=[^:]*,title=([\w-]+)::.*", line)
        for line in github.splitlines()
    ]
    assert Counter(command[2] for command in commands if command) == counts
    assert all(commands)
