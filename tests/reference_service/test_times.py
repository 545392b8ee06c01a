"""Moments."""

from __future__ import annotations

import pytest

from reference_service.times import from_seconds, iso, seconds_of


def test_there_and_back() -> None:
    moment = from_seconds(1767225600)
    assert moment is not None
    assert iso(moment) == "2026-01-01T00:00:00.000Z"
    assert seconds_of(iso(moment)) == 1767225600


@pytest.mark.parametrize("seconds", [10**12, 10**30, -(10**12)])
def test_a_moment_that_no_calendar_has(seconds: int) -> None:
    assert from_seconds(seconds) is None


@pytest.mark.parametrize("text", ["", "today", None, 5, "2026-13-01T00:00:00Z"])
def test_what_is_no_moment(text: object) -> None:
    assert seconds_of(text) is None
