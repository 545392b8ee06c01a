"""What a person reads of an error: the parts that are known, and nothing else."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import (
    BddError,
    Place,
    ScenarioFileError,
    SettingsError,
    StepFailure,
    UsageError,
)

PLACE = Place("a.feature.md", 3, 7)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (BddError("it is wrong"), "it is wrong"),
        (BddError("it is wrong", hint="mend it"), "it is wrong: mend it"),
        (BddError("it is wrong", PLACE), "a.feature.md:3:7: it is wrong"),
        (BddError("it is wrong", PLACE, "mend it"), "a.feature.md:3:7: it is wrong: mend it"),
        (BddError("it is wrong", Place("a", 3)), "a:3:1: it is wrong"),
    ],
)
def test_the_text_has_the_parts_that_are_known(error: BddError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize("kind", [ScenarioFileError, SettingsError, UsageError])
def test_every_mistake_of_a_person_is_caught_as_one_and_keeps_its_facts(
    kind: type[BddError],
) -> None:
    error = kind("it is wrong", PLACE, "mend it")
    assert isinstance(error, BddError)
    for same in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(same) is kind
        assert (same.what, same.place, same.hint) == ("it is wrong", PLACE, "mend it")


def test_a_failed_step_is_an_assertion_but_no_mistake() -> None:
    failure = StepFailure("nothing came", final=True, position=(2, 5))
    assert isinstance(failure, AssertionError)
    assert not isinstance(failure, BddError)
    assert (failure.final, failure.position) == (True, (2, 5))
    assert (StepFailure("x").final, StepFailure("x").position) == (False, None)


lines = st.text(st.characters(exclude_characters="\n"))


@given(lines, st.lists(lines, max_size=4))
def test_a_failure_is_its_summary_with_the_details_below(summary: str, details: list[str]) -> None:
    failure = StepFailure(summary, *details)
    assert str(failure).split("\n") == [summary, *details]
    assert (failure.summary, failure.details) == (summary, tuple(details))
