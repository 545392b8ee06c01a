"""Near misses."""

from __future__ import annotations

from harness.core.nearest import did_you_mean, nearest_phrases


def test_the_nearest_is_named() -> None:
    assert did_you_mean("onyl", ("never", "only")) == 'did you mean "only"?'


def test_what_is_far_is_not_named() -> None:
    assert did_you_mean("whenever", ("first", "last")) == ""
    assert did_you_mean("", ("first",)) == ""
    assert did_you_mean("a", ()) == ""


def test_long_words_are_no_typing_errors() -> None:
    long = "ab" * 500_000
    assert did_you_mean(long, (long[:-1], "ab")) == ""


def test_phrases_are_compared_without_their_parameters() -> None:
    phrases = [
        "I store `{expression}` into `{name}`",
        "I wait for `{n:g}` seconds",
        "it[ all] ends",
    ]
    assert nearest_phrases("I stored `$.very.long` in `x`", phrases)[0] == phrases[0]
    assert nearest_phrases("it all ended", phrases) == [phrases[2]]
    assert nearest_phrases("nothing like that", phrases) == []
