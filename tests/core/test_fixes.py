"""Changes put into a text: only what they name becomes another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.fixes import applied
from harness.errors import Fix


def test_lines_end_as_they_did() -> None:
    text = "one\r\ntwo\nthree\rfour"
    fixes = [Fix(2, 1, 3, "2\n2"), Fix(3, 6, 1, "+"), Fix(4, 5, 0, "!")]
    assert applied(text, fixes) == "one\r\n2\r\n2\nthree+four!"
    assert applied(text, [Fix(1, 3, 3, "")]) == "onwo\nthree\rfour"


@pytest.mark.parametrize(
    "fixes",
    [
        [Fix(3, 1, 0, "")],
        [Fix(0, 1, 0, "")],
        [Fix(1, 0, 0, "")],
        [Fix(1, 5, 0, "")],
        [Fix(2, 1, 4, "")],
        [Fix(1, 1, 2, "x"), Fix(1, 2, 1, "y")],
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(fixes: list[Fix]) -> None:
    with pytest.raises(ValueError, match=r"line|text"):
        applied("one\ntwo", fixes)


@given(st.text("ab\r\n", max_size=12), st.data())
def test_all_else_stays(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    if text[start - 1 : start + 1] == "\r\n":
        start -= 1  # nothing begins within the end of a line
    before = text[:start].replace("\r\n", "\n").replace("\r", "\n")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    rest = text[start:].replace("\r\n", "\n")
    removed = data.draw(st.integers(0, len(rest)))
    new = applied(text, [Fix(line, column, removed, "x")])
    assert new.startswith(text[:start] + "x")
    assert new[start + 1 :].replace("\r\n", "\n") == rest[removed:]
