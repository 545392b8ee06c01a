"""Positions of the protocol, in every encoding."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.lsp.text import UNITS, Text

TEXTS = st.text(st.sampled_from("ab\n\r\u2028\x0c\u00e4\u20ac😀"), max_size=30)
ENCODINGS = st.sampled_from(sorted(UNITS))


@given(TEXTS, ENCODINGS)
def test_a_place_survives_the_way_there_and_back(source: str, encoding: str) -> None:
    text = Text(source, encoding)
    assert text.lines == re.split(r"\r\n|\r|\n", source)
    for number, line in enumerate(text.lines, 1):
        for column in range(1, len(line) + 2):
            assert text.place(*text.position(number, column)) == (number, column)


@given(TEXTS, ENCODINGS, st.text("x\n", max_size=4), st.data())
def test_a_change_replaces_what_stands_between(
    source: str, encoding: str, new: str, data: st.DataObject
) -> None:
    text = Text(source, encoding)
    whole = source.replace("\r\n", "\n\n")  # between CR and LF there is no position
    marks = [n for n in range(len(source) + 1) if source[n - 1 : n + 1] != "\r\n" or n == 0]
    assert len(whole) == len(source)
    begin, end = sorted((data.draw(st.sampled_from(marks)), data.draw(st.sampled_from(marks))))

    def position(offset: int) -> tuple[int, int]:
        lines = re.split(r"\r\n|\r|\n", source[:offset])
        return text.position(len(lines), len(lines[-1]) + 1)

    changed = text.replaced(position(begin), position(end), new)
    assert changed == Text(source[:begin] + new + source[end:], encoding)


@pytest.mark.parametrize("encoding", sorted(UNITS))
def test_what_is_behind_the_end_is_the_end(encoding: str) -> None:
    text = Text("ä\nb", encoding)
    assert text.place(0, 99) == (1, 2)
    assert text.place(99, 0) == (2, 2)
    assert text.replaced((99, 0), (99, 9), "c").source == "ä\nbc"
    assert text.replaced((1, 1), (0, 0), "c").source == "ä\nbc"  # the end before the start
    assert text.position(9, 9) == (8, 0)


def test_half_a_character_is_none() -> None:
    assert Text("😀x", "utf-16").place(0, 1) in ((1, 1), (1, 2))
    assert Text("😀x", "utf-8").place(0, 2) == (1, 1)
