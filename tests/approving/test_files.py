"""Proposals in the bytes of a file, and the difference as it is shown."""

from __future__ import annotations

import pytest

from harness.approving.files import approved, changed_step, difference
from harness.errors import Fix, Place, ScenarioFileError

FILE = b"\xef\xbb\xbf# F\r\n\r\n## S\r\n\r\nThen it is `1`\r\n"


def test_all_other_bytes_stay() -> None:
    new = approved(FILE, "f", [Fix(5, 13, 1, "2")])
    assert new == FILE.replace(b"`1`", b"`2`")
    assert [line for line in difference(FILE, new, "f") if line[0] in "+-"][2:] == [
        "-Then it is `1`",
        "+Then it is `2`",
    ]


@pytest.mark.parametrize(
    "fix",
    [Fix(9, 1, 0, "x"), Fix(5, 1, 0, "no step"), Fix(5, 13, 1, "\ud800"), Fix(1, 1, 1, "")],
    ids=str,
)
def test_what_would_break_the_file_is_refused(fix: Fix) -> None:
    with pytest.raises(ScenarioFileError):
        approved(FILE, "f", [fix])


def test_nothing_that_a_terminal_acts_on_is_shown() -> None:
    after = FILE.replace(b"`1`", "`\x1b[2J\u202e`".encode())
    assert "\x1b" not in "".join(difference(FILE, after, "f"))


def test_the_step_as_it_will_be() -> None:
    fixes = [Fix(5, 13, 1, "2")]
    assert changed_step(FILE, Place("f", 5), fixes) == "Then it is `2`"
    block = FILE + b"\r\n```json\r\n1\r\n```\r\n\r\nAnd more\r\n"
    assert changed_step(block, Place("f", 5), fixes) == "Then it is `2`\n\n```json\n1\n```"
