"""docs/behaviours.md: what each behaviour is shown by is there, and each is shown by something."""

from __future__ import annotations

import re
from functools import cache

import pytest

from harness.core.markdown import parse
from tests.in_process import ROOT

PAGE = (ROOT / "docs" / "behaviours.md").read_text()
ROWS = re.findall(r"^\| (?!behaviour \|)(.+) \| (.+) \|$", PAGE, re.MULTILINE)
FILES = dict(re.findall(r"^\[(\S+)\]: \.\./(\S+)$", PAGE, re.MULTILINE))
LINK = re.compile(r"\[([^\]]+)\]\[([^\]]+)\]")
SHOWN = list(dict.fromkeys(link for _, shown in ROWS for link in LINK.findall(shown)))


@cache
def names(path: str) -> frozenset[str]:
    """The scenarios, or the tests, that a file has."""
    text = (ROOT / path).read_text()
    if path.endswith(".py"):
        return frozenset(re.findall(r"^def (test_\w+)", text, re.MULTILINE))
    return frozenset(scenario.title for _, scenario in parse(text, path).walk())


@pytest.mark.parametrize(("name", "file"), SHOWN)
def test_what_shows_a_behaviour_is_there(name: str, file: str) -> None:
    assert name in names(FILES[file])


def test_every_behaviour_is_shown_by_something() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    headings = PAGE.count("| behaviour | shown by |")
    assert FILES.keys() == {file for _, file in SHOWN}
    assert headings == PAGE.count("\n## ") == 5
    assert len(ROWS) == len(lines) - headings
    for behaviour, shown in ROWS:
        assert LINK.sub("", shown).strip(", ") == "", behaviour
