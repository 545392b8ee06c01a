"""Tasks as deep as they like, and a budget that ends."""

from __future__ import annotations

import pytest

from harness.core.bounded import Task, TooMuchError, Work, run


def nested(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels - 1):
        value = [value]
    return value


def deep(value: list[object], work: Work) -> Task[int]:
    work.spend()
    if not value:
        return 1
    (inner,) = value
    assert isinstance(inner, list)
    below: int = yield deep(inner, work)
    return below + 1


def test_a_task_may_go_deeper_than_the_stack() -> None:
    assert run(deep(nested(50_000), Work(50_000))) == 50_000


def test_what_costs_more_than_the_budget_is_given_up() -> None:
    with pytest.raises(TooMuchError, match="gave up after 1,000 comparisons"):
        run(deep(nested(1_001), Work(1_000)))
