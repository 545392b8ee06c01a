"""What things cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.sandbox.purse import Exceeded, Limits, Purse


def cost(work: Callable[[Purse], None]) -> int:
    purse = Purse(Limits(steps=1_000_000))
    work(purse)
    return 1_000_000 - purse.steps


def test_lists_and_strings_cost_by_their_length() -> None:
    assert cost(lambda purse: purse.spend_on("a" * 256_000)) == 1000
    assert cost(lambda purse: purse.spend_on([0] * 4000)) == 1001
    assert cost(lambda purse: purse.spend_on([[0] * 4000] * 4)) == 4 * 1001 + 2
    assert cost(lambda purse: purse.spend_on([{"a": [0] * 4000}])) == 1
    assert cost(lambda purse: purse.spend_on(None)) == 0


def test_trees_cost_by_what_they_unfold_to() -> None:
    shared: object = 1
    for _ in range(10):
        shared = [shared, {"a": shared}]
    assert cost(lambda purse: purse.spend_on_tree(shared)) > 2**10
    for _ in range(40):
        shared = [shared, {"a": shared}]
    with pytest.raises(Exceeded, match="more than 1,000,000 steps"):
        cost(lambda purse: purse.spend_on_tree(shared))


def test_long_strings_are_refused() -> None:
    purse = Purse(Limits(size=10))
    purse.allow(10)
    with pytest.raises(Exceeded, match="a string of more than 10 characters"):
        purse.allow(11)
