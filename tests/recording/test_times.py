"""Times near that of a recording, as JSONata that gives them again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.template import Where, parse_template
from harness.recording.times import DAY, Clock
from tests.recording.calls import BEGIN

MILLIS = int(BEGIN * 1000)


def clock(*times: object) -> Clock:
    found = Clock(BEGIN, BEGIN + 60)
    found.settle(times)
    return found


def given_by(found: Clock, expression: str, moved: int = 0) -> str:
    """What an expression gives in a run that begins `moved` milliseconds after the recording."""
    template = parse_template(f"${{{expression}}}", Where.TEXT)
    return template.render({"ts": found.anchor + moved}, now=0).text


@pytest.mark.parametrize(
    ("value", "expression"),
    [
        ("2026-11-21T16:00:00.500Z", "$fromMillis(ts)"),
        ("2026-11-21T16:01:00.500Z", "$fromMillis(ts + 60 * 1000)"),
        ("2026-11-21T15:58:00.500Z", "$fromMillis(ts - 2 * 60 * 1000)"),
        ("2026-11-21T18:00:00.500Z", "$fromMillis(ts + 2 * 60 * 60 * 1000)"),
        ("2026-11-21T16:00:05.500Z", "$fromMillis(ts + 5 * 1000)"),
        ("2026-11-21T16:00:00.501Z", "$fromMillis(ts + 1)"),
        (
            "2026-11-21T16:00:05Z",
            "$fromMillis(ts + 4500, '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]Z')",
        ),
        (MILLIS, "ts"),
        (MILLIS + 250, "ts + 250"),
        (MILLIS // 1000 + 7, "$floor((ts + 6500) / 1000)"),
    ],
)
def test_times_count_from_the_anchor(value: str | int, expression: str) -> None:
    found = clock()
    assert found.expression(value) == expression
    assert given_by(found, expression) == str(value)


fractions = st.sampled_from(["", ".123", ".123456", ".123456789"])
zones = st.sampled_from(["Z", "+00:00", "+05:30", "-08:00"])


@given(st.integers(0, 59), fractions, zones)
def test_every_way_to_write_a_time_is_kept(second: int, fraction: str, zone: str) -> None:
    found = clock()
    value = f"2026-11-21T16:00:{second:02}{fraction}{zone}"
    assert given_by(found, found.expression(value)) == value


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(0, 10**9))
def test_distances_between_times_stay(one: int, other: int, moved: int) -> None:
    found = clock()
    values = (MILLIS // 1000 + one, MILLIS // 1000 + other)
    first, second = (int(given_by(found, found.expression(each), moved)) for each in values)
    assert first - second == one - other


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-23T16:00:00.500Z",  # more than a day away
        "2026-11-21",
        "2026-11-21T16:00:00.5Z",
        "2026-11-21T25:00:00.000Z",
        "2026-11-21T16:00:00.500",
        "v2026-11-21T16:00:00.500Z",
        MILLIS + DAY + 60_001,
        MILLIS * 1000,
        42,
        True,
        None,
        10**400,
    ],
)
def test_what_is_no_time_near_the_recording(value: object) -> None:
    assert clock().millis(value) is None


def test_the_first_time_since_the_beginning_is_the_anchor() -> None:
    assert clock().anchor == MILLIS
    assert clock(MILLIS - 1, MILLIS + 70, MILLIS + 30, "x").anchor == MILLIS + 30


def test_distances_for_a_person() -> None:
    found = clock()
    assert found.distance(MILLIS) == "when the flow began"
    assert found.distance(MILLIS + 1500) == "1.500 s after the flow began"
    assert found.distance(MILLIS - 60_000) == "60.000 s before the flow began"
