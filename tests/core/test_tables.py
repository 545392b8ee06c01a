"""Tables: cells, their columns, and what is no row."""

from __future__ import annotations

import pytest

from harness.core.tables import read_table
from harness.errors import ScenarioFileError


def rows(*lines: str) -> list[tuple[str | None, ...]]:
    table, _ = read_table(lines, 0, 1, "a.feature.md")
    return [table.headings, *(row.cells for row in table.rows)]


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        (("| a | b |", "| - | - |", "| 1 | 2 |"), [("a", "b"), ("1", "2")]),
        (("a|b", "-|-", "1|"), None),
        (("a|b", "-|-", "|2"), None),
        (("a|b", "-|-", "|1|2"), [("a", "b"), ("1", "2")]),
        (("|a|", "|-|", "||"), [("a",), (None,)]),
        (("|a|", "|-|", "|  |"), [("a",), (None,)]),
        (("|a\\|b|", "|-|", "|`\\|`|"), [("a|b",), ("`|`",)]),
        (("| |", "|-|"), [("",)]),
        (("|a|", "|-|", "", "|1|"), [("a",)]),
        (("|a|", "|-|", "> q"), [("a",)]),
        (("|a|", "|-|", "# h"), [("a",)]),
    ],
)
def test_cells(lines: tuple[str, ...], cells: list[tuple[str | None, ...]] | None) -> None:
    if cells is None:
        with pytest.raises(ScenarioFileError):
            rows(*lines)
    else:
        assert rows(*lines) == cells


def test_places() -> None:
    table, below = read_table(["", " | ä |b|", "|-|-|", "  |  1 ||", "", "x"], 1, 2, "a.feature.md")
    assert (table.line, table.column, below) == (2, 2, 4)
    assert (table.rows[0].line, table.rows[0].columns) == (4, (6, 9))


@pytest.mark.parametrize("line", ["|", "x", "    | 1 |", "- 1 | 2", "Then a | b", "<b> |"])
def test_lines_that_would_silently_be_rows(line: str) -> None:
    with pytest.raises(ScenarioFileError) as raised:
        rows("| a | b |", "| - | - |", line)
    assert raised.value.place is not None
    assert raised.value.place.line == 3
