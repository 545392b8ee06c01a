"""Commands to twins, and what is told of those that are wrong."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import BddError
from mock_nrfcloud.commands import CommandKind, decoded


class Start(CommandKind, frozen=True):
    """Begin."""


class Count(CommandKind, frozen=True, rename="camel"):
    """Count something."""

    least_of_all: int = 0
    names: tuple[str, ...] = ()
    colour: Literal["red", "green"] | None = None


KINDS: tuple[type[Start | Count], ...] = (Start, Count)


def deep(levels: int) -> list[object]:
    """Lists in lists."""
    outer: list[object] = []
    for _ in range(levels):
        outer = [outer]
    return outer


def test_a_command_is_of_the_kind_that_it_names() -> None:
    assert decoded({"do": "start"}, KINDS) == Start()
    assert decoded({"do": "count", "leastOfAll": 3}, KINDS) == Count(3)


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ({}, "there is no command \"do\": '': there are: start, count"),
        ({"do": "cuont"}, 'there is no command "do": \'cuont\': did you mean "count"?'),
        ({"do": 7}, "there is no command \"do\": '7': there are: start, count"),
        (
            {"do": "count", "leastOfAl": 1},
            'count: Object contains unknown field `leastOfAl`: did you mean "leastOfAll"?',
        ),
        (
            {"do": "count", "colour": "gren"},
            "count: colour: Invalid enum value 'gren': did you mean \"green\"?",
        ),
        (
            {"do": "count", "colour": "blue"},
            "count: colour: Invalid enum value 'blue': there are: green, red",
        ),
        ({"do": "count", "leastOfAll": "1"}, "count: leastOfAll: Expected `int`, got `str`"),
        ({"do": "count", "names": ["a", 1]}, "count: names[1]: Expected `str`, got `int`"),
    ],
)
def test_what_is_wrong_with_a_command_is_told(command: dict[str, object], problem: str) -> None:
    with pytest.raises(BddError) as error:
        decoded(command, KINDS)
    assert str(error.value) == problem


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("a\ud800", "there is half of a character, '\\ud800': write whole characters"),
        (deep(100_000), "it is nested too deeply"),
    ],
    ids=["surrogate", "nested"],
)
def test_what_cannot_be_written_as_json_is_no_command(value: object, problem: str) -> None:
    with pytest.raises(BddError) as error:
        decoded({"do": "count", "names": value}, KINDS)
    assert str(error.value) == problem


@given(
    st.dictionaries(
        st.sampled_from(["do", "leastOfAll", "names", "colour", "other"]),
        st.one_of(
            st.sampled_from(["start", "count"]), st.integers(), st.lists(st.text()), st.none()
        ),
    )
)
def test_any_object_is_a_command_or_a_problem(command: dict[str, object]) -> None:
    with suppress(BddError):
        assert decoded(command, KINDS).__struct_config__.tag == command["do"]
