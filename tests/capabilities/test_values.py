from __future__ import annotations

from random import Random

import pytest

from harness.capabilities.values import Values
from harness.core.expressions import MISSING
from harness.core.ids import StoryIds
from harness.errors import StepFailure


def values(**stored: object) -> Values:
    return Values(stored, lambda: 1_694_503_339_523, Random(1), StoryIds())


def test_what_is_stored_is_seen_and_left_to_others() -> None:
    mine = values(configured=1)
    mine.store("own", [2])
    assert mine.stored == {"configured": 1, "own": [2]}
    assert mine.own == {"own": [2]}


def test_a_row_is_laid_over_the_values_and_not_stored() -> None:
    mine = values(a=1, b=2)
    mine.row = {"a": "x", "c": None}
    mine.store_result("[a, b]", "both")
    assert mine.stored["both"] == ["x", 2]
    assert mine.look_up("c", mine.visible) is None
    assert mine.stored["a"] == 1


def test_the_time_is_that_of_now() -> None:
    mine = values()
    mine.store_result("$millis()", "ts")
    assert mine.stored["ts"] == 1_694_503_339_523


def test_nothing_is_not_null() -> None:
    mine = values(a=None)
    assert mine.look_up("a", mine.stored) is None
    assert mine.look_up("b", mine.stored) is MISSING
    mine.store_result("a", "copy")
    with pytest.raises(StepFailure, match=r"`b` has no value\nStored are: a, copy\."):
        mine.store_result("b", "other")


@pytest.mark.parametrize("name", ["", "a b", "a-b", "1a", "a.b", "null", "true", "false", "a\n"])
def test_a_name_that_no_placeholder_could_write(name: str) -> None:
    with pytest.raises(StepFailure, match="cannot name a value") as caught:
        values().store(name, 1)
    assert caught.value.final


def test_random_values_differ() -> None:
    mine = values()
    seen = set()
    for _ in range(100):
        mine.store_random("UUIDv4", "id")
        seen.add(mine.stored["id"])
        mine.store_random_number(2, 4, "n")
        assert mine.stored["n"] in (2, 3, 4)
    assert len(seen) == 100


def test_a_check_shows_what_differs_and_the_value() -> None:
    mine = values(job={"status": "QUEUED"})
    mine.check("job", {"status": "QUEUED"}, exact=True)
    with pytest.raises(StepFailure) as caught:
        mine.check("job", {"status": "FAILED"}, exact=False)
    assert str(caught.value).split("\n") == [
        "`job` does not match what is expected",
        '  status: expected "FAILED", got "QUEUED"',
        '  it is: {"status": "QUEUED"}',
    ]
    assert not caught.value.final


def test_a_large_value_is_shown_cut() -> None:
    with pytest.raises(StepFailure) as caught:
        values(many=list(range(10_000))).check("many", {}, exact=True)
    assert len(str(caught.value)) < 1000
