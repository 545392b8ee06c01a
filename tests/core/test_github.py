"""Workflow commands, read back as GitHub's runner reads them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from harness.core.github import command
from harness.core.showing import visible


def read(line: str) -> tuple[str, dict[str, str], str]:
    """The command in a line: its name, its fields, its text."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert found
    fields = dict(part.split("=", 1) for part in found[2].split(","))
    return found[1], {name: unquote(value) for name, value in fields.items()}, unquote(found[3])


def shown(text: str) -> str:
    """What of a text arrives: line breaks do, other control characters as escapes."""
    return "".join(char if char in "\r\n" else visible(char) for char in text)


@given(st.text(), st.text(), st.integers(1))
def test_nothing_in_a_text_or_a_field_is_taken_for_markup(text: str, title: str, line: int) -> None:
    assert read(command("error", {"line": line, "title": title}, text)) == (
        "error",
        {"line": str(line), "title": shown(title)},
        shown(text),
    )


@given(st.text())
def test_a_command_is_one_line(text: str) -> None:
    assert len(command("error", {"title": text}, text).splitlines()) == 1
