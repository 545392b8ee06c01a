"""Data in code blocks stands for itself: rendered as a run renders it, it is what it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.markers import with_markers
from harness.core.template import Where, parse_template
from harness.recording.escaping import json_string, plain, whole_json_string

TRAPS = ["${x}", "$${", "<variant.x>", "$number{1}", "#uuid", "##string", "#regex a", "\\${", "\r"]

texts = st.lists(
    st.sampled_from(TRAPS) | st.text(st.characters(exclude_categories=["Cs"])), max_size=4
).map("".join)


def rendered(text: str, where: Where) -> str:
    return parse_template(text, where).render({}, now=0).text


@given(texts)
def test_plain_text_stands_for_itself(text: str) -> None:
    assert rendered(plain(text), Where.TEXT) == text


@given(texts)
def test_a_string_of_json_stands_for_itself(text: str) -> None:
    block = rendered(whole_json_string(text), Where.JSON)
    assert json.loads(block) == text
    assert with_markers(block, json.loads(block)) == text


@given(texts, texts)
def test_the_parts_of_a_string_stand_for_themselves(one: str, other: str) -> None:
    block = f'"{json_string(one, begins=True)}${{x}}{json_string(other)}"'
    filled = parse_template(block, Where.JSON).render({"x": "-"}, now=0).text
    assert with_markers(filled, json.loads(filled)) == f"{one}-{other}"


def test_half_a_character_can_be_written_to_a_file() -> None:
    block = whole_json_string("\ud800")
    assert (block, json.loads(block)) == ('"\\ud800"', "\ud800")
    assert plain("\ud800").isascii()


@pytest.mark.parametrize("text", ["plain", "# heading", "5 $", "a < b"])
def test_what_needs_no_escape_has_none(text: str) -> None:
    assert plain(text) == text
    assert whole_json_string(text) == f'"{text}"'
