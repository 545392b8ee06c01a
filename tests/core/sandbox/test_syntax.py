"""Compiling; what expressions read is tested with harness.core.expressions."""

from __future__ import annotations

import pytest

from harness.core.sandbox.library import JException
from harness.core.sandbox.syntax import Unclosed, parse, read


@pytest.mark.parametrize(
    ("source", "end"), [("a} b", 1), ("{'a': 1}}", 8), ("$match(a, /\\}/)}", 15), ("a / 2 / 1}", 9)]
)
def test_an_expression_within_other_text(source: str, end: int) -> None:
    tree, found = parse(source, until_brace=True)
    assert found == end
    assert parse(source[:end])[0].type == tree.type


def test_without_a_brace_it_is_unclosed() -> None:
    with pytest.raises(Unclosed):
        parse("a", until_brace=True)


@pytest.mark.parametrize("source", ["a b", "a}", "%", "a)"])
def test_wrong_syntax(source: str) -> None:
    with pytest.raises(JException):
        parse(source)


def test_an_error_leaves_nothing_behind_for_the_next() -> None:
    for _ in range(3):
        with pytest.raises(JException):
            parse("a.(%.%.%")
        assert parse("a.b.%.c")[0].steps[2].slot.label == "!0"


def test_variables_are_no_unknown_functions() -> None:
    read(parse("($f := function($g) { $g(1) }; $f($sum))")[0])
    with pytest.raises(JException, match=r"there is no function \$g\(\)"):
        read(parse("($f := function($h) { $g(1) }; $f($sum))")[0])


@pytest.mark.parametrize("behind", ["`", "` and `b", "'", ' "quoted'])
@pytest.mark.parametrize("source", ["1 +}", "}", "f(}"])
def test_a_quote_behind_the_expression_is_not_what_is_wrong(source: str, behind: str) -> None:
    with pytest.raises(JException) as alone:
        parse(source, until_brace=True)
    with pytest.raises(JException) as followed:
        parse(source + behind, until_brace=True)
    assert (str(followed.value), followed.value.location) == (
        str(alone.value),
        alone.value.location,
    )
    assert "}" in str(alone.value)


def test_a_quote_that_does_not_end_within_the_expression() -> None:
    with pytest.raises(JException, match="String literal must be terminated"):
        parse("'a}", until_brace=True)
