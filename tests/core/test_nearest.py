"""Near misses."""

from __future__ import annotations

from harness.core.nearest import did_you_mean


def test_the_nearest_is_named() -> None:
    assert did_you_mean("onyl", ("never", "only")) == 'did you mean "only"?'


def test_what_is_far_is_not_named() -> None:
    assert did_you_mean("whenever", ("first", "last")) == ""
    assert did_you_mean("", ("first",)) == ""
    assert did_you_mean("a", ()) == ""


def test_long_words_are_no_typing_errors() -> None:
    long = "ab" * 500_000
    assert did_you_mean(long, (long[:-1], "ab")) == ""
