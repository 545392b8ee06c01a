from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.bdd.phrases import (
    Mode,
    PhraseMatcher,
    about_the_answer,
    mode_of,
    repeatable,
    waits,
)
from harness.errors import BddError


def found(phrase: str, title: str) -> dict[str, object] | None:
    arguments = PhraseMatcher(lambda: None, phrase).check_match(title)
    return None if arguments is None else {item.name: item.value for item in arguments}


REQUEST = "I `{method}`[ to] `{url}`[ retrying {retries:d} times][ with]"


@pytest.mark.parametrize(
    ("title", "arguments"),
    [
        ("I `GET` `http://x`", {"method": "GET", "url": "http://x"}),
        ("I `POST` to `http://x` with", {"method": "POST", "url": "http://x"}),
        (
            "I `GET` `a b` retrying 10 times",
            {"method": "GET", "url": "a b", "retries": 10},
        ),
        (
            "I `GET` `x` retrying `10` times with",
            {"method": "GET", "url": "x", "retries": 10},
        ),
        ("I `GET` ``a`b``", {"method": "GET", "url": "a`b"}),
        ("I `` `a` `` `x`", {"method": "`a`", "url": "x"}),
        ("I `GET` ` x `", {"method": "GET", "url": "x"}),
        ("I `GET` to to `x`", None),
        ("I `GET` `x` retrying ten times", None),
        ("I `GET` `x` and more", None),
        ("I `GET` ``", None),
        ("I GET x", None),
    ],
)
def test_a_title_gives_its_arguments(title: str, arguments: dict[str, object] | None) -> None:
    assert found(REQUEST, title) == arguments


@pytest.mark.parametrize(
    ("title", "value"),
    [("for 3 s", 3.0), ("for `0.5` s", 0.5), ("for -1 s", -1.0), ("for .5 s", None)],
)
def test_numbers_may_stand_in_backticks(title: str, value: float | None) -> None:
    assert found("for {n:g} s", title) == (None if value is None else {"n": value})


def test_words_are_no_numbers() -> None:
    assert found("a {kind} in `{name}`", "a cell ID in `x`") == {"kind": "cell ID", "name": "x"}
    assert found("a {kind} in `{name}`", "a number from 1 in `x`") is None
    assert found("a {kind} in `{name}`", "a number from -1 in `x`") is None


def test_words_have_no_backticks() -> None:
    phrase = "a random {kind} in `{name}`"
    assert found(phrase, "a random map public device id in `x`") == {
        "kind": "map public device id",
        "name": "x",
    }
    assert found(phrase, "a random `UUIDv4` in `x`") is None


@pytest.mark.parametrize(
    ("phrase", "title"),
    [
        ("`{a}` first", "``x`y`` first"),
        ("{a:d} first", "`1` first"),
        ("{a:d} first", "1 first"),
        ("{a} first", "word first"),
        ("[not ]first", "first"),
        ("only this", "only this"),
    ],
)
def test_a_phrase_may_begin_with_anything(phrase: str, title: str) -> None:
    match = PhraseMatcher(lambda: None, phrase).match(title)
    assert match is not None
    assert PhraseMatcher(lambda: None, phrase).match(f"x{title}y") is None


def test_arguments_say_where_they_stand() -> None:
    arguments = PhraseMatcher(lambda: None, "`{a}` and {b:d}").check_match("`xy` and 12")
    assert arguments is not None
    assert [(item.start, item.end, item.original) for item in arguments] == [
        (1, 3, "xy"),
        (9, 11, "12"),
    ]


@pytest.mark.parametrize("phrase", ["`{a}` `{a}`", "{a:z}", "a[ b", "a] b[", "{1a}"])
def test_a_phrase_that_cannot_be_meant_is_refused(phrase: str) -> None:
    with pytest.raises(BddError):
        PhraseMatcher(lambda: None, phrase)


@given(st.text(min_size=1).filter(lambda text: "`" not in text and text.strip(" ") == text))
def test_any_text_without_backticks_is_found_as_it_is(text: str) -> None:
    if "\n" not in text:
        assert found("I store `{x}` here", f"I store `{text}` here") == {"x": text}


@given(st.text("`a ", max_size=30))
def test_matching_never_fails_on_backticks(text: str) -> None:
    found("`{a}` `{b}`", text)


def test_a_definition_says_how_it_may_be_repeated() -> None:
    def step() -> None: ...

    assert mode_of(step) is Mode.ONCE
    assert mode_of(waits(step)) is Mode.WAITS
    assert mode_of(repeatable(step)) is Mode.REPEATABLE
    assert mode_of(about_the_answer(step)) is Mode.ANSWER
