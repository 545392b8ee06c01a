"""Texts are filled with samples, and every character of them is found in what is written."""

from __future__ import annotations

import pytest

from harness.core.sampling import Sampled, sample
from harness.core.template import Where, parse_template

SAMPLES = {"id": "bc631093", "n": 12, "job": {"id": "x"}, "variant": {"nw": "ltem"}}


def filled(text: str, where: Where = Where.TITLE) -> Sampled:
    return sample(parse_template(text, where).bind({"nw": "ltem"}), SAMPLES)


@pytest.mark.parametrize(
    ("text", "where", "result"),
    [
        ("plain", Where.TITLE, "plain"),
        ("a ${id} ${job.id} ${variant.nw} <variant.nw>", Where.TITLE, "a bc631093 x ltem ltem"),
        ("a ${nothing} ${n & 1 / 0} ${$sum(id)}", Where.TITLE, "a 0 0 0"),
        ('{ "a": "$number{n}", "b": "$number{id}" }', Where.JSON, '{ "a": 12, "b": 0 }'),
        ('{ "a": "${id}", "b": ${job} }', Where.JSON, '{ "a": "0", "b": {"id":"x"} }'),
    ],
)
def test_what_has_no_sample_is_a_zero(text: str, where: Where, result: str) -> None:
    assert filled(text, where).text == result


def test_characters_are_found_where_they_are_written() -> None:
    text = "a ${id} b ${n}${nothing} c"
    result = filled(text)
    assert result.text == "a bc631093 b 120 c"
    for letter in "abc":
        at = result.text.index(f"{letter} ") if letter == "a" else result.text.rindex(letter)
        assert text[result.origin(at)] == letter
    assert result.origin(result.text.index("631")) == text.index("${id}")
    assert result.origin(len(result.text)) == len(text)


def test_a_guess_is_known_as_one() -> None:
    result = filled("`${id}` `${nothing}`")
    assert result.text == "`bc631093` `0`"
    assert not result.is_guessed(1, 9)
    assert result.is_guessed(12, 13)
