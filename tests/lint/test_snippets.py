"""The code that an undefined step comes with defines that step."""

from __future__ import annotations

import ast

import pytest
from behave.matchers import RegexMatcher
from hypothesis import given
from hypothesis import strategies as st

from harness.bdd.phrases import PhraseMatcher
from harness.lint.snippets import snippet


def matched(title: str) -> dict[str, str] | None:
    """The arguments of a title, by the definition that its snippet is."""
    lines = snippet(title, has_block=False, has_table=False)
    tree = ast.parse("\n".join(lines))
    function = tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    (call,) = function.decorator_list
    assert isinstance(call, ast.Call)
    phrase = ast.literal_eval(call.args[0])
    matcher = PhraseMatcher if 'use_step_matcher("phrase")' in lines else RegexMatcher
    match = matcher(lambda: None, phrase).match(title)
    if match is None:
        return None
    found = {argument.name: argument.value for argument in match.arguments}
    assert list(found) == [each.arg for each in function.args.args][1:]
    return found


@pytest.mark.parametrize(
    ("title", "arguments"),
    [
        ("it is done", {}),
        ("I do `${it}` to `me`, `you`", {"it": "${it}", "value": "me", "value_2": "you"}),
        ("I [do] it to `x`", {"value": "x"}),
        ('"quoted" \\ and é `x`', {"value": "x"}),
        ("``a`b``", {"value": "a`b"}),
        ("`${class}` and `${context}`", {"value": "${class}", "context_2": "${context}"}),
        ("1 `x`", {"value": "x"}),
    ],
)  # fmt: skip
def test_it_matches_the_step(title: str, arguments: dict[str, str]) -> None:
    assert matched(title) == arguments


@given(
    st.text(st.characters(exclude_characters="`\n\r", exclude_categories=["C", "Z"]), min_size=1)
)
def test_it_matches_any_step(word: str) -> None:
    title = f"a {word} b `c`"
    if "${" not in title:
        assert matched(title) == {"value": "c"}
