"""Budgets against the table of docs/dialect.md, and the loop on a clock that the test owns."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.document import RetryBudget
from harness.core.retry import MAX_RETRIES, Budgets, delays, exponential, retry, stated, tried
from harness.errors import StepFailure


class FakeTime:
    """A clock that only sleeping moves; `lag` is what every try costs."""

    def __init__(self, lag: float = 0.0) -> None:
        self.now = 1000.0
        self.lag = lag
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def failing(time: FakeTime, until: int | None = None) -> Callable[[], str]:
    tries = itertools.count(1)

    def action() -> str:
        time.now += time.lag
        number = next(tries)
        if until is not None and number >= until:
            return "held"
        raise StepFailure(f"not at try {number}", "detail")

    return action


@given(st.integers(0, 60), st.floats(0.1, 100))
def test_exponential_is_the_sum_it_says(n: int, cap: float) -> None:
    assert exponential(n, cap) == pytest.approx(sum(min(2**i, cap) for i in range(n)))


@pytest.mark.parametrize("n", [MAX_RETRIES + 1, 10**400])
def test_exponential_of_a_huge_number_is_bounded(n: int) -> None:
    assert exponential(n, 5) == exponential(MAX_RETRIES, 5)


def test_exponential_of_a_negative_number_is_nothing() -> None:
    assert exponential(-3, 5) == 0


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (Budgets().for_websocket(), 17),
        (Budgets().for_websocket(20), 1 + 2 + 4 + 17 * 5),
        (Budgets().for_websocket(0), 0),
        (Budgets().for_calls(), 45),
        (Budgets().for_repeating(), 17),
        (Budgets().for_rest(), 1 + 2 + 4 + 8),
        (Budgets().for_rest(10), 1 + 2 + 4 + 8 + 6 * 10),
        (Budgets(scale=0.1).for_websocket(), 1.7),
        (Budgets(scale=0.1).for_rest(10), 7.5),
        (Budgets(scale=0.5).for_calls(), 22.5),
        (Budgets(scale=0.1, websocket=3).for_websocket(), 3),
        (Budgets(scale=0.1, websocket=3).for_websocket(20), 3),
        (Budgets(scale=0.1, websocket=3).for_repeating(), 3),
        (Budgets(scale=0.1, calls=0).for_calls(), 0),
        (Budgets(scale=0.1, rest=2).for_rest(10), 2),
    ],
)
def test_budgets(seconds: float, expected: float) -> None:
    assert seconds == pytest.approx(expected)


def test_front_matter_replaces_what_it_names() -> None:
    settings = Budgets(scale=2.0)
    assert settings.overridden(None) == settings
    assert settings.overridden(RetryBudget(websocket=1.5)) == Budgets(2.0, websocket=1.5)
    assert settings.overridden(RetryBudget(scale=0.0, calls=2, rest=3)) == Budgets(
        0.0, calls=2, rest=3
    )


def test_pauses_double_up_to_the_cap() -> None:
    pauses = list(itertools.islice(delays(), 8))
    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    assert next(delays(first=5, cap=1)) == 1


def test_retry_ends_as_soon_as_it_holds() -> None:
    time = FakeTime()
    assert retry(failing(time, until=3), 17, time.clock, time.sleep) == "held"
    assert time.slept == [0.05, 0.1]


def test_retry_tries_a_last_time_when_the_budget_ends() -> None:
    time = FakeTime()
    with pytest.raises(StepFailure) as caught:
        retry(failing(time), 1.0, time.clock, time.sleep)
    assert time.slept == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.25])
    assert str(caught.value) == "not at try 6\ndetail\nTried 6 times in 1.0 s."


def test_without_a_budget_it_is_tried_once() -> None:
    time = FakeTime(lag=0.5)
    with pytest.raises(StepFailure, match=r"not at try 1\ndetail\nTried once in 0\.5 s\."):
        retry(failing(time), 0, time.clock, time.sleep)
    assert time.slept == []


@pytest.mark.parametrize("error", [StepFailure("malformed", final=True), KeyError("bug")])
def test_what_cannot_get_better_is_not_tried_again(error: Exception) -> None:
    time = FakeTime()

    def action() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        retry(action, 17, time.clock, time.sleep)
    assert caught.value is error
    assert time.slept == []
    assert "Tried" not in str(error)


@given(budget=st.floats(0, 100), lag=st.floats(0, 5))
def test_retry_never_outlives_its_budget_by_more_than_one_try(budget: float, lag: float) -> None:
    time = FakeTime(lag)
    with pytest.raises(StepFailure):
        retry(failing(time), budget, time.clock, time.sleep)
    assert budget <= time.now - 1000 + 1e-9
    assert sum(time.slept) <= budget + 1e-9
    assert time.now - 1000 <= budget + lag + 1e-9


def test_tried() -> None:
    assert tried(1, 0.04) == "Tried once in 0.0 s."
    assert tried(12, 17) == "Tried 12 times in 17.0 s."


def test_seconds_that_a_step_says_are_bounded() -> None:
    assert stated(0) == 0
    assert stated(3600.0) == 3600.0
    for seconds in (-0.1, 3600.1, 1e17, float("nan")):
        with pytest.raises(StepFailure, match="nobody waits"):
            stated(seconds)
